/**
 * `node test/bench/access-scale.ts [--accesses 500000] [--threads 2] [--memory 2GB] [--keep DIR]`: that many accesses against a
 * fifth as many contacts, each with one recording, judged by the whole access family. The records are written by DuckDB, since
 * only judging is measured: settling versions, facts, controls. Nine in ten accesses are by the handler, a supervisor or a
 * service, one in ten by assignment, one in a thousand by a stranger. Judged as a run judges, on as many connections as threads.
 * Prints seconds, seconds of CPU (which a busy machine does not stretch), outcomes and peak memory.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { casePacks } from "../../src/controls/case-policy.ts"
import { allFacts, type Fact, inOrder, judgeEstate, readCatalogue } from "../../src/controls/index.ts"
import { createRunTables, createStoredTables, EvidenceStore, loadStaged, settleRecords } from "../../src/evidence/index.ts"
import { loadPolicyTables } from "../../src/policy/index.ts"

const { values } = parseArgs({ options: { accesses: { type: "string", default: "500000" }, threads: { type: "string", default: "2" }, memory: { type: "string", default: "2GB" }, keep: { type: "string" } } })
const accesses = Number(values.accesses)
const contacts = Math.max(100, Math.round(accesses / 5))
const agents = Math.max(24, Math.round(contacts / 400))
const folder = values.keep ?? mkdtempSync(join(tmpdir(), "earshot-access-"))

const say = (line: string): void => { process.stdout.write(`${line}\n`) }
const seconds = (since: bigint): string => `${(Number(process.hrtime.bigint() - since) / 1e9).toFixed(1)} s`

const begins = `TIMESTAMP '2026-05-01 08:00:00' + to_seconds((i * 7919) % 4000000)`
const time = (expression: string): string => `strftime(${expression}, '%Y-%m-%dT%H:%M:%SZ')`
const stamped = `0 AS _o, i AS _l, md5(i::VARCHAR) AS _d`

/** Each kind as one query over `i`; teams are of twelve, the first of a team supervises. */
const queries: Readonly<Record<string, readonly [rows: number, sql: string]>> = {
  contact: [contacts, `'k' || i AS id, 'voice' AS channel, ${time(begins)} AS startedAt, ${time(`${begins} + INTERVAL 5 MINUTE`)} AS endedAt, 'sales' AS queue, 'austin' AS site,
    [{id: 'c' || (i % ${Math.round(contacts / 3)}), role: 'customer'}, {id: 's' || (i % ${agents}), role: 'agent'}] AS parties`],
  recording: [contacts, `'r' || i AS id, 'k' || i AS contactId, 'audio' AS medium, ${time(begins)} AS startedAt, ${time(`${begins} + INTERVAL 5 MINUTE`)} AS endedAt, 's3://rec/' || i AS uri`],
  staff: [agents, `'s' || i AS id, '2020-01-01T00:00:00Z' AS employedFrom, [{alias: 'login:' || i}] AS aliases,
    [{role: CASE WHEN i % 12 = 0 THEN 'supervisor' ELSE 'agent' END, "from": '2020-01-01T00:00:00Z', team: 't' || (i // 12), site: 'austin'}] AS roles,
    [{course: 'privacy', completedAt: '2026-01-01T00:00:00Z', validUntil: '2027-01-01T00:00:00Z'}] AS training`],
  assignment: [Math.round(accesses / 10), `'a' || i AS id, 's' || ((i * 31) % ${agents}) AS staff, 'quality-review' AS reason, '2026-04-01T00:00:00Z' AS "from", '2026-04-01T00:00:00Z' AS createdAt, 'manager' AS assignedBy, ['r' || ((i * 10 + 9) % ${contacts})] AS recordingIds`],
  access: [accesses, `'x' || i AS id, ${time(`TIMESTAMP '2026-05-01 08:00:00' + to_seconds(((i % ${contacts}) * 7919) % 4000000 + 3600 + i % 80000)`)} AS "at",
    {id: CASE WHEN i % 1000 = 999 THEN 'login:' || ((i * 13 + 5) % ${agents}) WHEN i % 10 = 9 THEN 's' || (((i // 10) * 31) % ${agents}) WHEN i % 10 < 6 THEN 'login:' || ((i % ${contacts}) % ${agents})
      WHEN i % 10 < 8 THEN 's' || (((i % ${contacts}) % ${agents}) // 12 * 12) ELSE 'svc:transcriber' END, type: CASE WHEN i % 10 = 8 THEN 'service' ELSE 'user' END} AS actor,
    CASE WHEN i % 10 = 8 THEN 'view' ELSE 'play' END AS action, 'r' || (i % ${contacts}) AS recordingId, 'success' AS outcome, '10.0.' || (i % 200) || '.' || (i % 250) AS ip`]
}

