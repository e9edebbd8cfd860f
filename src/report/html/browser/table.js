// The table of findings. Only the rows in view exist, so that 100,000 cost no more than a hundred.
import { element, make, number, unpackText } from "./unpack.js"

const severityNames = ["low", "medium", "high", "critical"]
const rowHeight = 80
const rowsBeyond = 8

export const table = {
  index: undefined,
  /** Lower-case text of every finding, made at the first search. */
  haystack: undefined,
  /** Places in the index of the findings that are shown, in order. */
  shown: [],
  sort: { column: "severity", down: true },
  active: 0,
  /** Id of the finding that is open. */
  open: undefined,
  /** Opens a finding by id; the second argument moves the reader there. */
  onOpen: (_id, _focus) => {}
}

const keyOf = {
  severity: (index) => (at) => index.severity[at] * 2 + (1 - index.lead[at]),
  control: (index) => (at) => index.titles[index.control[at]],
  at: (index) => (at) => index.at[at],
  status: (index) => (at) => index.statuses[index.status[at]],
  due: (index) => (at) => index.due[at] || "~"
}

const sortShown = () => {
  const { index, sort } = table
  const key = keyOf[sort.column](index)
  const keys = new Map()
  for (const at of table.shown) keys.set(at, key(at))
  const way = sort.down ? -1 : 1
  table.shown.sort((a, b) => {
    const [left, right] = [keys.get(a), keys.get(b)]
    return left < right ? -way : left > right ? way : a - b
  })
}

const haystack = () => {
  const { index } = table
  table.haystack ??= index.id.map((id, at) => `${index.sentence[at]} ${index.subjects[at]} ${id} ${index.controls[index.control[at]]} ${index.titles[index.control[at]]}`.toLowerCase())
  return table.haystack
}

export const applyFilters = () => {
  const { index } = table
  const words = element("filter-text").value.toLowerCase().split(/\s+/).filter((word) => word !== "")
  const severity = element("filter-severity").value
  const control = index.controls.indexOf(element("filter-control").value)
  const status = index.statuses.indexOf(element("filter-status").value)
  const owner = element("filter-owner").value === "" ? -1 : index.owners.indexOf(element("filter-owner").value)
  const wanted = severityNames.indexOf(severity)
  const texts = words.length === 0 ? undefined : haystack()
  table.shown = []
  for (let at = 0; at < index.id.length; at++) {
    if (severity === "lead" ? index.lead[at] === 0 : wanted >= 0 && (index.severity[at] !== wanted || index.lead[at] === 1)) continue
    if ((control >= 0 && index.control[at] !== control) || (status >= 0 && index.status[at] !== status) || (owner >= 0 && index.owner[at] !== owner)) continue
    if (texts !== undefined && !words.every((word) => texts[at].includes(word))) continue
    table.shown.push(at)
  }
  sortShown()
  table.active = 0
  element("rows").scrollTop = 0
  element("shown").textContent = table.shown.length === index.id.length ? `${number(index.id.length)} findings and leads` : `${number(table.shown.length)} of ${number(index.id.length)} findings and leads`
  draw()
}

const badge = (at) => {
  const name = table.index.lead[at] === 1 ? "lead" : severityNames[table.index.severity[at]]
  return make("span", { class: `badge ${name}` }, name)
}

const row = (at, place) => {
  const { index } = table
  const link = make("a", { href: `#${index.id[at]}`, tabindex: "-1" }, index.sentence[at])
  return make("tr", { "aria-rowindex": String(place + 2), "data-place": String(place), class: [place === table.active ? "active" : "", index.id[at] === table.open ? "open" : ""].join(" ").trim() },
    make("td", {}, badge(at)), make("td", { class: "sentence" }, make("div", { class: "clamp" }, link), make("span", { class: "meta" }, index.titles[index.control[at]])),
    make("td", { class: "date" }, index.at[at] === "" ? "" : `${index.at[at].slice(0, 10)} ${index.at[at].slice(11, 16)}`), make("td", {}, index.statuses[index.status[at]]), make("td", { class: "date" }, index.due[at].slice(0, 10)))
}

// One cell only: a colspan would give room to columns that a narrow screen hides.
const spacer = (rows) => {
  const made = make("tr", { "aria-hidden": "true", class: "spacer" }, make("td", {}))
  made.firstChild.style.height = `${rows * rowHeight}px`
  return made
}

