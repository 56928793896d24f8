// Check before save: its panel is brought into view, and what it found stands beside the field that it is about until
// that field is changed. Nothing that was typed is touched.

let note = null;

function drop() {
  if (!note) return;
  const described = (note.input.getAttribute("aria-describedby") ?? "").split(" ");
  note.input.setAttribute("aria-describedby", described.filter((id) => id && id !== note.text.id).join(" "));
  note.text.remove();
  note = null;
}

function put(panel) {
  const input = document.getElementById(panel.dataset.input);
  if (!input) return;
  const text = document.createElement("p");
  text.className = "error-text";
  text.id = `${input.id}_trial`;
  text.textContent = panel.dataset.says;
  (input.closest(".picked") ?? input).after(text);
  input.setAttribute("aria-describedby", `${input.getAttribute("aria-describedby") ?? ""} ${text.id}`.trim());
  note = { input, text };
}

document.addEventListener("htmx:load", (event) => {
  const loaded = event.detail.elt;
  if (loaded.id === "main") loaded.querySelector(".error-summary, .is-invalid")?.focus();
  const panel = loaded.matches(".trial, #trial") ? loaded : null;
  if (!panel) return;
  drop();
  const ended = panel.matches("[data-input]") ? panel : panel.querySelector("[data-input]");
  if (ended) put(ended);
  panel.scrollIntoView({ block: "nearest" });
});

document.addEventListener("input", (event) => {
  if (note && event.target === note.input) drop();
});
