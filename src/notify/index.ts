/**
 * Tells people and machines that a run began or ended: webhook, mail, heartbeat, Prometheus file, OpenTelemetry. Everything told
 * is counts, codes and links; nothing here can fail a run or hold it up for longer than its patience.
 */
import type { Signer } from "../attest/index.ts"
import type { PipelineFile } from "../pipeline/index.ts"
import type { Summary } from "../report/summary.ts"
import { deliver, hurried, patient, type Patience, Undelivered } from "./deliver.ts"
import { sendBeat } from "./heartbeat.ts"
import { sendMail } from "./mail.ts"
import { type Notice, noticeLines } from "./notice.ts"
import { measuresOf, prometheusText, writePrometheus } from "./prometheus.ts"
import { type Environment, secretOf, stated } from "./secrets.ts"
import { exportTelemetry, type Stage, wantsTelemetry } from "./telemetry.ts"
import { postWebhook } from "./webhook.ts"

export { failureNotice, type Notice, noticeLines, noticeOf } from "./notice.ts"
export type { Stage } from "./telemetry.ts"
export type { Environment } from "./secrets.ts"

/** One entry of `notify` in the pipeline file, paths resolved. */
export type Channel = NonNullable<PipelineFile["notify"]>[number]

/** What is told, and what is needed to tell it. */
export type Telling = {
  readonly channels: ReadonlyArray<Channel>
  readonly environment: Environment
  /** The pipeline's own keys, for webhooks that are signed with them. */
  readonly signers: ReadonlyArray<Signer>
  readonly now: () => Date
  /** A run that was stopped must end at once. */
  readonly hurry?: boolean
}

/** What came of one notification; `problem` names neither address nor secret. */
export type Told = { readonly channel: string; readonly problem?: string }

const kindOf = (channel: Channel): "webhook" | "mail" | "heartbeat" | "prometheus" =>
  channel.webhook !== undefined ? "webhook" : channel.smtp !== undefined ? "mail" : channel.heartbeat !== undefined ? "heartbeat" : "prometheus"

const wanted = (channel: Channel, exitCode: number): boolean => channel.on === "failure" ? exitCode >= 2 : channel.on !== "findings" || exitCode >= 1

const linkOf = (channel: Channel, notice: Notice): string | undefined =>
  channel.link === undefined || notice.report === undefined ? undefined : `${channel.link.replace(/\/$/, "")}/${encodeURIComponent(notice.report)}/report.html`

const subjectOf = ({ pipeline, event, exitCode, trustworthy, findings }: Notice): string => {
  const fresh = (findings?.byStatus["new"] ?? 0) + (findings?.byStatus["reopened"] ?? 0) + (findings?.byStatus["lapsed"] ?? 0)
  const what = event === "failed" ? "the run failed" : !trustworthy ? "the audit can't be trusted" : `${fresh} new of ${findings?.total ?? 0} ${findings?.total === 1 ? "finding" : "findings"}`
  return `[Earshot] ${pipeline}: ${what} (exit ${exitCode})`
}

const attempt = async (channel: Channel, notice: Notice, telling: Telling, signal: AbortSignal): Promise<void> => {
  const { environment, now, signers } = telling
  const link = linkOf(channel, notice)
  if (channel.webhook !== undefined) {
    const secret = channel.secret === undefined ? {} : { secret: secretOf(channel.secret, environment) }
    return postWebhook(stated(channel.webhook, environment), JSON.stringify({ ...notice, ...(link === undefined ? {} : { link }) }), now(), { ...secret, signers: channel.sign === true ? signers : [] }, signal)
  }
  if (channel.smtp !== undefined) {
    const password = channel.password === undefined ? {} : { password: secretOf(channel.password, environment) }
    const { user, ca, from = "", to = [] } = channel
    return sendMail({ url: stated(channel.smtp, environment), ...(user === undefined ? {} : { user: stated(user, environment) }), ...password, ...(ca === undefined ? {} : { ca }), from, to }, { subject: subjectOf(notice), lines: noticeLines(notice, link) }, signal)
  }
  return sendBeat(stated(channel.heartbeat ?? "", environment), notice.exitCode <= 1 ? "success" : "failure", notice.exitCode, signal)
}

const told = async (channel: string, telling: () => Promise<unknown>): Promise<Told> => {
  try {
    await telling()
    return { channel }
  } catch (failure) {
    return { channel, problem: failure instanceof Undelivered ? failure.message : "it could not be sent" }
  }
}

const nameOf = (channel: Channel, index: number): string => `notify.${index} (${kindOf(channel)})`

/** Why a channel could not be used now, without telling anybody anything: variables that are not set, secrets that cannot be read. */
export const lacking = (channels: ReadonlyArray<Channel>, environment: Environment): ReadonlyArray<Told> =>
  channels.map((channel, index) => {
    try {
      for (const place of [channel.webhook, channel.smtp, channel.heartbeat]) if (place !== undefined) stated(place, environment)
      for (const secret of [channel.secret, channel.password]) if (secret !== undefined) secretOf(secret, environment)
      return { channel: nameOf(channel, index) }
    } catch (failure) {
      return { channel: nameOf(channel, index), problem: failure instanceof Undelivered ? failure.message : "it cannot be used" }
    }
  })

/** Tells the heartbeats that a run begins: one short attempt each. */
export const tellStart = (telling: Telling): Promise<ReadonlyArray<Told>> =>
  Promise.all(telling.channels.flatMap((channel, index) => channel.heartbeat === undefined ? [] : [
    told(nameOf(channel, index), () => deliver((signal) => sendBeat(stated(channel.heartbeat ?? "", telling.environment), "start", undefined, signal), hurried))
  ]))

/** Tells everybody that a run ended, side by side, within the time that patience allows; never fails. */
export const tellEnd = async (telling: Telling, notice: Notice, stages: ReadonlyArray<Stage>, summary: Summary | undefined): Promise<ReadonlyArray<Told>> => {
  const patience: Patience = telling.hurry === true ? hurried : patient
  const seconds: Record<string, number> = {}
  for (const { name, from, until } of stages) seconds[name] = (seconds[name] ?? 0) + (until - from) / 1000
  const measures = measuresOf(notice, seconds, summary)
  const telemetry = !wantsTelemetry(telling.environment) ? [] : [told("OpenTelemetry", () =>
    exportTelemetry({ pipeline: notice.pipeline, run: notice.run ?? "", version: summary?.earshot.version ?? "", exitCode: notice.exitCode, stages, measures }, telling.environment, patience.each))]
  return Promise.all([
    ...telling.channels.map((channel, index) => {
      const { prometheus } = channel
      if (prometheus !== undefined) return told(nameOf(channel, index), () => { writePrometheus(prometheus, prometheusText(notice.pipeline, measures)); return Promise.resolve() })
      if (channel.heartbeat === undefined && !wanted(channel, notice.exitCode)) return Promise.resolve({ channel: nameOf(channel, index) })
      return told(nameOf(channel, index), () => deliver((signal) => attempt(channel, notice, telling, signal), patience))
    }),
    ...telemetry
  ])
}
