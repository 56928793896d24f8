// Ticks of a list's rows: one in the head ticks all of the page, Shift ticks a stretch, and the bar says how many are
// ticked. Without this script each row is ticked by itself.

const rows = () => [...document.querySelectorAll('input[name="row"][form="bulk-form"]')];
let last = null;

function say() {
  const bar = document.getElementById("bulk-form");
  if (!bar) return;
  const boxes = rows();
  const ticked = boxes.filter((box) => box.checked).length;
  const all = document.getElementById("bulk-all").checked;
  document.getElementById("bulk-ticked").textContent = all ? "With all that are found:" : `With the ${ticked} ticked:`;
  for (const box of boxes) {
    box.closest("tr")?.classList.toggle("is-ticked", box.checked || all);
  }
  const head = document.getElementById("tick-all");
  if (!head) return;
  head.hidden = false;
  head.checked = boxes.length > 0 && ticked === boxes.length;
  head.indeterminate = ticked > 0 && ticked < boxes.length;
}

document.addEventListener("click", (event) => {
  if (!event.target.matches('input[name="row"]')) return;
  const boxes = rows();
  if (event.shiftKey && boxes.includes(last)) {
    const [from, to] = [boxes.indexOf(last), boxes.indexOf(event.target)].sort((a, b) => a - b);
    for (const box of boxes.slice(from, to + 1)) box.checked = event.target.checked;
  }
  last = event.target;
});

document.addEventListener("change", (event) => {
  if (event.target.id === "tick-all") for (const box of rows()) box.checked = event.target.checked;
  if (event.target.matches('#tick-all, #bulk-all, input[name="row"]')) say();
});

document.addEventListener("htmx:load", say);
window.addEventListener("pageshow", say);
say();
