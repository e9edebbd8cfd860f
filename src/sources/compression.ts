/** gzip and zstd, told by their first bytes, never by a name. */
import { createGunzip, createZstdDecompress } from "node:zlib"

/** The compressed bytes break off or are broken. */
export class BrokenCompression extends Error {
  override readonly name = "BrokenCompression"
}

const isGzip = (head: Uint8Array): boolean => head[0] === 0x1f && head[1] === 0x8b
const isZstd = (head: Uint8Array): boolean =>
  (head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd)
  || ((head[0] ?? 0) >> 4 === 5 && head[1] === 0x2a && head[2] === 0x4d && head[3] === 0x18)

/** What is fed at once: of a fixed size, so that a broken stream breaks at the same place every time. */
const feedBytes = 128 * 1024

async function* inSlices(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  let pending = first
  for (;;) {
    while (pending.length >= feedBytes) {
      yield pending.subarray(0, feedBytes)
      pending = pending.subarray(feedBytes)
    }
    const next = await rest.next()
    if (next.done === true) break
    pending = pending.length === 0 ? next.value : Buffer.concat([pending, next.value])
  }
  if (pending.length > 0) yield pending
}

async function* inflated(engine: ReturnType<typeof createGunzip>, slices: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let made: Array<Buffer> = []
  engine.on("data", (piece: Buffer) => made.push(piece))
  const failed = new Promise<never>((_, reject) => engine.on("error", () => reject(new BrokenCompression())))
  failed.catch(() => undefined)
  const done = new Promise<void>((resolve) => engine.on("end", () => resolve()))
  const taken = (): Array<Buffer> => {
    const pieces = made
    made = []
    return pieces
  }
  try {
    for await (const slice of slices) {
      await Promise.race([failed, new Promise<void>((resolve) => engine.write(slice, () => resolve()))])
      yield* taken()
    }
    engine.end()
    await Promise.race([failed, done])
    yield* taken()
  } catch (problem) {
    yield* taken()
    throw problem
  } finally {
    engine.destroy()
  }
}

/** The bytes, decompressed where they are compressed. Throws `BrokenCompression` after the last whole bytes. */
export async function* decompressed(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const iterator = bytes[Symbol.asyncIterator]()
  try {
    let head: Buffer = Buffer.alloc(0)
    while (head.length < 4) {
      const next = await iterator.next()
      if (next.done === true) break
      head = head.length === 0 ? next.value : Buffer.concat([head, next.value])
    }
    if (isGzip(head)) yield* inflated(createGunzip({ chunkSize: 256 * 1024 }), inSlices(head, iterator))
    else if (isZstd(head)) yield* inflated(createZstdDecompress({ chunkSize: 256 * 1024 }) as unknown as ReturnType<typeof createGunzip>, inSlices(head, iterator))
    else {
      if (head.length > 0) yield head
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value
    }
  } finally {
    await iterator.return?.()
  }
}
