// Keys for those who work here all day. They never act while somebody types, nor with Ctrl, Alt or Cmd, nor over a
// dialog, and they can be switched off in the list that ? opens.

const STORE = "keys-off";
const list = document.getElementById("keys");
const box = document.getElementById("keys-on");

function off() {
  try { return localStorage.getItem(STORE) === "1"; } catch { return false; }
}

function keep(isOff) {
  try { localStorage.setItem(STORE, isOff ? "1" : "0"); } catch { /* storage is refused: the choice lasts for this page */ }
}

function step(by) {
  const links = [...document.querySelectorAll("tr[data-href]")].map((row) => row.querySelector("a")).filter(Boolean);
  const at = links.indexOf(document.activeElement.closest("tr")?.querySelector("a"));
  links[at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.max(0, Math.min(at + by, links.length - 1))]?.focus();
}

const first = (selector) => [...document.querySelectorAll(selector)].find((element) => element.checkVisibility());

const ACTS = {
  "/": () => first("[type=search]")?.focus(),
  "?": () => list.showModal(),
  j: () => step(1),
  k: () => step(-1),
  x: () => document.activeElement.closest("tr")?.querySelector("input[name=row]")?.click(),
  n: () => first("[data-key=n]")?.click(),
  s: () => first("[data-key=s]")?.click(),
  c: () => first("[data-key=c]")?.click(),
  e: () => first("main .address-form .form-control, main .block .form-control:not(:disabled)")?.focus(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || off()) return;
  if (event.target.closest("input:not([type=checkbox]), select, textarea, dialog, [contenteditable]")) return;
  if (document.querySelector("dialog[open]")) return;
  const act = ACTS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

box.checked = !off();
box.addEventListener("change", () => keep(!box.checked));
