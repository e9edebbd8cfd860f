// The picture of one finding: what happened on its contact, on one time axis.
import { make, plain, readable } from "./unpack.js"

const svgNamespace = "http://www.w3.org/2000/svg"

const draws = (tag, attributes, text) => {
  const made = document.createElementNS(svgNamespace, tag)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value))
  if (text !== undefined) made.textContent = plain(text)
  return made
}

const laneOrder = ["party", "recording", "pause", "notice", "consent", "objection", "event", "decision", "access", "hold", "deletion"]
const laneNames = { party: "present", recording: "recording", pause: "pause", notice: "notice", consent: "consent", objection: "objection", event: "event", decision: "decision", access: "access", hold: "hold", deletion: "deletion" }
const picture = { width: 560, left: 138, right: 78, row: 26, top: 30, gutter: 58 }

/** One row a lane and person; what follows in the same row is drawn beside it. */
export const rowsOf = (items) => {
  const rows = new Map()
  for (const item of items) {
    const key = `${item.lane} ${item.who ?? ""} ${item.lane === "party" ? item.label : ""}`
    const row = rows.get(key) ?? { lane: item.lane, who: item.who, label: item.label, items: [] }
    row.items.push(item)
    rows.set(key, row)
  }
  const place = (lane) => (laneOrder.includes(lane) ? laneOrder.indexOf(lane) : laneOrder.length)
  return [...rows.values()].sort((a, b) => place(a.lane) - place(b.lane) || (a.items[0].from < b.items[0].from ? -1 : 1))
}

/** The contact itself is the picture; what lies far before or after it stands at the edges with its date. */
export const windowOf = (items, at) => {
  const core = items.filter((item) => item.lane === "party" || item.lane === "recording")
  const times = (core.length > 0 ? core : items).flatMap((item) => [Date.parse(item.from), ...(item.until === undefined ? [] : [Date.parse(item.until)])])
  const [first, last] = [Math.min(...times), Math.max(...times)]
  const span = Math.max(last - first, 10_000)
  const act = at === undefined ? [] : [Date.parse(at)].filter((time) => time >= first - span && time <= last + span)
  const [low, high] = [Math.min(first, ...act), Math.max(last, ...act)]
  const pad = (high - low || span) * 0.04
  return { low: low - pad, high: high + pad }
}

const scaleOf = ({ low, high }) => {
  const [x0, x1] = [picture.left + picture.gutter, picture.width - picture.right]
  return (time) => (time < low ? picture.left + picture.gutter / 2 : time > high ? picture.width - picture.right / 2 : x0 + ((time - low) / (high - low)) * (x1 - x0))
}

const clock = (time, coarse) => new Date(time).toISOString().slice(11, coarse ? 16 : 19)

const axis = (range, x, height) => {
  const parts = []
  const steps = 3
  for (let step = 0; step <= steps; step++) {
    const time = range.low + ((range.high - range.low) * step) / steps
    parts.push(draws("line", { class: "grid", x1: x(time), x2: x(time), y1: picture.top - 6, y2: height - 6 }))
    parts.push(draws("text", { class: "tick", x: x(time), y: picture.top - 12, "text-anchor": "middle" }, clock(time, range.high - range.low > 6 * 3_600_000)))
  }
  return parts
}

const mark = (item, y, range, x) => {
  const from = Date.parse(item.from)
  const until = item.until === undefined ? undefined : Date.parse(item.until)
  if (until !== undefined && until > range.low && from < range.high) {
    const [a, b] = [x(Math.max(from, range.low)), x(Math.min(until, range.high))]
    return draws("rect", { class: `lane ${laneOrder.includes(item.lane) ? item.lane : "event"}`, x: a, y: y - 7, width: Math.max(4, b - a), height: 14, rx: 3 })
  }
  return draws("circle", { class: `lane ${laneOrder.includes(item.lane) ? item.lane : "event"}`, cx: x(from), cy: y, r: 5 })
}

const short = (text, room) => (text.length > room ? `${text.slice(0, room - 1)}…` : text)

/** Words beside the marks of a row, where they do not run into one another. */
const labels = (row, y, range, x) => {
  const parts = []
  let free = picture.left
  for (const item of row.items) {
    const from = Date.parse(item.from)
    const outside = from < range.low ? (item.until !== undefined && Date.parse(item.until) > range.low ? "since " : "") : ""
    const text = item.lane === "party" || item.lane === "recording" || item.lane === "pause" ? "" : from < range.low || from > range.high ? `${outside}${item.from.slice(0, 10)}` : plain(item.label)
    if (text === "") continue
    const at = x(from)
    const long = text.length * 6.1
    const edge = from < range.low || from > range.high
    const beside = at + 9 + long < picture.width
    const start = edge ? at - long / 2 : beside ? at + 9 : at - 9 - long
    if (start < free && parts.length > 0) continue
    parts.push(edge ? draws("text", { class: "word", x: from < range.low ? picture.left + 2 : picture.width - 2, y: y + 18, "text-anchor": from < range.low ? "start" : "end" }, text) : draws("text", { class: "word", x: start, y: y + 4 }, text))
    free = start + long + 6
  }
  return parts
}

/** Draws the timeline of a finding, or nothing where it has none. */
export const timelinePicture = (finding) => {
  const items = finding.details?.timeline
  if (!Array.isArray(items) || items.length === 0) return undefined
  const rows = rowsOf(items)
  const range = windowOf(items, finding.at)
  const x = scaleOf(range)
  const heights = rows.map((row) => (row.items.some((item) => Date.parse(item.from) < range.low || Date.parse(item.from) > range.high) && row.lane !== "party" && row.lane !== "recording" ? picture.row + 10 : picture.row))
  const height = picture.top + heights.reduce((sum, one) => sum + one, 0) + 8
  const drawing = draws("svg", { class: "timeline", viewBox: `0 0 ${picture.width} ${height}`, role: "img", "aria-label": "Timeline of the contact; the list below says the same in words" })
  drawing.append(...axis(range, x, height))
  if (finding.at !== undefined) {
    const place = x(Date.parse(finding.at))
    drawing.append(draws("line", { class: "act", x1: place, x2: place, y1: picture.top - 6, y2: height - 6 }))
  }
  let y = picture.top
  rows.forEach((row, place) => {
    const middle = y + picture.row / 2
    const name = row.lane === "party" ? row.label : laneNames[row.lane] ?? plain(row.lane)
    drawing.append(draws("text", { class: "name", x: 0, y: middle + 4 }, short(row.who === undefined ? name : `${name} ${short(plain(row.who), 9)}`, 24)))
    for (const item of row.items) {
      const shape = mark(item, middle, range, x)
      shape.append(draws("title", {}, `${item.label}, ${readable(item.from)}${item.until === undefined ? "" : ` to ${readable(item.until)}`}`))
      drawing.append(shape)
    }
    drawing.append(...labels(row, middle, range, x))
    y += heights[place]
  })
  const words = make("details", { class: "in-words" }, make("summary", {}, "The same in words"), make("ol", {}, ...[...items].sort((a, b) => (a.from < b.from ? -1 : 1)).map((item) =>
    make("li", {}, `${readable(item.from)}${item.until === undefined ? "" : ` to ${readable(item.until)}`}: ${plain(item.label)}${item.who === undefined ? "" : `, ${plain(item.who)}`}`))))
  return make("div", {}, drawing, words)
}
