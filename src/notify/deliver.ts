/** A notification did not arrive; `sentence` holds neither address nor secret. */
export class Undelivered extends Error {
  override readonly name = "Undelivered"
  /** Whether another attempt may succeed. */
  readonly again: boolean

  constructor(sentence: string, again: boolean, cause?: unknown) {
    super(sentence, { cause })
    this.again = again
  }
}

/** How long and how often is tried. Milliseconds. */
export type Patience = { readonly attempts: number; readonly firstPause: number; readonly each: number; readonly all: number }

/** Four attempts within twenty seconds. */
export const patient: Patience = { attempts: 4, firstPause: 500, each: 5_000, all: 20_000 }

/** Where a run is stopped it must end within seconds: one attempt. */
export const hurried: Patience = { attempts: 1, firstPause: 0, each: 2_000, all: 2_000 }

const pause = (milliseconds: number, signal: AbortSignal): Promise<void> => new Promise((resolve) => {
  const done = (): void => { clearTimeout(timer); signal.removeEventListener("abort", done); resolve() }
  const timer = setTimeout(done, milliseconds)
  signal.addEventListener("abort", done)
})

/** Tries until it succeeds, a failure says that trying again is vain, or patience ends; each pause is twice the last. @throws Undelivered */
export const deliver = async (attempt: (signal: AbortSignal) => Promise<void>, patience: Patience): Promise<number> => {
  const all = AbortSignal.timeout(patience.all)
  for (let number = 1; ; number++) {
    try {
      await attempt(AbortSignal.any([all, AbortSignal.timeout(patience.each)]))
      return number
    } catch (failure) {
      const undelivered = failure instanceof Undelivered ? failure : new Undelivered("it could not be sent", true, failure)
      if (!undelivered.again || number >= patience.attempts || all.aborted) throw undelivered
    }
    await pause(patience.firstPause * 2 ** (number - 1), all)
    if (all.aborted) throw new Undelivered("nobody answered in time", false)
  }
}

/** Sends over HTTP and reads the answer to its end; redirects are not followed, since the signed body was meant for one place. @throws Undelivered */
export const request = async (url: string, init: { readonly method: string; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }, signal: AbortSignal): Promise<void> => {
  let answer: Response
  try {
    answer = await fetch(url, { ...init, redirect: "manual", signal })
    await answer.arrayBuffer()
  } catch (cause) {
    throw new Undelivered(signal.aborted ? "nobody answered in time" : "nobody answered there", true, cause)
  }
  if (!answer.ok) throw new Undelivered(`the answer was ${answer.status}`, answer.status >= 500 || answer.status === 429 || answer.status === 408)
}
