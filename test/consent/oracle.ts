/** A slow, obvious reading of the consent controls: time is walked second by second, every rule is a sentence of the contract. */
import { opens, type Row, rowOf, takes, unknownPlace } from "./law.ts"
import type { Contact, Party, Recording, Story } from "./world.ts"

/** What a control should say of a unit. */
export type Verdict = { readonly recordingId: string; readonly party: string; readonly unit?: string; readonly outcome: string; readonly reason: string | null }

const grace = 2
const opening = 15
const stopWithin = 30
const horizon = 200

const second = (time: string): number => (Date.parse(time) - Date.parse("2026-03-02T10:00:00Z")) / 1000
const sites: Readonly<Record<string, string>> = { austin: "US-TX", cork: "IE", munich: "DE" }
const rosterSite: Readonly<Record<string, string>> = { "agent-1": "austin", "agent-2": "munich" }
const isOutsider = (party: Party): boolean => party.role === "customer" || party.role === "thirdParty"
const express = new Set(["verbal", "keypad", "electronic", "written"])

const isThere = (contact: Contact, party: Party, at: number): boolean => {
  const end = contact.endedAt === undefined ? Infinity : second(contact.endedAt)
  const spans = party.presence ?? [{ from: party.joinedAt ?? contact.startedAt, ...(party.leftAt === undefined ? {} : { until: party.leftAt }) }]
  return spans.some(({ from, until }) => second(from) <= at && at < (until !== undefined ? second(until) : party.leftAt !== undefined ? second(party.leftAt) : end))
}

const isCapturing = (contact: Contact, recording: Recording, at: number): boolean => {
  const end = recording.endedAt ?? contact.endedAt
  return second(recording.startedAt) <= at && (end === undefined || at < second(end))
    && !(recording.pauses ?? []).some((pause) => second(pause.startedAt) <= at && at < second(pause.endedAt))
}

type Run = { readonly from: number; readonly until: number }

/** Runs of consecutive seconds that satisfy a test; a run still going at the horizon has no end. */
const runs = (test: (at: number) => boolean): ReadonlyArray<Run> => {
  const found: Array<Run> = []
  let from: number | undefined
  for (let at = -30; at <= horizon; at++) {
    if (test(at)) from ??= at
    else if (from !== undefined) { found.push({ from, until: at }); from = undefined }
  }
  return from === undefined ? found : [...found, { from, until: Infinity }]
}

type Said = { readonly at: number; readonly says: string; readonly form: string; readonly purposes: ReadonlyArray<string>; readonly bound: string | undefined; readonly channels: ReadonlyArray<string> | undefined; readonly lifted: number; readonly expires: number }
type Item = { readonly form: string; readonly at: number; readonly until: number; readonly purposes: ReadonlyArray<string>; readonly standing: boolean; readonly here: boolean; readonly express: boolean; readonly expires: number; readonly toneToTheEnd: boolean }

/** The names by which a story knows a person: the customer has several, everybody else is who they are called. */
const personOf = (story: Story, name: string): string => {
  const identity = story.identities.find((known) => known["subject"] === name || (known["aliases"] as ReadonlyArray<string>).includes(name))
  return identity === undefined ? name : String(identity["subject"])
}

