/** One thing that was examined: `failure` where a run would fail or could not be trusted. */
export type Examination = { readonly subject: string; readonly state: "ok" | "warning" | "failure"; readonly sentence: string }

/** It is as it should be. */
export const ok = (subject: string, sentence: string): Examination => ({ subject, state: "ok", sentence })

/** A run would succeed, but somebody should know. */
export const warning = (subject: string, sentence: string): Examination => ({ subject, state: "warning", sentence })

/** A run would fail. */
export const failure = (subject: string, sentence: string): Examination => ({ subject, state: "failure", sentence })
