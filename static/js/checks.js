// Following checks: a pressed "Check now" wakes the page's panels, and an ended check refreshes the sentence in the head.

const seen = new Map();

function look(panel, fresh) {
  const { run, open } = panel.dataset;
  const before = seen.get(panel.id);
  seen.set(panel.id, { run, open });
  const known = before ? before.open === "false" && before.run === run : fresh;
  if (known || open === "true") return;
  htmx.trigger(document.body, "check-ended");
  const status = panel.querySelector(".status").textContent.trim();
  document.dispatchEvent(new CustomEvent("announce", { detail: `Token check: ${status}` }));
}

document.addEventListener("htmx:load", (event) => {
  const loaded = event.detail.elt;
  const fresh = loaded === document.body;
  if (loaded.matches(".check-panel")) look(loaded, fresh);
  for (const panel of loaded.querySelectorAll(".check-panel")) look(panel, fresh);
});

document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target.matches(".check-now") && event.detail.successful) htmx.trigger(document.body, "check-asked");
});

// An answer that is the sign-in page means that the session ended: the whole page goes there.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!new URL(event.detail.xhr.responseURL).pathname.startsWith("/sign-in/")) return;
  event.preventDefault();
  location.reload();
});

function failed(event) {
  if (event.target.matches(".check-panel")) {
    setTimeout(() => htmx.trigger(document.body, "check-asked"), 3000);
    return;
  }
  const message = document.createElement("p");
  message.className = "message error";
  message.textContent = "The console did not answer, and nothing was saved. Try again; if it stays, reload the page.";
  document.getElementById("messages").replaceChildren(message);
}

document.addEventListener("htmx:sendError", failed);
document.addEventListener("htmx:responseError", failed);

// Empty filters stay out of the URL.
document.addEventListener("htmx:configRequest", (event) => {
  if (!event.target.matches(".filters")) return;
  for (const [name, value] of [...event.detail.formData]) if (!value) event.detail.formData.delete(name);
});
