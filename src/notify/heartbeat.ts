import { request } from "./deliver.ts"

/** What a heartbeat says: the run began, ended as an audit should (exit 0 or 1), or did not. */
export type Beat = "start" | "success" | "failure"

/** Where each beat goes: the URL itself for success, `/start` and `/fail` below it, as heartbeat monitors expect. */
export const beatUrl = (url: string, beat: Beat): string => {
  const place = new URL(url)
  if (beat !== "success") place.pathname = `${place.pathname.replace(/\/$/, "")}/${beat === "start" ? "start" : "fail"}`
  return place.href
}

/** Sends one beat with the exit code as its body. @throws Undelivered */
export const sendBeat = (url: string, beat: Beat, exitCode: number | undefined, signal: AbortSignal): Promise<void> =>
  request(beatUrl(url, beat), { method: "POST", headers: { "content-type": "text/plain", "user-agent": "earshot" }, body: exitCode === undefined ? "" : `exit ${exitCode}` }, signal)
