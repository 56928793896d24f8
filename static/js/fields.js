// Fields that appear and disappear with what another field says (data-shown-when). A hidden input is disabled, so that
// it is not sent, and keeps what was typed. Without this script every field shows, and the server says which to clear.

function said(form, name) {
  for (const input of form.elements) {
    if (input.name !== name) continue;
    if (input.type === "radio" && !input.checked) continue;
    if (input.type === "checkbox") return input.checked ? "on" : "";
    if (input.tagName === "SELECT") return input.selectedOptions[0]?.dataset.type ?? input.value;
    return input.value;
  }
  return "";
}

// "changed a b": whether a field of those names holds something else than what is stored.
function changed(form, names) {
  return [...form.elements].some((input) => {
    if (!names.includes(input.name)) return false;
    if (input.type === "radio") return input.checked !== input.defaultChecked;
    return input.value.trim() !== input.defaultValue;
  });
}

function shows(rule, form, part) {
  if (rule.startsWith("changed ")) {
    return changed(form, rule.split(" ").slice(1)) || Boolean(part.querySelector(".is-invalid, :checked"));
  }
  const [name, value] = rule.split("=");
  return said(form, name) === value;
}

function update() {
  for (const item of document.querySelectorAll("[data-shown-when]")) {
    const part = item.closest(".field") || item;
    const inputs = part.querySelectorAll("input, select, textarea");
    const show = shows(item.dataset.shownWhen, inputs[0].form, part);
    part.hidden = !show;
    for (const input of inputs) input.disabled = !show;
  }
}

document.addEventListener("input", update);
document.addEventListener("change", update);
document.addEventListener("htmx:load", update);
window.addEventListener("pageshow", update);
update();