const saysOf = (story: Story, person: string): ReadonlyArray<Said> => [
  ...story.consents.filter((consent) => personOf(story, consent.subject) === person).map((consent): Said => ({
    at: second(consent.at), says: consent.status, form: consent.form, purposes: consent.purposes, bound: consent.contactId, channels: consent.channels, lifted: Infinity,
    expires: consent.expiresAt === undefined ? Infinity : second(consent.expiresAt)
  })),
  ...story.requests.filter((request) => personOf(story, request.subject) === person && request.outcome !== "refused").map((request): Said => ({
    at: second(request.receivedAt), says: "objected", form: "", purposes: request.purposes ?? ["*"], bound: undefined, channels: undefined, lifted: request.liftedAt === undefined ? Infinity : second(request.liftedAt), expires: Infinity
  })),
  ...story.events.filter((event) => event.type === "objection").filter((event) => {
    const contact = story.contacts.find(({ id }) => id === event.contactId) as Contact
    const named = contact.parties.find(({ id }) => id === event.partyId)
    if (named !== undefined) return isOutsider(named) && personOf(story, named.id) === person
    if (event.partyId !== undefined) return personOf(story, event.partyId) === person
    return contact.parties.some((party) => isOutsider(party) && personOf(story, party.id) === person && isThere(contact, party, second(event.at)))
  }).map((event): Said => ({ at: second(event.at), says: "objected", form: "", purposes: ["recording"], bound: event.contactId, channels: undefined, lifted: Infinity, expires: Infinity }))
]

const speaksOf = (purposes: ReadonlyArray<string>, purpose: string): boolean => purposes.includes(purpose) || purposes.includes("*")
const isExpress = (said: Said): boolean => said.says === "given" && (["electronic", "written"].includes(said.form) || (["verbal", "keypad"].includes(said.form) && said.bound !== undefined))

/** Everything about one person in one recording, and the questions that the controls ask of it. */
class Judge {
  readonly story: Story
  readonly contact: Contact
  readonly recording: Recording
  readonly party: Party
  readonly person: string
  readonly exposures: ReadonlyArray<Run>
  readonly said: ReadonlyArray<Said>
  readonly first: number
  readonly last: number
  readonly joined: number

  constructor(story: Story, contact: Contact, recording: Recording, party: Party) {
    this.story = story
    this.contact = contact
    this.recording = recording
    this.party = party
    this.person = personOf(story, party.id)
    this.exposures = recording.medium === "screen" ? [] : runs((at) => isThere(contact, party, at) && isCapturing(contact, recording, at))
    this.said = saysOf(story, this.person).filter(({ channels }) => channels === undefined || channels.includes(contact.channel))
    this.first = this.exposures[0]?.from ?? 0
    this.last = this.exposures.at(-1)?.until ?? 0
    this.joined = runs((at) => isThere(contact, party, at))[0]?.from ?? 0
  }

  get ambiguous(): boolean {
    return this.party.id.startsWith("tel:") && this.story.identities.length > 1
  }

  /** The latest no to a purpose that is in force at a time. */
  no(purpose: string, at: number): Said | undefined {
    return this.said.filter((no) => no.says !== "given" && speaksOf(no.purposes, purpose) && no.at <= at && at < no.lifted
      && !this.said.some((yes) => isExpress(yes) && speaksOf(yes.purposes, purpose) && no.at < yes.at && yes.at <= at))
      .sort((a, b) => b.at - a.at || (b.says < a.says ? -1 : 1))[0]
  }

  refusedAtAStart(purpose: string): Said | undefined {
    return this.exposures.map(({ from }) => this.no(purpose, from)).find((no) => no !== undefined)
  }

  wholly(item: { readonly at: number; readonly until: number }): boolean {
    if (item.at >= item.until) return isCapturing(this.contact, this.recording, item.at)
    for (let at = item.at; at < item.until; at++) if (!isCapturing(this.contact, this.recording, at)) return false
    return true
  }

  inside(item: Item): boolean {
    return item.here && this.wholly(item)
  }

  /** Notices that the person was present throughout, on any leg. */
  heard(): ReadonlyArray<Item> {
    return this.story.events.filter(({ type }) => type === "notice-played").flatMap((event): ReadonlyArray<Item> => {
      const contact = this.story.contacts.find(({ id }) => id === event.contactId) as Contact
      const at = second(event.at)
      const until = event.until === undefined ? at : second(event.until)
      const told = contact.parties.some((party) => {
        if (!isOutsider(party) || personOf(this.story, party.id) !== this.person) return false
        if (event.partyId !== undefined && event.partyId !== party.id && personOf(this.story, event.partyId) !== this.person) return false
        for (let moment = at; moment < Math.max(until, at + 1); moment++) if (!isThere(contact, party, moment)) return false
        return true
      })
      const purposes = event.noticeVersion === "3" ? ["recording", "quality-assurance", "training"] : ["recording"]
      return told ? [{ form: "announcement", at, until, purposes, standing: false, here: contact.id === this.contact.id, express: false, expires: Infinity, toneToTheEnd: false }] : []
    })
  }

