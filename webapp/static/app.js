// What the page adds when scripts run: live preview, the paper following the question, tabs on a phone.
"use strict";

(() => {
  const root = document.documentElement;
  root.classList.add("js");

  const form = document.getElementById("contract-form");
  if (!form) return;

  const pane = document.getElementById("paper-pane");
  const status = document.getElementById("preview-status");
  const byId = (id) => document.getElementById(id);

  // --- what the server says about each question ---------------------------------------------------

  function setText(id, text) {
    const element = byId(id);
    if (element && element.textContent !== text) element.textContent = text;
  }

  function applyErrors(errors) {
    for (const element of form.querySelectorAll("[data-error]")) {
      const name = element.dataset.error;
      const message = errors[name] || "";
      if (name !== focused() || !message) setText(element.id, message);
      const control = byId(`input-${name}`);
      if (control && control.matches("input, select, textarea")) {
        if (element.textContent) control.setAttribute("aria-invalid", "true");
        else control.removeAttribute("aria-invalid");
      }
    }
  }

  function applyNotices(notices) {
    for (const element of form.querySelectorAll("[data-notice]")) {
      setText(element.id, notices[element.dataset.notice] || "");
    }
  }

  function applyState() {
    const holder = byId("state");
    if (!holder) return;
    const state = JSON.parse(holder.textContent);
    for (const element of form.querySelectorAll("[data-question]")) {
      element.hidden = state.hidden.includes(element.dataset.question);
    }
    for (const element of form.querySelectorAll("[data-step]:has([data-question])")) {
      element.hidden = !element.querySelector("[data-question]:not([hidden])");
    }
    for (const element of form.querySelectorAll("[data-reading]")) {
      setText(element.id, state.readings[element.dataset.reading] || "");
    }
    for (const element of document.querySelectorAll("[data-open]")) {
      setText(element.id, state.open[element.dataset.open] || "");
    }
    applyErrors(state.errors);
    applyNotices(state.notices);
    if (status.textContent !== state.status) status.textContent = state.status;
    document.dispatchEvent(new CustomEvent("clausebank:state", { detail: state }));
  }

  // --- the paper ----------------------------------------------------------------------------------

  // Puts in place only what changed, so that the reader's place and selection stay.
  function renew(old, fresh) {
    if (old.isEqualNode(fresh)) return;
    const alike = old.cloneNode(false).isEqualNode(fresh.cloneNode(false));
    if (!alike || !old.matches("article, section, div") || old.childElementCount !== fresh.childElementCount) {
      old.replaceWith(fresh);
      return;
    }
    const pairs = [...fresh.children].map((child, index) => [old.children[index], child]);
    for (const [before, after] of pairs) renew(before, after);
  }

  function takePaper(incoming) {
    const template = incoming.querySelector("template");
    if (!template) return;
    for (const element of pane.querySelectorAll(".here, .editing, .flash")) {
      element.classList.remove("here", "editing", "flash");
    }
    renew(byId("paper").firstElementChild, template.content.firstElementChild);
    incoming.replaceChildren();
  }

  // --- the paper follows the question -------------------------------------------------------------

  function focused() {
    const element = document.activeElement;
    return element && form.contains(element) && element.name ? questionOf(element) : "";
  }

  function questionOf(element) {
    const holder = element.closest("[data-field]");
    return holder ? holder.dataset.field : "";
  }

  function places(name) {
    const [root, index, column] = name.split(".");
    if (column !== undefined) return cells(root, Number(index), column);
    const exact = pane.querySelectorAll(`[data-blank="${CSS.escape(name)}"]`);
    if (exact.length) return [...exact];
    const start = CSS.escape(root);
    return [...pane.querySelectorAll(`[data-blank="${start}"], [data-blank^="${start}."]`)];
  }

  // The cells of one row of a list, wherever the contract prints the list.
  function cells(root, index, column) {
    const rows = byId(`question-${root}`).querySelectorAll("fieldset.row").length;
    const found = [...pane.querySelectorAll(`[data-blank="${CSS.escape(`${root}.${column}`)}"]`)];
    return found.filter((_cell, position) => position % rows === index);
  }

  function follow(scroll) {
    for (const element of pane.querySelectorAll(".here, .editing")) element.classList.remove("here", "editing");
    const name = focused();
    if (!name) return;
    const found = places(name);
    for (const element of found) element.classList.add("here");
    for (const element of found) element.closest(".clause")?.classList.add("editing");
    const target = found.find((element) => element.closest(".body")) || found[0];
    if (target && scroll) centre(target);
  }

  function centre(element) {
    const box = element.getBoundingClientRect();
    const view = pane.getBoundingClientRect();
    if (box.top > view.top + 40 && box.bottom < view.bottom - 40) return;
    pane.scrollBy({ top: box.top - view.top - view.height / 3, behavior: "instant" });
  }

  // --- moving between paper, findings and questions -----------------------------------------------

  function show(tab) {
    const workbench = byId("workbench");
    workbench.dataset.tab = tab;
    for (const button of document.querySelectorAll("[data-tab-button]")) {
      button.setAttribute("aria-pressed", String(button.dataset.tabButton === tab));
    }
  }

  function goToQuestion(name) {
    let control = byId(`input-${name}`);
    while (!control && name.includes(".")) {
      name = name.slice(0, name.lastIndexOf("."));
      control = byId(`input-${name}`);
    }
    if (!control || control.closest("[hidden]")) return false;
    show("questions");
    for (let around = control.closest("details"); around; around = around.parentElement.closest("details")) {
      around.open = true;
    }
    document.dispatchEvent(new CustomEvent("clausebank:show", { detail: control }));
    control.scrollIntoView({ block: "center" });
    control.focus({ preventScroll: true });
    return true;
  }

  function goToPlace(anchor) {
    const target = byId(anchor);
    if (!target || !pane.contains(target)) return false;
    show("paper");
    target.scrollIntoView({ block: "center" });
    target.classList.remove("flash");
    void target.offsetWidth;
    target.classList.add("flash");
    return true;
  }

  document.addEventListener("click", (event) => {
    const tab = event.target.closest("[data-tab-button]");
    if (tab) show(tab.dataset.tabButton);
    const link = event.target.closest('a[href^="#"]');
    if (link) {
      const id = decodeURIComponent(link.hash.slice(1));
      const done = id.startsWith("input-") ? goToQuestion(id.slice(6)) : goToPlace(id);
      if (done) event.preventDefault();
      return;
    }
    const value = event.target.closest("[data-blank]");
    if (value && pane.contains(value)) goToQuestion(value.dataset.blank);
    else if (event.target.matches("[data-mark]") && event.offsetX < 0) explain(event.target);
  });

  // A click on the mark in the margin leads to the blank at fault, or else to the list of findings.
  function explain(place) {
    const gap = place.querySelector(".gap");
    if (gap && goToQuestion(gap.dataset.blank)) return;
    const list = document.querySelector("#findings details");
    if (list) list.open = true;
    const link = document.querySelector(`#findings a[href="#${CSS.escape(place.id)}"]`);
    if (link) link.focus();
  }

  form.addEventListener("focusin", () => follow(true));

  // --- htmx: what is sent, what comes back --------------------------------------------------------

  // The pane is busy from a change until the preview that knows of it has come.
  let changes = 0;
  let asked = 0;

  for (const change of ["input", "change"]) {
    form.addEventListener(change, () => {
      changes += 1;
      pane.setAttribute("aria-busy", "true");
    });
  }

  const isPreview = (event) => event.detail.requestConfig.path === form.dataset.preview;

  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.path === form.dataset.preview) asked = changes;
  });

  document.addEventListener("clausebank:tab", (event) => show(event.detail));

  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target.id !== "incoming") return;
    takePaper(event.detail.target);
    applyState();
    follow(true);
    if (asked === changes) pane.setAttribute("aria-busy", "false");
    const fresh = form.querySelector("[data-fresh]");
    if (fresh) {
      fresh.removeAttribute("data-fresh");
      const control = fresh.querySelector("input, select, textarea, button");
      if (control) control.focus();
    }
  });

  // --- files: sent as soon as they are chosen, unless they are too large ----------------------------

  const isFile = (element) => element.matches("input[type=file]");

  form.addEventListener("input", (event) => { if (isFile(event.target)) event.stopPropagation(); }, true);

  form.addEventListener("change", (event) => {
    const input = event.target;
    if (!isFile(input)) return;
    const said = byId(input.id.replace("input-", "error-"));
    const large = input.files[0] && input.files[0].size > Number(input.dataset.most);
    said.textContent = large ? said.dataset.tooLarge : "";
    if (!large) return;
    event.stopPropagation();
    input.value = "";
    input.setAttribute("aria-invalid", "true");
  }, true);

  document.addEventListener("htmx:xhr:progress", (event) => {
    const input = event.target;
    if (!isFile(input) || !event.detail.lengthComputable) return;
    const help = byId(input.id.replace("input-", "help-"));
    const percent = Math.round((100 * event.detail.loaded) / event.detail.total);
    if (help) help.textContent = help.dataset.sending.replace("{percent}", percent);
  });

  for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(failure, (event) => {
      if (!isPreview(event)) return;
      status.textContent = status.dataset.failed;
      pane.setAttribute("aria-busy", "false");
    });
  }

  form.addEventListener("submit", (event) => {
    if (event.submitter && event.submitter.name === "_preview") {
      event.preventDefault();
      htmx.trigger(form, "change");
    }
  });
})();
