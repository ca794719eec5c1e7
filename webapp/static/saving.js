// Nothing typed is lost: saved with every preview, kept in this browser until that has succeeded.
"use strict";

(() => {
  const form = document.getElementById("contract-form");
  if (!form) return;

  const PREFIX = `clausebank.draft.${form.dataset.person}.`;
  const RETRY = 4000;
  const SLOW = 400;
  const byId = (id) => document.getElementById(id);
  const box = byId("save-state");
  const field = (name) => form.elements.namedItem(name);
  const key = () => PREFIX + field("_draft").value;

  const touched = new Set();
  let version = 0;
  let sent = 0;
  let savedAt = null;
  let state = "";
  let slow = 0;
  let retry = 0;

  // --- what the page says about it ----------------------------------------------------------------

  const relative = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });

  function since(moment) {
    const seconds = Math.max(0, Math.round((Date.now() - moment) / 1000));
    if (seconds < 60) return relative.format(-seconds, "second");
    if (seconds < 3600) return relative.format(-Math.round(seconds / 60), "minute");
    return relative.format(-Math.round(seconds / 3600), "hour");
  }

  function say(next) {
    state = next;
    box.dataset.state = next;
    box.classList.toggle("unsaved", next !== "saving" && next !== "saved");
    const text = (box.dataset[next] || "").replace("{when}", savedAt ? since(savedAt) : "");
    if (box.textContent !== text) box.textContent = text;
  }

  setInterval(() => { if (state === "saved") say("saved"); }, 1000);

  // --- the copy in this browser -------------------------------------------------------------------

  function fields() {
    return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrf_token");
  }

  function keep() {
    const copy = { kind: form.dataset.kind, at: Date.now(), fields: fields() };
    try { localStorage.setItem(key(), JSON.stringify(copy)); } catch { /* full, or a browser that keeps nothing */ }
  }

  function drop(name) {
    try { localStorage.removeItem(name); } catch { /* a browser that keeps nothing */ }
  }

  function copies() {
    const found = [];
    try {
      for (let index = 0; index < localStorage.length; index += 1) {
        const name = localStorage.key(index);
        if (name.startsWith(PREFIX)) found.push({ name, ...JSON.parse(localStorage.getItem(name)) });
      }
    } catch { /* a browser that keeps nothing */ }
    return found;
  }

  // --- saving -------------------------------------------------------------------------------------

  for (const change of ["input", "change"]) {
    form.addEventListener(change, (event) => {
      if (!event.isTrusted && event.target === form) return;
      version += 1;
      if (change === "input" && event.target.name) touched.add(event.target.name);
      keep();
    });
  }

  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.path !== form.dataset.preview) return;
    sent = version;
    event.detail.parameters._touched = [...touched].join(" ");
    clearTimeout(slow);
    slow = setTimeout(() => say("saving"), SLOW);
  });

  document.addEventListener("clausebank:state", (event) => {
    const saving = event.detail.saving;
    clearTimeout(slow);
    clearTimeout(retry);
    if (!saving) return;
    if (saving.conflict) {
      say("conflict");
      return;
    }
    field("_revision").value = saving.revision;
    savedAt = Date.now();
    if (sent === version) {
      touched.clear();
      drop(key());
    }
    if (location.pathname !== saving.path) history.replaceState(null, "", saving.path);
    say("saved");
  });

  function failed(event) {
    clearTimeout(slow);
    clearTimeout(retry);
    keep();
    const status = event.detail.xhr ? event.detail.xhr.status : 0;
    say(status === 401 ? "loggedOut" : status === 413 ? "tooLarge" : "offline");
    retry = setTimeout(again, RETRY);
  }

  function again() {
    htmx.trigger(form, "change");
  }

  for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(failure, (event) => {
      if (event.detail.requestConfig && event.detail.requestConfig.path === form.dataset.preview) failed(event);
    });
  }

  window.addEventListener("online", again);
  window.addEventListener("focus", () => { if (state === "loggedOut") again(); });

  form.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) keep();
  });

  // --- typing that was not saved when the page was left ---------------------------------------------

  function same(copy) {
    const steering = ["_draft", "_revision", "_tab", "_touched"];
    const plain = (pairs) => JSON.stringify(pairs.filter(([name]) => !steering.includes(name)).sort());
    return plain(copy.fields) === plain(fields());
  }

  function offer(copy) {
    const panel = byId("restore");
    const when = new Date(copy.at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
    panel.querySelector("p").textContent = panel.dataset.found.replace("{when}", when);
    panel.hidden = false;
    byId("restore-take").addEventListener("click", () => restore(copy));
    byId("restore-drop").addEventListener("click", () => {
      drop(copy.name);
      panel.hidden = true;
    });
  }

  // What was kept is sent like a form without scripts would be, so that the server draws its rows.
  function restore(copy) {
    const sending = document.createElement("form");
    sending.method = "post";
    sending.action = form.action;
    sending.hidden = true;
    const pairs = copy.fields.filter(([name]) => name !== "_tab" && name !== "_touched");
    const add = [["csrf_token", field("csrf_token").value], ["_tab", field("_tab").value], ["_preview", "1"]];
    for (const [name, value] of [...pairs, ...add]) {
      const input = document.createElement("textarea");
      input.name = name;
      input.value = value;
      sending.append(input);
    }
    document.body.append(sending);
    sending.submit();
  }

  if (form.dataset.saved) {
    savedAt = Date.parse(form.dataset.saved);
    if (location.pathname !== form.dataset.path) history.replaceState(null, "", form.dataset.path);
    say("saved");
  }
  const found = copies();
  const own = found.find((copy) => copy.name === key());
  if (own && same(own)) drop(own.name);
  else if (own) offer(own);
  else if (field("_revision").value === "0") {
    const unsaved = found.filter((copy) => copy.kind === form.dataset.kind
      && copy.fields.some(([name, value]) => name === "_revision" && value === "0"));
    const newest = unsaved.sort((one, other) => other.at - one.at)[0];
    if (newest) offer(newest);
  }
})();
