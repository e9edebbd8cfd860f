import { readFileSync } from "node:fs"
import { Undelivered } from "./deliver.ts"

/** Where mail goes. `url`: smtp://host:port (STARTTLS is required where credentials are given) or smtps://. */
export type MailSettings = { readonly url: string; readonly user?: string; readonly password?: string; readonly ca?: string; readonly from: string; readonly to: ReadonlyArray<string> }

/** A message as text. */
export type Mail = { readonly subject: string; readonly lines: ReadonlyArray<string> }

const permanent = (failure: unknown): boolean => {
  const { responseCode, code } = failure as { responseCode?: unknown; code?: unknown }
  return code === "EAUTH" || code === "ETLS" || (typeof responseCode === "number" && responseCode >= 500)
}

/** What went wrong, by the server's code alone: its words may repeat addresses. */
const sentenceOf = (failure: unknown): string => {
  const { responseCode, code } = failure as { responseCode?: unknown; code?: unknown }
  if (code === "EAUTH") return "the mail server refused the credentials"
  if (code === "ETLS") return "the mail server offers no STARTTLS that can be trusted"
  return typeof responseCode === "number" ? `the mail server answered ${responseCode}` : "the mail server did not answer"
}

/** Sends one mail; TLS is always used where the server offers it, and demanded where a password would travel. @throws Undelivered */
export const sendMail = async ({ url, user, password, ca, from, to }: MailSettings, { subject, lines }: Mail, signal: AbortSignal): Promise<void> => {
  const { createTransport } = await import("nodemailer")
  const server = new URL(url)
  const name = user ?? (server.username === "" ? undefined : decodeURIComponent(server.username))
  const pass = password ?? decodeURIComponent(server.password)
  const secure = server.protocol === "smtps:"
  const transport = createTransport({
    host: server.hostname, port: server.port === "" ? (secure ? 465 : 587) : Number(server.port), secure, requireTLS: !secure && name !== undefined,
    connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 5_000, disableFileAccess: true, disableUrlAccess: true,
    ...(name === undefined ? {} : { auth: { user: name, pass } }), ...(ca === undefined ? {} : { tls: { ca: readFileSync(ca) } })
  })
  const stop = (): void => { transport.close() }
  signal.addEventListener("abort", stop)
  try {
    await Promise.race([
      transport.sendMail({ from, to: [...to], subject, text: `${lines.join("\n")}\n` }),
      new Promise<never>((_, reject) => { signal.addEventListener("abort", () => { reject(new Undelivered("the mail server did not answer in time", true)) }) })
    ])
  } catch (failure) {
    throw failure instanceof Undelivered ? failure : new Undelivered(sentenceOf(failure), !permanent(failure), failure)
  } finally {
    signal.removeEventListener("abort", stop)
    transport.close()
  }
}
