// Improves pages that work without it: keeps the focus where the reader is, and a double click from sending twice.
"use strict";

const focusOn = () => {
  const target = document.getElementById("erreurs") || document.querySelector("main [autofocus]");
  if (target) target.focus();
};

document.documentElement.classList.add("scripted");

// Before anybody else hears of it, htmx among them.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.dataset.sent = "yes";
  for (const button of form.querySelectorAll("button:not([type=button])")) button.setAttribute("aria-disabled", "true");
}, true);

// A page that comes back from the browser's memory may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-disabled");
  }
});

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest && event.target.closest("form");
  if (form) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-disabled");
  }
});

// htmx gives the focus back to what has the same id; what has gone leaves it to the content.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "contenu") return;
  const faults = document.getElementById("erreurs");
  if (faults) faults.focus();
  else if (document.activeElement === document.body) event.target.focus();
});

// Choices that show at once what they lead to; without this script their button does.
document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form && form.dataset.onChange === "send") form.requestSubmit();
});

// On a narrow screen the page one is on may be out of sight in the navigation. `scrollIntoView` would also move where
// the first Tab starts from.
const current = document.querySelector(".top nav [aria-current]");
if (current) {
  const list = current.closest("ul");
  list.scrollLeft = current.offsetLeft - list.offsetLeft - (list.clientWidth - current.clientWidth) / 2;
}

focusOn();

// Work that goes on tells where it stands; at its end the page shows what came of it.
for (const live of document.querySelectorAll("[data-stream]")) {
  const source = new EventSource(live.dataset.stream);
  source.addEventListener("state", (event) => { live.innerHTML = event.data; });
  source.addEventListener("end", () => { source.close(); location.reload(); });
}

// Arrows walk through the cells of a grid; without this script the Tab key does, cell after cell.
document.addEventListener("keydown", (event) => {
  const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  const cell = event.target.closest && event.target.closest(".grid th, .grid td");
  if (!cell || !steps[event.key]) return;
  const [down, right] = steps[event.key];
  const row = cell.parentElement;
  const rows = [...row.closest("table").rows];
  const next = rows[rows.indexOf(row) + down];
  const target = next && next.cells[cell.cellIndex + right];
  const link = target && target.querySelector("a");
  if (!link) return;
  event.preventDefault();
  link.focus();
});
