// Starts the parts that need a script and shows them.
for (const part of document.querySelectorAll(".needs-script")) part.hidden = false
startVerify()
startTable().then(() => {
  addEventListener("hashchange", openFromAddress)
  addEventListener("resize", draw)
  return openFromAddress()
}).catch(() => {
  element("shown").textContent = "This browser could not read the findings of the page; findings.csv holds them."
})
