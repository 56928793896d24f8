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

const SILENT = "The console did not answer, and nothing was saved. Try again; if it stays, reload the page.";
const GONE = "It is not here any more: it was deleted, or you may no longer view it.";

function said(className, text) {
  const paragraph = document.createElement("p");
  paragraph.className = className;
  paragraph.textContent = text;
  return paragraph;
}

function failed(event) {
  const gone = event.detail.xhr.status === 404;
  if (!event.target.matches(".check-panel")) {
    document.getElementById("messages").replaceChildren(said("message error", gone ? GONE : SILENT));
  } else if (gone) {
    // What does not ask again in its place ends the asking.
    event.target.replaceWith(said("check-panel unchecked", GONE));
    document.dispatchEvent(new CustomEvent("announce", { detail: GONE }));
  } else {
    setTimeout(() => htmx.trigger(document.body, "check-asked"), 3000);
  }
}

document.addEventListener("htmx:sendError", failed);
document.addEventListener("htmx:responseError", failed);

// Empty filters stay out of the URL.
document.addEventListener("htmx:configRequest", (event) => {
  if (!event.target.matches(".filters")) return;
  for (const [name, value] of [...event.detail.formData]) if (!value) event.detail.formData.delete(name);
});