/** A fact that says how long it took to make, where that is more than half a second. */
const timed = (fact: Fact): Fact => ({ ...fact, make: async (store) => {
  const since = process.hrtime.bigint()
  await fact.make(store)
  if (process.hrtime.bigint() - since > 500_000_000n) say(`  fact ${fact.name}: ${seconds(since)}`)
} })

mkdirSync(folder, { recursive: true })
const store = await EvidenceStore.open({ path: join(folder, "evidence.duckdb"), memory: values.memory, threads: Number(values.threads) })
try {
  await createStoredTables(store)
  for (const [kind, [rows, sql]] of Object.entries(queries)) {
    const file = join(folder, `${kind}.ndjson`)
    await store.run(`COPY (SELECT ${stamped}, '${kind}' AS kind, ${sql} FROM range(${rows}) AS r(i)) TO '${file}' (FORMAT json)`)
    await loadStaged(store, kind, [file])
    rmSync(file)
  }
  say(`${accesses} accesses, ${contacts} contacts, ${agents} staff, ${values.threads} threads, ${values.memory}`)
  const all = process.hrtime.bigint()
  const spent = process.cpuUsage()
  await createRunTables(store, "2026-07-15T00:00:00Z", [{ id: "records", provides: ["contact", "recording", "staff", "assignment", "grant", "access"] }], [{ objectNumber: 0, source: "records", uri: "records", read: accesses + 2 * contacts + agents + Math.round(accesses / 10) }])
  await settleRecords(store)
  say(`settled: ${seconds(all)}`)
  const packs = casePacks([{ access: { hours: [{ roles: ["agent", "supervisor"], days: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], from: "00:00", to: "23:59" }] } }])
  await loadPolicyTables(store.connection, packs)
  const controls = await readCatalogue([], (id) => id.startsWith("access/"))
  const facts = inOrder(await allFacts(packs), [...controls.flatMap((control) => control.reads), "explanationShare", "unexplainedList"])
  const lanes = [store, ...await Promise.all(Array.from({ length: Math.min(Number(values.threads), 4) - 1 }, () => store.beside()))]
  const judged = await judgeEstate(lanes, {
    facts: facts.map(timed), controls, kept: ["explanationShare", "unexplainedList"], named: () => false,
    subjectKey: (id) => `hash(${id})`, judgedOne: () => Promise.resolve(), progress: () => undefined
  })
  for (const { control, counts } of judged) say(`  ${control.id}: ${(["pass", "fail", "unverifiable", "notApplicable"] as const).filter((outcome) => counts[outcome] > 0).map((outcome) => `${outcome} ${counts[outcome]}`).join(", ")}`)
  const rows = await store.all("SELECT template, sum(sessions)::DOUBLE AS sessions FROM explanationShare GROUP BY template ORDER BY template")
  say(`explained: ${rows.map((row) => `${String(row["template"])} ${String(row["sessions"])}`).join(", ")}`)
  const { user, system } = process.cpuUsage(spent)
  say(`judged in ${seconds(all)}, ${((user + system) / 1e6).toFixed(1)} s of CPU; peak memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`)
} finally {
  store.close()
  if (values.keep === undefined) rmSync(folder, { recursive: true, force: true })
}
