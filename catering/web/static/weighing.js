// Weighs without network: a bin is kept on the tablet before it is sent, and sent until the server has answered for it.
// Its key was made with the form, so that sending it again never weighs it twice.
"use strict";

const form = document.querySelector("form[data-keeps]");
const told = document.getElementById("gardees");
const STORE = `pesees ${form.getAttribute("action")}`;

const kept = () => {
  try { return JSON.parse(localStorage.getItem(STORE)) || []; } catch { return []; }
};
const keep = (bins) => localStorage.setItem(STORE, JSON.stringify(bins));
const fresh = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

const tell = (why) => {
  const bins = kept();
  const refused = bins.filter((bin) => bin.refused);
  const waiting = bins.length - refused.length;
  const words = [];
  if (waiting) words.push(`${waiting} pesée${waiting > 1 ? "s gardées" : " gardée"} sur cette tablette${why || ""}.`);
  if (refused.length) words.push(`${refused.length} à reprendre : le poids ou le jour est à vérifier.`);
  told.querySelector("span").textContent = words.join(" ");
  told.querySelector("button").hidden = !refused.length;
  told.hidden = !words.length;
};

const another = () => {
  form.reset();
  for (const name of ["cle", "bac"]) form.elements[name].value = fresh();
  form.elements.note_a.value = "";
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-disabled");
};

// Where an answer of the server leads once a bin is kept there; null when it has not taken it.
const send = async (bin) => {
  const answer = await fetch(bin.action, { method: "POST", body: new URLSearchParams(bin.fields), credentials: "same-origin" });
  if (answer.redirected && answer.url.includes("fait=pese")) return { done: answer.url };
  if (answer.status === 422) return { refused: true };
  return { later: answer.redirected ? " : se reconnecter pour les envoyer" : " : le serveur ne répond pas" };
};

const flush = async (last) => {
  for (const bin of kept().filter((each) => !each.refused)) {
    let came;
    try {
      came = await send(bin);
    } catch {
      if (last) another();
      return tell(", envoyées dès que le réseau revient");
    }
    if (came.later) {
      if (last) another();
      return tell(came.later);
    }
    const others = kept().filter((each) => each.bac !== bin.bac);
    if (came.done) {
      keep(others);
      if (last === bin.bac) return location.assign(came.done);
    } else if (last === bin.bac) {
      // Still in the form: the server's own page says what is wrong, with all that was typed.
      keep(others);
      return form.submit();
    } else {
      keep([...others, { ...bin, refused: true }]);
    }
  }
  tell();
};

form.addEventListener("submit", (event) => {
  event.preventDefault();
  form.elements.note_a.value = form.elements.note_a.value || new Date().toISOString();
  const fields = [...new FormData(form)];
  const bac = form.elements.bac.value;
  try {
    keep([...kept().filter((each) => each.bac !== bac), { bac, fields, action: form.getAttribute("action") }]);
  } catch {
    return form.submit();
  }
  flush(bac);
});

told.querySelector("button").addEventListener("click", () => {
  const [bin] = kept().filter((each) => each.refused);
  keep(kept().filter((each) => each.bac !== bin.bac));
  for (const [name, value] of bin.fields) {
    const field = form.elements[name];
    if (field) field.value = value;
  }
  // The server has not taken it: the key is as good as a new one, and the page it answers with tells the fault.
  form.submit();
});

addEventListener("online", () => flush());
flush();
