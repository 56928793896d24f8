// Comfort on every page: rows that open as a whole, copying, dialogs, exact times in the reader's own zone,
// focus where the eye should go, and a question before unsaved work is left. Nothing here is needed to use a page.

const announcer = document.getElementById("announce");

function announce(text) {
  announcer.textContent = "";
  setTimeout(() => { announcer.textContent = text; }, 50);
}

document.addEventListener("announce", (event) => announce(event.detail));

// Rows

document.addEventListener("click", (event) => {
  const row = event.target.closest("tr[data-href]");
  if (!row || event.target.closest("a, button, input, select, label, time") || String(getSelection())) return;
  if (event.ctrlKey || event.metaKey) window.open(row.dataset.href);
  else location.assign(row.dataset.href);
});

// Copying

async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.body.appendChild(document.createElement("textarea"));
  area.value = text;
  area.select();
  document.execCommand("copy");
  area.remove();
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await copy(button.dataset.copy);
  button.classList.add("copied");
  setTimeout(() => button.classList.remove("copied"), 1500);
  announce("Copied");
});

// Printing

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) print();
});

// Dialogs

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open-dialog]");
  if (opener) document.getElementById(opener.dataset.openDialog).showModal();
  if (event.target.closest("[data-close]") || event.target.matches("dialog")) event.target.closest("dialog").close();
});

// Unsaved work: forms by id, since inputs name the form they belong to

const unsaved = new Set();

document.addEventListener("input", (event) => {
  const form = event.target.form;
  // Ticks are no work that could be lost.
  if (form && form.method === "post" && form.id !== "bulk-form") unsaved.add(form.id);
});

document.addEventListener("submit", (event) => unsaved.delete(event.target.id));

// Enter in a field that serves another button of its form than the first one presses that button

document.addEventListener("keydown", (event) => {
  const { enter } = event.target.dataset;
  if (!enter || event.key !== "Enter" || event.isComposing) return;
  event.preventDefault();
  if (!event.repeat) document.querySelector(`button.${enter}[form="${event.target.form.id}"]`).click();
});

// A form is sent once, however often its button is pressed; htmx sees to its own

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("hx-post") || form.dataset.hxPost) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});

window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

window.addEventListener("beforeunload", (event) => {
  const left = [...unsaved].some((id) => id && document.getElementById(id));
  if (left) event.preventDefault();
});

// Focus

function focusField() {
  const id = decodeURIComponent(location.hash.slice(1));
  const target = id && document.getElementById(id);
  if (!target || !target.matches("input, select, textarea, fieldset, button")) return;
  const folded = target.closest("details");
  if (folded) folded.open = true;
  target.focus();
}

window.addEventListener("hashchange", focusField);

const SIX_DAYS = 6 * 24 * 60 * 60 * 1000;

function since(moment) {
  const recent = Date.now() - moment < SIX_DAYS;
  const style = recent ? { weekday: "short", hour: "2-digit", minute: "2-digit" } : { dateStyle: "medium", timeStyle: "short" };
  return moment.toLocaleString(undefined, style);
}

function enter(root) {
  for (const time of root.querySelectorAll("time[data-exact]")) {
    const moment = new Date(time.dateTime);
    time.dataset.exact = moment.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "long" });
    if (time.dataset.words === "since") time.textContent = since(moment);
  }
  for (const button of root.querySelectorAll("[data-copy][hidden], [data-print][hidden], [data-open-dialog][hidden]")) button.hidden = false;
}

document.addEventListener("htmx:load", (event) => {
  const loaded = event.detail.elt;
  if (loaded === document.body) return;
  enter(loaded);
  if (!loaded.matches("section.block")) return;
  for (const id of unsaved) if (!document.getElementById(id)) unsaved.delete(id);
  const first = loaded.querySelector(".error-summary, .address-form .form-control") || loaded.querySelector("h2");
  if (!first) return;
  if (first.matches("h2")) first.tabIndex = -1;
  first.focus();
});

enter(document);
document.querySelector(".error-summary")?.focus();
focusField();
