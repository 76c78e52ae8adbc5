// Keeps what is sent without network on the device and sends it once when the network returns. A form's key is made here,
// once for each thing noted, so that sending it again never does it twice; what is refused is told in the server's words.
"use strict";

const READER = document.documentElement.dataset.reader;
const panel = document.getElementById("gardees");
const LARGE = 300_000;
const WIDEST = 1600;
const fresh = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

const opened = () => new Promise((done, failed) => {
  const asked = indexedDB.open("envois", 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore("envois", { keyPath: "id" });
  asked.onsuccess = () => done(asked.result);
  asked.onerror = () => failed(asked.error);
});
const stored = async (mode, use) => {
  const base = await opened();
  return new Promise((done, failed) => {
    const work = base.transaction("envois", mode);
    const asked = use(work.objectStore("envois"));
    work.oncomplete = () => { base.close(); done(asked.result); };
    work.onabort = () => { base.close(); failed(work.error); };
  });
};
// Somebody else's stay on the device, unseen, until they come back to it.
const kept = async () => (await stored("readonly", (all) => all.getAll())).filter((each) => each.reader === READER)
  .sort((one, other) => one.at - other.at);
const put = (entry) => stored("readwrite", (all) => all.put(entry));
const drop = (entry) => stored("readwrite", (all) => all.delete(entry.id));

// What one reads of an answer that refuses.
const read = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");
const said = (page) => [...page.querySelectorAll("#erreurs li")].map((each) => each.textContent.trim()).join(" ")
  || (page.querySelector("main p") || page.body).textContent.trim();

const send = async (entry) => {
  let body = new URLSearchParams();
  if (entry.parts) body = new FormData();
  for (const [name, value] of entry.fields) body.append(name, value);
  const answer = await fetch(entry.action, { method: "POST", body, credentials: "same-origin" });
  if (answer.redirected && answer.url.includes("fait=")) return { done: answer.url, page: await read(answer) };
  if (answer.status === 401 || answer.redirected) return { later: " : se reconnecter pour les envoyer" };
  if (answer.status >= 500) return { later: " : le serveur ne répond pas, nouvel essai à la prochaine page" };
  return { refused: said(await read(answer)) };
};

// A basket moves on by one version with each of our own changes: those that wait behind follow it.
const follow = async (entry, page) => {
  const now = page.querySelector("input[name=version]");
  if (!entry.chain || !now) return;
  for (const other of await kept()) {
    if (other.chain !== entry.chain) continue;
    other.fields = other.fields.map(([name, value]) => [name, name === "version" ? now.value : value]);
    await put(other);
  }
};

// An order does not leave without the change that stands before it.
const stop = async (entry) => {
  for (const other of await kept()) {
    if (entry.chain && other.chain === entry.chain && !other.refused) {
      await put({ ...other, refused: "pas envoyé, car ce qui le précède n'a pas été enregistré." });
    }
  }
};
const next = async () => (await kept()).find((each) => !each.refused);

const line = (entry) => {
  const item = document.createElement("li");
  const words = document.createElement("span");
  words.textContent = `${entry.label} du ${new Date(entry.at).toLocaleString("fr-FR", { dateStyle: "short", timeStyle: "short" })} : ${entry.refused} `;
  item.append(words);
  for (const [label, act] of [["Reprendre", resume], ["Abandonner", (each) => drop(each).then(() => tell())]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "secondary";
    button.textContent = label;
    button.addEventListener("click", () => act(entry));
    item.append(button, " ");
  }
  return item;
};

const tell = async (why) => {
  const entries = await kept();
  const refused = entries.filter((each) => each.refused);
  const waiting = entries.length - refused.length;
  const words = [];
  if (!navigator.onLine) words.push("Hors connexion : cette page est celle de la dernière visite.");
  if (waiting) words.push(`${waiting} saisie${waiting > 1 ? "s gardées" : " gardée"} sur cet appareil${why || ", envoyées dès que le réseau revient"}.`);
  if (refused.length) words.push(`${refused.length} à reprendre :`);
  panel.querySelector("span").textContent = words.join(" ");
  panel.querySelector("ul").replaceChildren(...refused.map(line));
  panel.hidden = !words.length;
};

// The server has not taken it: its own page says what is wrong, with all that was typed.
const resume = async (entry) => {
  await drop(entry);
  const form = document.createElement("form");
  form.method = "post";
  form.action = entry.action;
  form.hidden = true;
  if (entry.parts) form.enctype = "multipart/form-data";
  for (const [name, value] of entry.fields) {
    const field = document.createElement("input");
    field.name = name;
    if (typeof value === "string") {
      field.type = "hidden";
      field.value = value;
    } else {
      const photo = new DataTransfer();
      photo.items.add(value);
      field.type = "file";
      field.files = photo.files;
    }
    form.append(field);
  }
  document.body.append(form);
  form.submit();
};

const renew = (form) => {
  for (const name of ["cle", "bac"]) if (form.elements[name]) form.elements[name].value = fresh();
  // What the server gives back was noted when it was noted.
  if (form.elements.note_a) form.elements.note_a.value = form.dataset.noted || "";
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-disabled");
};
// Once it waits here the form is ready for the next one, or gone when there is no next one.
const another = (form) => {
  if (!form) return;
  if (form.dataset.outboxOnce !== undefined) form.hidden = true;
  else if (form.dataset.outboxStay === undefined) form.reset();
  delete form.dataset.noted;
  renew(form);
};

const flush = (last, form) => navigator.locks.request("envois", async () => {
  // Read anew each time: what is done changes those behind it.
  for (let entry = await next(); entry; entry = await next()) {
    let came;
    try {
      came = await send(entry);
    } catch {
      another(form);
      return tell();
    }
    if (came.later) {
      another(form);
      return tell(came.later);
    }
    await drop(entry);
    if (came.done) {
      await follow(entry, came.page);
      if (entry.id === last) return location.assign(came.done);
    } else if (entry.id === last) {
      // Still in the form, photos as small as they were sent: as large as they were taken they would hide the reason.
      for (const [name, value] of entry.fields) if (typeof value !== "string") exchange(form, name, value);
      return HTMLFormElement.prototype.submit.call(form);
    } else {
      await put({ ...entry, refused: came.refused });
      await stop(entry);
    }
  }
  return tell();
});

// A photo as a telephone takes it is larger than a bad network carries.
const smaller = async (file) => {
  if (!file.type.startsWith("image/") || file.size < LARGE) return file;
  const whole = await createImageBitmap(file);
  const scale = Math.min(1, WIDEST / Math.max(whole.width, whole.height));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.round(whole.width * scale), Math.round(whole.height * scale)];
  canvas.getContext("2d").drawImage(whole, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", 0.8); });
  return blob && blob.size < file.size ? new File([blob], "photo.jpg", { type: "image/jpeg" }) : file;
};

const exchange = (form, name, file) => {
  const held = new DataTransfer();
  held.items.add(file);
  form.querySelector(`input[type=file][name="${CSS.escape(name)}"]`).files = held.files;
};

const keep = async (form) => {
  if (form.elements.note_a && !form.elements.note_a.value) form.elements.note_a.value = new Date().toISOString();
  const fields = [];
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string") fields.push([name, value]);
    else if (value.size) fields.push([name, await smaller(value).catch(() => value)]);
  }
  const id = fresh();
  await put({
    id, reader: READER, at: Date.now(), label: form.dataset.outbox, fields, refused: null,
    action: form.getAttribute("action"), parts: form.enctype === "multipart/form-data", chain: form.dataset.chain || null,
  });
  return id;
};

// A page left open overnight is still that of yesterday: what is noted on it now is asked about, never dated in silence.
const today = () => new Date().toLocaleDateString("sv-SE", { timeZone: "Europe/Paris" });
const inWords = (day) => new Date(`${day}T12:00:00`).toLocaleDateString("fr-FR", { weekday: "long", day: "numeric", month: "long" });
const sureOfDay = (form) => {
  const { jour, ouvert, jour_sur: said } = form.elements;
  if (!ouvert || said || jour.value !== ouvert.value || ouvert.value >= today()) return;
  if (confirm(`Cette page est ouverte depuis le ${inWords(jour.value)}. Noter ce bac pour aujourd'hui, ${inWords(today())} ? « Annuler » le note pour le ${inWords(jour.value)}.`)) {
    jour.value = today();
    ouvert.value = jour.value;
    for (const shown of document.querySelectorAll("[data-day-shown]")) shown.textContent = inWords(jour.value);
  } else {
    ouvert.value = "";
  }
};

const take = async (form) => {
  sureOfDay(form);
  let id;
  try {
    id = await keep(form);
  } catch {
    return HTMLFormElement.prototype.submit.call(form);
  }
  if (form.hasAttribute("hx-post")) {
    renew(form);
    return tell();
  }
  return flush(id, form);
};

// Before htmx hears of it; without network htmx has nothing to do with it.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.outbox === undefined || event.defaultPrevented) return;
  if (form.hasAttribute("hx-post") && navigator.onLine) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  take(form);
}, true);
document.addEventListener("htmx:sendError", (event) => {
  const form = event.target.closest("form[data-outbox]");
  if (form) take(form);
});

