// The field E-Mail Server: the select becomes a text with an edit icon that opens a search window. Arrow keys and Enter
// pick, Esc closes, and the dialog itself gives the focus back to the icon. Without this script the select works as it is.

function make(tag, className, attributes = {}) {
  const element = document.createElement(tag);
  element.className = className;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

function enhance(select) {
  const label = document.querySelector(`label[for="${select.id}"]`);
  const box = make("div", select.matches(".is-invalid") ? "picked is-invalid" : "picked");
  const text = make("output", "", { id: `${select.id}_text` });
  const edit = make("button", "btn btn-secondary", {
    type: "button",
    id: select.id,
    "aria-haspopup": "dialog",
    "aria-label": `Choose ${label.firstChild.textContent.trim()}`,
    "aria-describedby": `${text.id} ${select.getAttribute("aria-describedby") || ""}`.trim(),
  });
  edit.textContent = "✎";
  select.id += "_list";
  select.hidden = true;
  box.append(text, edit);
  select.before(box);
  const show = () => { text.textContent = select.selectedOptions[0]?.textContent ?? ""; };
  select.addEventListener("change", show);
  show();
  attend(select, edit, document.getElementById("server-window"));
}

function attend(select, edit, dialog) {
  const search = dialog.querySelector("[type=search]");
  const found = dialog.querySelector("#server-window-found");
  const options = () => [...found.querySelectorAll("[data-pick]")];
  const current = () => found.querySelector("[aria-selected=true]");
  const answered = () => found.querySelector("[data-query]")?.dataset.query === search.value.trim();
  let hurried = false;

  function mark(option) {
    current()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    search.setAttribute("aria-activedescendant", option?.id ?? "");
  }

  // Enter before the answer to what was typed picks from that answer, never from an older list.
  function choose() {
    hurried = !answered();
    if (!hurried) pick(current());
  }

  function pick(option) {
    if (!option) return;
    select.value = option.dataset.pick;
    dialog.close();
    select.dispatchEvent(new Event("change", { bubbles: true }));
    select.dispatchEvent(new Event("input", { bubbles: true }));
  }

  edit.addEventListener("click", () => {
    search.value = "";
    hurried = false;
    edit.focus();
    dialog.showModal();
    search.focus();
    htmx.trigger(search, "open-window");
  });
  found.addEventListener("click", (event) => pick(event.target.closest("[data-pick]")));
  found.addEventListener("htmx:afterSwap", () => {
    search.setAttribute("aria-controls", "server-window-list");
    mark(options().find((option) => option.dataset.pick === select.value) || options()[0]);
    if (hurried) choose();
  });
  search.addEventListener("input", () => { hurried = false; });
  search.addEventListener("keydown", (event) => {
    const all = options();
    const at = all.indexOf(current());
    const acts = {
      ArrowDown: () => mark(all[Math.min(at + 1, all.length - 1)]),
      ArrowUp: () => mark(all[Math.max(at - 1, 0)]),
      Enter: choose,
      Escape: () => dialog.close(),
    };
    if (!acts[event.key]) return;
    event.preventDefault();
    acts[event.key]();
  });
}

function start() {
  for (const select of document.querySelectorAll("select[data-picker]:not([hidden])")) enhance(select);
}

document.addEventListener("htmx:load", start);
start();
