import type { RunObserver } from "../run/settings.ts"

/** The log as pino NDJSON: to a file, or to stderr with --verbose, else nowhere. Fields are counts and codes only. */
export const logTo = async (file: string | undefined, verbose: boolean): Promise<RunObserver["log"]> => {
  if (file === undefined && !verbose) return () => undefined
  const { pino } = await import("pino")
  const logger = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ dest: file ?? 2, sync: true, mkdir: true }))
  return (message, fields = {}) => { logger.info(fields, message) }
}