  /** All tones that reached the person as one item; the train that leads to the last exposure's end counts, where there is one. */
  tones(): ReadonlyArray<Item> {
    const tones = this.story.events.filter(({ type }) => type === "tone-played").filter((event) => {
      const contact = this.story.contacts.find(({ id }) => id === event.contactId) as Contact
      const at = second(event.at)
      const end = Math.max(event.until === undefined ? at : second(event.until), at + 15)
      return at <= this.last && contact.parties.some((party) => isOutsider(party) && personOf(this.story, party.id) === this.person
        && (event.partyId === undefined || event.partyId === party.id || personOf(this.story, event.partyId) === this.person)
        && runs((moment) => isThere(contact, party, contact.id === this.contact.id ? moment : moment - 560)).some((run) => {
          const shift = contact.id === this.contact.id ? 0 : 560
          return run.from - shift <= end && at < run.until - shift
        }))
    }).map((event) => ({ at: second(event.at), repeated: (event.intervalSeconds ?? 99) <= 15 && event.until !== undefined, sounded: (event.intervalSeconds ?? 99) <= 15 && event.until !== undefined ? second(event.until) : second(event.at) }))
      .sort((a, b) => a.at - b.at || a.sounded - b.sounded)
    const trains: Array<Array<(typeof tones)[number]>> = []
    for (const tone of tones) {
      const train = trains.at(-1)
      if (train !== undefined && tone.at <= Math.max(...train.map(({ sounded }) => sounded)) + 15) train.push(tone)
      else trains.push([tone])
    }
    const met = trains.find((train) => train.some(({ repeated, sounded }) => (repeated ? sounded : sounded + 15) >= this.last))
    const train = met ?? trains[0]
    return train === undefined ? [] : [{ form: "tone", at: train[0]?.at ?? 0, until: train[0]?.at ?? 0, purposes: ["recording"], standing: false, here: false, express: false, expires: Infinity, toneToTheEnd: met !== undefined }]
  }

  /** Items of evidence for a purpose that were known up to the last exposure's end. */
  known(purpose: string): ReadonlyArray<Item> {
    const given = this.said.filter(({ says }) => says === "given").map((said): Item => ({
      form: said.form, at: said.at, until: said.at, purposes: said.purposes, standing: said.bound === undefined, here: said.bound === this.contact.id, express: isExpress(said), expires: said.expires, toneToTheEnd: false
    }))
    return [...given, ...this.heard(), ...this.tones()].filter((item) => speaksOf(item.purposes, purpose) && item.at <= this.last)
  }

  /** Those that no no ended or overruled. */
  items(purpose: string): ReadonlyArray<Item> {
    return this.known(purpose).filter((item) => !this.said.some((no) => no.says !== "given" && speaksOf(no.purposes, purpose) && (no.at === item.at || (item.at <= no.at && no.at <= this.first))) && (item.express || this.no(purpose, item.at) === undefined))
  }

  stands(item: Item): boolean {
    return !item.standing || ["electronic", "written", "contract"].includes(item.form)
  }

  expired(item: Item): boolean {
    return item.expires <= this.first || (item.standing && second("2024-03-02T10:00:00Z") + this.first > item.at)
  }

