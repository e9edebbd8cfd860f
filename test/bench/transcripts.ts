/**
 * Speed of the transcript scanner, in MB of text a second on one core: calls of about 6 kB made of the dialogues of
 * STAR's bank, as they are (account numbers, PINs and birthdays in most turns) and with the digits blanked out.
 * `node test/bench/transcripts.ts DIALOGUES_DIRECTORY [--rounds N]`; the median and the best round are printed.
 */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { cpuUsage } from "node:process"
import { scanTranscript } from "../../src/formats/transcript/scan.ts"

type Utterance = { readonly Agent: string; readonly Text?: string }

const callBytes = 6000
const [directory, , rounds = "9"] = process.argv.slice(2)
if (directory === undefined) throw new Error("name the directory that holds the dialogues of STAR")

const utterances = readdirSync(directory).sort().flatMap((file) => (JSON.parse(readFileSync(join(directory, file), "utf8")) as { Events: ReadonlyArray<Utterance> }).Events)
  .filter((event): event is Required<Utterance> => event.Text !== undefined && event.Text !== "" && (event.Agent === "User" || event.Agent === "Wizard"))

const callsOf = (change: (text: string) => string) => {
  const calls: Array<{ language: string; turns: Array<{ partyId: string; at: string; text: string }> }> = []
  let size = callBytes
  for (const { Agent, Text } of utterances) {
    if (size >= callBytes) {
      calls.push({ language: "en", turns: [] })
      size = 0
    }
    calls.at(-1)?.turns.push({ partyId: Agent, at: "2026-06-01T10:00:00Z", text: change(Text) })
    size += Text.length
  }
  return calls
}

for (const [name, change] of [["ordinary talk", (text: string) => text.replaceAll(/\d/g, "x")], ["digit-dense talk", (text: string) => text]] as const) {
  const calls = callsOf(change)
  const bytes = calls.reduce((sum, call) => sum + call.turns.reduce((part, turn) => part + turn.text.length, 0), 0)
  const repeats = Math.ceil(20_000_000 / bytes)
  const speeds = Array.from({ length: Number(rounds) }, () => {
    // CPU time, because other programs share the core.
    const before = cpuUsage()
    for (let repeat = 0; repeat < repeats; repeat++) for (const call of calls) scanTranscript(call)
    const { user, system } = cpuUsage(before)
    return (bytes * repeats) / (user + system)
  }).sort((a, b) => a - b)
  process.stdout.write(`${name}: ${calls.length} calls, ${(bytes / 1e6).toFixed(2)} MB; median ${(speeds[speeds.length >> 1] ?? 0).toFixed(1)} MB/s, best ${(speeds.at(-1) ?? 0).toFixed(1)} MB/s\n`)
}
