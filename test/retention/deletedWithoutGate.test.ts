import { describe, expect, it } from "vitest"
import { judged, outcomes } from "./estate.ts"

const uri = "s3://recordings/r1.wav"
const recording = { kind: "recording", id: "r1", contactId: "k1", medium: "audio", startedAt: "2026-03-02T10:00:00Z", uri, deletedAt: "2026-05-01T00:00:00Z" }
const answer = (changes: Readonly<Record<string, unknown>>) => ({ uri, decision: "delete", at: "2026-04-30T12:00:00Z", validUntil: "2026-05-01T00:00:00Z", ...changes })
const early = { uri: "s3://recordings/r0.wav", decision: "keep", at: "2026-04-01T00:00:00Z", validUntil: "2026-04-02T00:00:00Z" }

const reasonOf = async (answers: ReadonlyArray<unknown>, changes: Readonly<Record<string, unknown>> = {}) =>
  outcomes(await judged("retention/deleted-without-gate", { records: [{ ...recording, ...changes }], variables: { gateAnswers: answers } }))[0]?.[2]

describe("retention/deleted-without-gate", () => {
  it("passes what an answer in force allowed", async () => {
    expect(await reasonOf([answer({})])).toBe(null)
    expect(await reasonOf([answer({ at: "2026-05-01T02:00:00+02:00" })])).toBe(null)
    expect(await reasonOf([answer({ versionId: "v1" })], { versionId: "v1" })).toBe(null)
  })

  it.each([
    ["no-answer", [early]],
    ["no-answer", [early, answer({ at: "2026-05-01T00:00:01Z", validUntil: "2026-05-02T00:00:00Z" })]],
    ["no-answer", [early, answer({ uri: "s3://recordings/r2.wav" })]],
    ["not-allowed", [answer({ decision: "keep" })]],
    ["not-allowed", [answer({ at: "2026-04-30T11:00:00Z" }), answer({ decision: "hold" })]],
    ["answer-expired", [answer({ validUntil: "2026-04-30T23:59:59Z" })]],
    ["before-the-gate", [answer({ at: "2026-05-01T00:00:01Z" })]]
  ])("says %s", async (reason, answers) => {
    expect(await reasonOf(answers)).toBe(reason)
  })

  it("asks for the answer about the version that was deleted, and for none where no object is named", async () => {
    expect(await reasonOf([answer({ versionId: "v2" })], { versionId: "v1" })).toBe("no-answer")
    expect(outcomes(await judged("retention/deleted-without-gate", { records: [{ ...recording, uri: undefined }], variables: { gateAnswers: [early] } }))[0]?.[2]).toBe("no-object")
  })
})