  /** In time where a notice or recorded yes suffices: within `opening`, inside, before the person spoke. */
  early(item: Item): boolean {
    const spoke = this.story.transcripts.filter(({ contactId }) => contactId === this.contact.id).flatMap(({ turns }) => turns).some((turn) => {
      const ended = turn.until === undefined ? second(turn.at) : second(turn.until)
      return personOf(this.story, turn.partyId) === this.person && second(turn.at) < item.until && ended >= second(this.recording.startedAt)
        && !(item.form === "verbal" && turn.until !== undefined && ended >= item.at)
    })
    return ["announcement", "verbal"].includes(item.form) && this.inside(item) && item.at <= Math.max(second(this.recording.startedAt), this.joined) + opening && !spoke
  }

  isLate(item: Item, opened: boolean): boolean {
    return item.at > this.first + grace && !(opened && this.early(item))
  }

  /** Rows of the law that govern the recording. */
  rows(): ReadonlyArray<Row> {
    const places = this.contact.parties.filter(({ role }) => role !== "bot").flatMap((party): ReadonlyArray<Row | undefined> => {
      if (!isOutsider(party)) return [rowOf(party.jurisdiction ?? sites[rosterSite[party.id] ?? this.contact.site ?? ""])]
      const row = rowOf(party.jurisdiction)
      const weak = party.jurisdictionSource === "network" || party.jurisdictionSource === "numberPrefix"
      return row === undefined ? [unknownPlace] : weak ? [row, unknownPlace] : [row]
    })
    const rows = [...places, rowOf(this.recording.location ?? sites[this.contact.site ?? ""])].filter((row) => row !== undefined)
    const mode = ["all-party", "lawful-basis", "one-party"].find((rank) => rows.some((row) => row.mode === rank))
    return rows.filter((row) => row.mode === mode)
  }

  defects(item: Item, rows: ReadonlyArray<Row>): ReadonlyArray<number> {
    const outside = item.form === "announcement" && this.stands(item) && !this.inside(item) && rows.some(({ wantsInside }) => wantsInside)
    const accepted = this.stands(item) && rows.every((row) => takes(row, item.form, this.inside(item), item.toneToTheEnd))
    return [...(rows.some((row) => this.isLate(item, opens(row))) ? [4] : []), ...(this.expired(item) ? [5] : []), ...(outside ? [6] : []), ...(!outside && !accepted ? [7] : [])]
  }

  /** Number of the control that decides and its reason; 0 passes, -1 is unverifiable for all. */
  seven(): readonly [number, string | null] {
    if (this.ambiguous) return [-1, "ambiguous-person"]
    const no = this.refusedAtAStart("recording")
    if (no !== undefined) return [1, no.says]
    const text = this.recording.medium === "text"
    if (text && this.contact.channel === "sms") return [0, null]
    const rows: ReadonlyArray<Row> = text ? [{ place: "text", mode: "lawful-basis", forms: [], wantsInside: false }] : this.rows()
    if (rows.every(({ mode }) => mode === "one-party")) {
      const acted = this.contact.parties.length === 1 || this.contact.parties.some((party) => !isOutsider(party))
      return acted ? [0, null] : [3, "no-participant"]
    }
    const judged = this.items("recording").map((item) => this.defects(item, rows))
    if (judged.some((defects) => defects.length === 0)) return [0, null]
    const best = [...judged].sort((a, b) => a.length - b.length || (a[0] ?? 0) - (b[0] ?? 0))[0]
    if (best !== undefined) return [best[0] ?? 0, ["late", "expired", "outside", "form"][(best[0] ?? 4) - 4] ?? ""]
    const others = this.contact.parties.filter((party) => isOutsider(party) && personOf(this.story, party.id) !== this.person)
    const joinedLate = this.joined > second(this.recording.startedAt) && others.some((party) => isThere(this.contact, party, this.joined) && isThere(this.contact, party, this.joined - 1))
    return [joinedLate ? 2 : 3, this.known("recording").length > 0 ? "overruled" : joinedLate ? "joined-uninformed" : "no-evidence"]
  }

