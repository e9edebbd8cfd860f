import { createRunTables, createStoredTables, EvidenceStore, recordColumns, settleRecords, storedKinds } from "../evidence/index.ts"
import { loadPolicyTables, type Pack } from "../policy/index.ts"
import { deliveriesOf, objectsOf, storeDeliveries } from "./case-deliveries.ts"
import { casePacks } from "./case-policy.ts"
import { type CaseResult, judgeMembers } from "./case-results.ts"
import type { CaseEstate } from "./cases.ts"
import { allFacts } from "./derived.ts"
import { inOrder } from "./facts.ts"
import { inLanes } from "./lanes.ts"

/** An estate of more controls than this is worth a second connection. */
const many = 20

/**
 * A store in memory in which estates of cases are judged one after the other: to make a store costs more than to judge a case.
 * It is sealed from the beginning, since the SQL of custom controls runs in it.
 */
export class CaseStore {
  readonly #lanes: readonly [EvidenceStore, EvidenceStore]
  #filled: ReadonlyArray<string> = []
  #variables: ReadonlyArray<string> = []
  #packs: ReadonlyArray<Pack> = []
  #last: Promise<unknown> = Promise.resolve()

  private constructor(lanes: readonly [EvidenceStore, EvidenceStore]) {
    this.#lanes = lanes
  }

  /** Opens a store; fails with EvidenceError. */
  static async open(): Promise<CaseStore> {
    const store = await EvidenceStore.open({ path: ":memory:", threads: 1 })
    try {
      await createStoredTables(store)
      const lanes = [store, await store.beside()] as const
      await store.seal()
      return new CaseStore(lanes)
    } catch (failure) {
      store.close()
      throw failure
    }
  }

  /** Judges an estate once those given before are done. An estate that cannot be judged is a problem of each of its cases. */
  judge(estate: CaseEstate): Promise<ReadonlyArray<CaseResult>> {
    const results = this.#last.then(() => this.#judged(estate)).catch((cause: unknown) => {
      const sentence = cause instanceof Error ? cause.message : String(cause)
      return estate.members.map(({ entry }) => ({ control: entry.control.id, name: entry.name, problems: [sentence], reasons: [] }))
    })
    this.#last = results
    return results
  }

  /** Closes the store; nothing may be judged in it any more. */
  close(): void {
    this.#lanes[0].close()
  }

  async #judged(estate: CaseEstate): Promise<ReadonlyArray<CaseResult>> {
    const controls = new Map(estate.members.map(({ entry }) => [entry.control.id, entry.control]))
    const lanes = controls.size > many ? this.#lanes : this.#lanes.slice(0, 1)
    await this.#fill(estate)
    const packs = await this.#loadPacks(estate.policies)
    const judged = new Map<string, ReadonlyArray<CaseResult>>()
    const facts = inOrder(await allFacts(packs), [...controls.values()].flatMap((control) => control.reads))
    await inLanes(lanes, [
      ...facts.map((fact) => ({ name: fact.name, needs: fact.needs, work: fact.make })),
      ...[...controls.values()].map((control) => ({ name: control.id, needs: control.reads, work: async (lane: EvidenceStore) => {
        judged.set(control.id, await judgeMembers(lane, control, estate))
      } }))
    ])
    return [...controls.keys()].flatMap((id) => judged.get(id) ?? [])
  }

  /** Puts the records of an estate in place of those of the one before. */
  async #fill(estate: CaseEstate): Promise<void> {
    const [store] = this.#lanes
    const deliveries = deliveriesOf(estate)
    const objects = objectsOf(deliveries)
    const before = this.#filled
    this.#filled = storedKinds
    if (before.length > 0) await store.run(before.map((kind) => `DELETE FROM "stored_${kind}"`).join("; "))
    await this.#setVariables(estate.variables ?? {})
    await createRunTables(store, estate.asOf, deliveries.map(({ source }) => source), objects)
    this.#filled = await storeDeliveries(store, deliveries, objects)
    await settleRecords(store, this.#filled.filter((kind) => recordColumns.has(kind)))
  }

  async #setVariables(variables: NonNullable<CaseEstate["variables"]>): Promise<void> {
    const before = this.#variables
    this.#variables = Object.keys(variables)
    for (const lane of this.#lanes) {
      for (const name of before) await lane.variable(name, null)
      for (const [name, value] of Object.entries(variables)) await lane.variable(name, JSON.stringify(value))
    }
  }

  /** The packs of an estate; their tables stay where those of the estate before are the same. */
  async #loadPacks(policies: CaseEstate["policies"]): Promise<ReadonlyArray<Pack>> {
    const before = this.#packs
    const packs = casePacks(policies)
    this.#packs = []
    await loadPolicyTables(this.#lanes[0].connection, packs, before)
    this.#packs = packs
    return packs
  }
}

/** Judges estates of cases one after the other. */
export const runEstates = async (estates: ReadonlyArray<CaseEstate>): Promise<ReadonlyArray<CaseResult>> => {
  const store = await CaseStore.open()
  try {
    const results: Array<CaseResult> = []
    for (const estate of estates) results.push(...await store.judge(estate))
    return results
  } finally {
    store.close()
  }
}

/** Judges one estate of cases. */
export const runEstate = (estate: CaseEstate): Promise<ReadonlyArray<CaseResult>> => runEstates([estate])
