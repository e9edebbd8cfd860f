/** When a full list was made: its writer says so, or its name does; a file's own times are never trusted. */
import { isInstant } from "../records/index.ts"

const timeInName = /(?<!\d)(?<year>\d{4})-?(?<month>\d\d)-?(?<day>\d\d)(?:[T_ -]?(?<hour>\d\d)[:-]?(?<minute>\d\d)(?:[:-]?(?<second>\d\d))?Z?)?(?!\d)/g

const fromMatch = (match: RegExpMatchArray): string | undefined => {
  const { year = "", month = "", day = "", hour = "00", minute = "00", second = "00" } = match.groups ?? {}
  const instant = `${year}-${month}-${day}T${hour}:${minute}:${second}Z`
  return isInstant(instant) ? instant : undefined
}

/** The last time that a name holds (its file name before its folders), RFC 3339, UTC. A day means its beginning. */
const fromName = (uri: string): string | undefined => {
  for (const part of uri.split("/").reverse()) {
    const times = [...part.matchAll(timeInName)].map((match) => fromMatch(match)).filter((time) => time !== undefined)
    if (times.length > 0) return times.at(-1)
  }
  return undefined
}

/** RFC 3339, UTC; undefined where neither `snapshotAt` metadata nor the name tells it. */
export const snapshotTime = (uri: string, metadata: Readonly<Record<string, string>>): string | undefined => {
  const stated = metadata["snapshotat"] ?? metadata["snapshot-at"]
  if (stated !== undefined && isInstant(stated)) return new Date(stated).toISOString()
  return fromName(uri)
}
