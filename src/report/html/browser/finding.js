// One finding, opened: sentence, picture, evidence, what was searched, what speaks against it, rule, law, remedy.
import { applyFilters, draw, moveTo, table } from "./table.js"
import { timelinePicture } from "./timeline.js"
import { element, make, number, plain, readable, unpackText } from "./unpack.js"

/** Unpacked pieces of findings; the last few only, since one is all that a reader looks at. */
const pieces = new Map()
const piecesKept = 8

const pieceLines = async (piece) => {
  const known = pieces.get(piece)
  if (known !== undefined) return known
  const lines = (await unpackText(`findings-${piece}`)).split("\n")
  pieces.set(piece, lines)
  if (pieces.size > piecesKept) pieces.delete(pieces.keys().next().value)
  return lines
}

const findingAt = async (at) => {
  const lines = await pieceLines(Math.floor(at / table.index.inPiece))
  return JSON.parse(lines[at % table.index.inPiece])
}

const block = (title, ...content) => make("section", {}, make("h4", {}, title), ...content)

const evidenceLine = (one) => make("li", {}, make("b", {}, `${plain(one.kind)} `), make("code", {}, plain(one.id)),
  make("p", { class: "meta" }, `${plain(one.object)}${one.versionId === undefined ? "" : `, version ${plain(one.versionId)}`}${one.line === undefined ? "" : `, line ${number(one.line)}`}${one.pointer === undefined ? "" : `, ${plain(one.pointer)}`} (source ${plain(one.source)})`))

const searchLine = (one) => make("li", {}, `${number(one.records)} ${plain(one.kind)} ${one.records === 1 ? "record" : "records"} of ${one.sources.length === 0 ? "no source" : plain(one.sources.join(", "))}${one.from === undefined ? "" : `, ${one.from.slice(0, 10)} to ${one.to.slice(0, 10)}`}`,
  one.names === undefined ? "" : make("p", { class: "meta" }, `for ${plain(one.names.join(", "))}`))

const shownValue = (value) => {
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(shownValue).join(", ")
  if (value !== null && typeof value === "object") return Object.entries(value).map(([key, item]) => `${spokenKey(key)} ${shownValue(item)}`).join(", ")
  return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(String(value)) ? readable(value) : plain(value)
}

const spokenKey = (key) => plain(key).replace(/([a-z])([A-Z])/g, (_, left, right) => `${left} ${right.toLowerCase()}`)

const factList = (entries) => make("dl", { class: "facts" }, ...entries.filter(([, value]) => value !== undefined && value !== "").map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value))))

const detailEntries = (details) => Object.entries(details ?? {}).filter(([key]) => key !== "timeline").map(([key, value]) => [spokenKey(key), shownValue(value)])

const ruleText = ({ pack, version, ref }) => [pack === undefined ? "" : `${pack} ${version ?? ""}`.trim(), ref ?? ""].filter((part) => part !== "").map(plain).join(": ")

/** Why a finding is new now, though the act may be old. */
const becauseOf = { record: "from records not read before", lateRecord: "from a record that came late", policy: "because the policy changed", law: "because the law pack changed", program: "because the program or its controls changed", evidenceChanged: "because its evidence changed", expired: "because what excused it has ended" }

/** The row of the law pack as the judgement had it: what kind of rule, and what satisfies it. */
const acceptedBy = (finding, law) => {
  const row = (finding.details?.rows ?? []).find?.((one) => one.jurisdiction === law.jurisdiction && one.version === law.version)
  if (row?.mode === undefined) return ""
  return `. Its rule is ${plain(row.mode)}${(row.forms ?? []).length === 0 ? "" : `, satisfied by ${plain(row.forms.join(", ")).replaceAll("_", " ")}`}${row.versionAssumed === true ? "; this is its first version, stretched back to the time of the act" : ""}`
}

const parts = (finding) => {
  const title = table.index.titles[table.index.controls.indexOf(finding.control)] ?? finding.control
  const lead = finding.kind === "lead"
  const timeline = timelinePicture(finding)
  return [
    make("p", { class: "kind" }, make("span", { class: `badge ${lead ? "lead" : finding.severity}` }, lead ? "lead" : finding.severity), ` ${plain(title)}`),
    make("h3", {}, plain(finding.sentence)),
    ...(lead ? [make("p", { class: "notice" }, "A lead says where to look. It is not an accusation.")] : []),
    ...(timeline === undefined ? [] : [timeline]),
    block("What to do", make("p", {}, plain(finding.remedy)), factList([["Status", `${finding.status}${finding.newBecause === undefined ? "" : `, ${becauseOf[finding.newBecause] ?? spokenKey(finding.newBecause)}`}`], ["Due", readable(finding.due)], ["Owner", finding.owner === undefined ? "" : plain(finding.owner)]])),
    block("Rule and law", factList([["Rule", ruleText(finding.rule)], ...finding.law.map((law) => [`Law of ${plain(law.jurisdiction)}`, `${plain(law.citation)} (version ${plain(law.version)}${law.version === "undated" ? ": the law pack knows no dated change of it" : ""})${acceptedBy(finding, law)}`]), ["See", plain(finding.citations.join("; "))]])),
    block("Evidence", finding.evidence.length === 0 ? make("p", {}, "None: the absence is the finding; see what was searched.") : make("ul", { class: "evidence" }, ...finding.evidence.map(evidenceLine))),
    block("What speaks against it", finding.contrary.length === 0 ? make("p", {}, "Nothing was found.") : make("ul", { class: "evidence" }, ...finding.contrary.map(evidenceLine))),
    ...(finding.searched.length === 0 ? [] : [block("What was searched", make("ul", { class: "evidence" }, ...finding.searched.map(searchLine)))]),
    block("Facts", factList([["Contact", finding.contactId], ["Recording", finding.recordingId], ["Party", finding.party], ["Staff", finding.staff], ...detailEntries(finding.details)].map(([name, value]) => [name, value === undefined ? "" : plain(value)]))),
    make("p", { class: "meta" }, "Link to this finding: ", make("a", { href: `#${finding.id}` }, finding.id), `. Control ${finding.control}, reason ${plain(finding.reason)}.`)
  ]
}

/** Opens a finding by id; `focus` moves the reader there. */
export const openFinding = async (id, focus) => {
  const at = table.index.id.indexOf(id)
  if (at < 0) return false
  table.open = id
  const finding = await findingAt(at)
  if (table.open !== id) return true
  const place = element("finding")
  place.replaceChildren(...parts(finding))
  place.scrollTop = 0
  draw()
  if (focus) {
    place.focus({ preventScroll: true })
    element("findings").scrollIntoView()
  }
  return true
}

/** Opens what the address names, wherever the link stood; shows its row too. */
export const openFromAddress = async () => {
  const id = decodeURIComponent(location.hash.slice(1))
  if (!id.startsWith("f-") || !(await openFinding(id, true))) return
  const at = table.index.id.indexOf(id)
  if (!table.shown.includes(at)) {
    for (const filter of ["filter-text", "filter-severity", "filter-control", "filter-status", "filter-owner"]) element(filter).value = ""
    applyFilters()
  }
  moveTo(table.shown.indexOf(at))
}
