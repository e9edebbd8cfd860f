// Starts the parts that need a script and shows them.
import { openFinding, openFromAddress } from "./finding.js"
import { draw, startTable, table } from "./table.js"
import { element } from "./unpack.js"
import { startVerify } from "./verify.js"
for (const part of document.querySelectorAll(".needs-script")) part.hidden = false
startVerify()
table.onOpen = (id, focus) => {
  void openFinding(id, focus)
}
startTable().then(() => {
  addEventListener("hashchange", () => void openFromAddress())
  addEventListener("resize", draw)
  return openFromAddress()
}).catch(() => {
  element("shown").textContent = "This browser could not read the findings of the page; findings.csv holds them."
})