  /** The first no inside an exposure after which capturing went on for too long. */
  continued(): string | undefined {
    return this.said.filter((no) => no.says !== "given" && speaksOf(no.purposes, "recording")).sort((a, b) => a.at - b.at)
      .find((no) => this.exposures.some(({ from, until }) => from < no.at && no.at < until && until > no.at + stopWithin
        && no.lifted > no.at + stopWithin
        && !this.said.some((yes) => isExpress(yes) && speaksOf(yes.purposes, "recording") && no.at < yes.at && yes.at <= no.at + stopWithin)))?.says
  }

  /** Why a purpose of the recording is not covered; null where it is. */
  purpose(purpose: string): string | null {
    if (purpose === "recording") return "recording-itself"
    if (this.ambiguous) return "ambiguous-person"
    const level: Readonly<Record<string, string>> = { "quality-assurance": "none", training: "notice", analytics: "notice", "model-training": "express", voiceprint: "express" }
    const asked = level[purpose]
    if (asked === undefined) return "purpose-unnamed"
    if (asked === "none") return null
    const no = this.refusedAtAStart(purpose)
    if (no !== undefined) return no.says
    const judged = this.items(purpose).map((item) => [
      ...(this.isLate(item, asked === "notice") ? ["late"] : []), ...(this.expired(item) ? ["expired"] : []),
      ...(this.stands(item) && (asked === "notice" ? item.form !== "tone" : express.has(item.form)) ? [] : ["weaker-form"])
    ])
    if (judged.some((lacks) => lacks.length === 0)) return null
    const order = ["expired", "late", "weaker-form"]
    return [...judged].sort((a, b) => a.length - b.length || order.indexOf(a[0] ?? "") - order.indexOf(b[0] ?? ""))[0]?.[0] ?? (this.known(purpose).length > 0 ? "overruled" : "not-granted")
  }
}

const seven = ["recorded-after-refusal", "late-joiner-not-informed", "recorded-without-consent", "consent-after-recording-started", "consent-expired", "notice-not-in-recording", "form-not-accepted"]

/** Verdicts of the controls that the oracle reads, by control id. */
export const verdictsOf = (stories: ReadonlyArray<Story>): Readonly<Record<string, ReadonlyArray<Verdict>>> => {
  const verdicts: Record<string, Array<Verdict>> = {}
  const add = (control: string, verdict: Verdict): void => { (verdicts[`consent/${control}`] ??= []).push(verdict) }
  for (const story of stories) {
    for (const recording of story.recordings) {
      const contact = story.contacts.find(({ id }) => id === recording.contactId) as Contact
      for (const party of contact.parties.filter(isOutsider)) {
        const judge = new Judge(story, contact, recording, party)
        if (judge.exposures.length === 0) continue
        const unit = { recordingId: recording.id, party: party.id }
        const [decides, reason] = judge.seven()
        for (const [index, control] of seven.entries()) {
          if (decides === 0) add(control, { ...unit, outcome: "pass", reason: null })
          else if (decides === -1) add(control, { ...unit, outcome: "unverifiable", reason })
          else if (decides === index + 1) add(control, { ...unit, outcome: "fail", reason })
          else add(control, { ...unit, outcome: "notApplicable", reason: `decided-by:consent/${seven[decides - 1] ?? ""}` })
        }
        const continued = judge.ambiguous ? "ambiguous-person" : judge.continued() ?? null
        add("continued-after-withdrawal", { ...unit, outcome: continued === null ? "pass" : continued === "ambiguous-person" ? "unverifiable" : "fail", reason: continued })
        for (const purpose of new Set(recording.purposes ?? [])) {
          const lacks = judge.purpose(purpose)
          const outcome = lacks === null ? "pass" : lacks === "recording-itself" ? "notApplicable" : lacks === "ambiguous-person" || lacks === "purpose-unnamed" ? "unverifiable" : "fail"
          add("purpose-not-covered", { ...unit, unit: `${recording.id}|${party.id}|${purpose}`, outcome, reason: lacks })
        }
      }
    }
  }
  return verdicts
}
