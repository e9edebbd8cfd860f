import { Cron } from "croner"
import type { StatedRun } from "./statement.ts"

/** A run may start this much before its scheduled time, for clocks differ. Milliseconds. */
const earlinessMs = 60_000

/** More missed nights than this are counted no further. */
const nightsMax = 1000

/**
 * Scheduled times (UTC) between a run's start and the next one's at which no run started; the time before the next
 * run's is that run's own. The schedule is the one that the earlier run stated. Without a schedule, or with one that
 * cannot be read, nothing is missed.
 */
export const missedNights = (earlier: StatedRun, nextStartedAt: Date): ReadonlyArray<Date> => {
  if (earlier.schedule === undefined) return []
  let cron: Cron
  try {
    cron = new Cron(earlier.schedule, { timezone: earlier.scheduleTimezone ?? "UTC", paused: true })
  } catch {
    return []
  }
  const times: Array<Date> = []
  const end = nextStartedAt.getTime() + earlinessMs
  for (let at = cron.nextRun(new Date(Date.parse(earlier.startedAt) + earlinessMs)); at !== null && at.getTime() <= end && times.length < nightsMax; at = cron.nextRun(at)) times.push(at)
  // A run that started after the last of these times is that night's, however late.
  return times.slice(0, -1)
}
