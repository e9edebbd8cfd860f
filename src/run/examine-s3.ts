import { isRemote, S3Folder, StoreFailure } from "../sources/index.ts"
import { type Examination, failure, ok, warning } from "./examination.ts"
import type { RunSettings } from "./settings.ts"

/** S3 refuses requests whose clock is off by fifteen minutes. */
const refusedMs = 15 * 60_000

/** More than this makes times of access and freshness doubtful. */
const doubtfulMs = 60_000

/** Compares this machine's clock with the Date that the configured S3 endpoint states; nothing else is asked. */
const examineS3Clock = async (endpoint: string, clock: () => Date, signal: AbortSignal): Promise<ReadonlyArray<Examination>> => {
  try {
    const answer = await fetch(endpoint, { method: "HEAD", redirect: "manual", signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]) })
    await answer.arrayBuffer()
    const stated = Date.parse(answer.headers.get("date") ?? "")
    if (Number.isNaN(stated)) return []
    const off = clock().getTime() - stated
    const told = `The clock is ${Math.abs(Math.round(off / 1000))} s ${off < 0 ? "behind" : "ahead of"} that of S3`
    if (Math.abs(off) > refusedMs) return [failure("clock of S3", `${told}, which refuses requests that are off by 15 minutes; set it.`)]
    return [Math.abs(off) > doubtfulMs ? warning("clock of S3", `${told}; set it, for times of access are compared.`) : ok("clock of S3", `${told}.`)]
  } catch {
    return [warning("clock of S3", "S3 did not state its time; the sources below say whether it answers.")]
  }
}

/** Credentials that end in less than this may end during a run. */
const soonMs = 3600_000

const examineCredentials = async (settings: RunSettings, now: Date): Promise<Examination> => {
  const { S3Client } = await import("@aws-sdk/client-s3")
  const client = new S3Client({ region: settings.s3?.region ?? "us-east-1" })
  try {
    const { expiration } = await client.config.credentials()
    if (expiration === undefined) return ok("credentials", "The SDK's default chain gives credentials that do not expire.")
    const text = `The SDK's default chain gives credentials until ${expiration.toISOString()}`
    if (expiration <= now) return failure("credentials", `${text}, which is past; renew them.`)
    return expiration.getTime() - now.getTime() < soonMs ? warning("credentials", `${text}; a run that lasts longer fails unless they are renewed.`) : ok("credentials", `${text}.`)
  } catch {
    return failure("credentials", "The SDK's default chain gives no credentials; set a profile, a role or AWS_ACCESS_KEY_ID.")
  } finally {
    client.destroy()
  }
}

/** Lists the prefix of reports; that it can be written shows with the first report alone, since nothing is put to try. */
const examineOut = async (settings: RunSettings, signal: AbortSignal): Promise<Examination> => {
  const { out } = settings.report
  const folder = new S3Folder(out, settings.s3 ?? {})
  try {
    await folder.list("chain/", signal)
    return ok("report folder", `${out} can be listed; the least that must be permitted there is in doctor --iam-policy.`)
  } catch (error) {
    return failure("report folder", error instanceof StoreFailure ? error.message : `${out} cannot be listed.`)
  } finally {
    folder.close()
  }
}

/** Credentials, clock and report prefix of a pipeline that uses S3; nothing where it does not. */
export const examineS3 = async (settings: RunSettings, now: Date, signal: AbortSignal): Promise<ReadonlyArray<Examination>> => {
  const remoteOut = isRemote(settings.report.out)
  if (!remoteOut && !settings.sources.some((source) => isRemote(source.uri))) return []
  const endpoint = settings.s3?.endpoint ?? `https://s3.${settings.s3?.region ?? "us-east-1"}.amazonaws.com`
  return [await examineCredentials(settings, now), ...(await examineS3Clock(endpoint, () => now, signal)), ...(remoteOut ? [await examineOut(settings, signal)] : [])]
}