/** Draws the rows in view. */
export const draw = () => {
  const rows = element("rows")
  const first = Math.max(0, Math.floor(rows.scrollTop / rowHeight) - rowsBeyond)
  const last = Math.min(table.shown.length, Math.ceil((rows.scrollTop + rows.clientHeight) / rowHeight) + rowsBeyond)
  const body = []
  if (first > 0) body.push(spacer(first))
  for (let place = first; place < last; place++) body.push(row(table.shown[place], place))
  if (last < table.shown.length) body.push(spacer(table.shown.length - last))
  if (table.shown.length === 0) body.push(make("tr", {}, make("td", { colspan: "5", class: "none" }, "Nothing matches these filters.")))
  element("body").replaceChildren(...body)
  rows.querySelector("table").setAttribute("aria-rowcount", String(table.shown.length + 1))
}

export const moveTo = (place) => {
  const rows = element("rows")
  table.active = Math.max(0, Math.min(table.shown.length - 1, place))
  const top = table.active * rowHeight
  const headHeight = rows.querySelector("thead").offsetHeight
  if (top < rows.scrollTop) rows.scrollTop = top
  else if (top + rowHeight + headHeight > rows.scrollTop + rows.clientHeight) rows.scrollTop = top + rowHeight + headHeight - rows.clientHeight
  draw()
}

const keySteps = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8, Home: -Infinity, End: Infinity }

const onKey = (event) => {
  if (event.target.tagName === "BUTTON" || event.ctrlKey || event.metaKey || event.altKey) return
  if (Object.hasOwn(keySteps, event.key)) {
    event.preventDefault()
    moveTo(table.active + keySteps[event.key])
    const at = table.shown[table.active]
    if (at !== undefined) table.onOpen(table.index.id[at], false)
  } else if (event.key === "Enter" && table.shown.length > 0) {
    event.preventDefault()
    location.hash = table.index.id[table.shown[table.active]]
    table.onOpen(table.index.id[table.shown[table.active]], true)
  }
}

const onSort = (event) => {
  const column = event.currentTarget.dataset.sort
  table.sort = { column, down: table.sort.column === column ? !table.sort.down : column === "severity" }
  for (const head of document.querySelectorAll("#rows th")) {
    const mine = head.querySelector("button").dataset.sort === column
    if (mine) head.setAttribute("aria-sort", table.sort.down ? "descending" : "ascending")
    else head.removeAttribute("aria-sort")
  }
  sortShown()
  draw()
}

const fillChoices = (id, values, labels = values) => {
  const order = values.map((_, at) => at).filter((at) => values[at] !== "").sort((a, b) => (labels[a] < labels[b] ? -1 : 1))
  element(id).append(...order.map((at) => make("option", { value: values[at] }, labels[at])))
}

/** Reads the index and makes the table work. */
export const startTable = async () => {
  table.index = JSON.parse(await unpackText("index"))
  fillChoices("filter-control", table.index.controls, table.index.titles)
  fillChoices("filter-status", table.index.statuses)
  fillChoices("filter-owner", table.index.owners)
  for (const id of ["filter-severity", "filter-control", "filter-status", "filter-owner"]) element(id).addEventListener("change", applyFilters)
  let waiting = 0
  element("filter-text").addEventListener("input", () => {
    clearTimeout(waiting)
    waiting = setTimeout(applyFilters, table.index.id.length > 20_000 ? 120 : 0)
  })
  document.querySelector(".filters").addEventListener("submit", (event) => event.preventDefault())
  for (const button of document.querySelectorAll("#rows th button")) button.addEventListener("click", onSort)
  const rows = element("rows")
  let drawing = false
  rows.addEventListener("scroll", () => {
    if (drawing) return
    drawing = true
    requestAnimationFrame(() => {
      drawing = false
      draw()
    })
  })
  rows.addEventListener("keydown", onKey)
  element("body").addEventListener("click", (event) => {
    const place = event.target.closest("tr")?.dataset.place
    if (place === undefined) return
    table.active = Number(place)
    const id = table.index.id[table.shown[table.active]]
    if (location.hash !== `#${id}`) history.replaceState(undefined, "", `#${id}`)
    event.preventDefault()
    table.onOpen(id, false)
    draw()
  })
  applyFilters()
}