// Who signs out leaves nothing of theirs on the device.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.getAttribute("action") !== "/deconnexion" || form.dataset.emptied) return;
  event.preventDefault();
  const entries = await kept().catch(() => []);
  const count = entries.length;
  if (count && !confirm(`${count} saisie${count > 1 ? "s ne sont pas encore envoyées" : " n'est pas encore envoyée"} : se déconnecter l'efface.`)) {
    renew(form);
    return;
  }
  for (const entry of entries) await drop(entry);
  form.dataset.emptied = "yes";
  form.submit();
});

// Pages to have at hand without network: this one, and those it names.
const remember = async () => {
  await navigator.serviceWorker.register("/travailleur.js");
  const { active } = await navigator.serviceWorker.ready;
  const named = navigator.connection && navigator.connection.saveData ? [] : [...document.querySelectorAll("a[data-keep]")];
  const pages = named.map((link) => link.href);
  if (!navigator.serviceWorker.controller) pages.push(location.href);
  if (pages.length && active) active.postMessage({ keep: pages });
};

for (const form of document.querySelectorAll("form[data-outbox]")) renew(form);
const quietly = (work) => work.catch(() => {}); // A browser that keeps nothing still has its forms.
addEventListener("online", () => quietly(flush()));
addEventListener("offline", () => quietly(tell()));
quietly(flush());
if ("serviceWorker" in navigator) quietly(remember());
