// Fields that depend on another field, by rules of the shape "name=value" in data attributes:
// data-shown-when: where it does not hold, the field is hidden and not sent;
// data-used-when: where it does not hold, the field is hidden and sent as it is, unless it has a message;
// data-required-when, on the mark of a label: whether the field is required.
// A hidden field keeps what was typed. Without this script every field shows, and the server says which to clear.

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

function holds(rule, form, part) {
  if (!rule) return true;
  if (rule.startsWith("changed ")) {
    return changed(form, rule.split(" ").slice(1)) || Boolean(part.querySelector(".is-invalid, :checked"));
  }
  const [name, value] = rule.split("=");
  return said(form, name) === value;
}

function update() {
  for (const item of document.querySelectorAll("[data-shown-when], [data-used-when]")) {
    const part = item.closest(".field") || item;
    const inputs = part.querySelectorAll("input, select, textarea");
    const shown = holds(item.dataset.shownWhen, inputs[0].form, part);
    const used = holds(item.dataset.usedWhen, inputs[0].form, part) || Boolean(part.querySelector(".is-invalid"));
    part.hidden = !(shown && used);
    for (const input of inputs) input.disabled = !shown;
  }
  for (const mark of document.querySelectorAll("[data-required-when]")) {
    const inputs = mark.closest(".field").querySelectorAll("input, select, textarea");
    const required = holds(mark.dataset.requiredWhen, inputs[0].form);
    mark.hidden = !required;
    for (const input of inputs) input.required = required;
  }
}

document.addEventListener("input", update);
document.addEventListener("change", update);
document.addEventListener("htmx:load", update);
window.addEventListener("pageshow", update);
update();
