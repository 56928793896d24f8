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

// A change of Authentication Type or Address touches every queue address on the server.
function touched(form) {
  return [...form.elements].some((input) => {
    if (input.name === "authentication_type") return input.checked !== input.defaultChecked;
    return input.name === "address" && input.value.trim() !== input.defaultValue;
  });
}

function shows(rule, form, part) {
  if (rule === "impact") return touched(form) || Boolean(part.querySelector(".is-invalid, :checked"));
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
