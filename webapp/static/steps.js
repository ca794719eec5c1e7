// The questions step by step, only those still open, or all at once; the outline follows the reader.
"use strict";

(() => {
  const form = document.getElementById("contract-form");
  if (!form) return;

  const VIEW = "clausebank.view";
  const VIEWS = ["steps", "open", "all"];
  const byId = (id) => document.getElementById(id);
  const questions = byId("questions");
  const pane = byId("paper-pane");
  let gaps = [];
  let current = form.querySelector("[data-step]");

  const steps = () => [...form.querySelectorAll("[data-step]")].filter((step) => !step.hidden);

  // --- which step is shown ------------------------------------------------------------------------

  function mark(step) {
    current = step;
    const all = steps();
    for (const each of form.querySelectorAll("[data-step]")) each.classList.toggle("current", each === step);
    for (const link of document.querySelectorAll("[data-step-link]")) {
      const here = link.dataset.stepLink === step.dataset.step;
      if (here) link.firstElementChild.setAttribute("aria-current", "step");
      else link.firstElementChild.removeAttribute("aria-current");
    }
    for (const group of document.querySelectorAll("[data-group-link]")) {
      group.classList.toggle("current", group.dataset.groupLink === step.dataset.group);
    }
    const place = all.indexOf(step);
    byId("step-place").textContent = `${place + 1} / ${all.length}`;
    byId("step-previous").disabled = place <= 0;
    byId("step-next").disabled = place >= all.length - 1;
    const link = document.querySelector(".outline [aria-current=step]");
    if (link) link.scrollIntoView({ block: "nearest" });
  }

  function go(step, focus) {
    if (!step) return;
    if (questions.dataset.view === "open" && !step.querySelector("[data-wanted]")) setView("steps");
    mark(step);
    if (questions.dataset.view === "steps" && focus) questions.scrollTop = 0;
    if (!focus) return;
    const heading = step.querySelector("h2");
    heading.focus({ preventScroll: true });
    heading.scrollIntoView({ block: questions.dataset.view === "steps" ? "nearest" : "start" });
    if (getComputedStyle(questions).overflowY === "visible") window.scrollTo(0, 0);
  }

  function move(by) {
    const all = steps();
    go(all[all.indexOf(current) + by], true);
  }

  // --- how much is shown --------------------------------------------------------------------------

  function setView(view) {
    questions.dataset.view = view;
    for (const button of document.querySelectorAll("[data-view-button]")) {
      button.setAttribute("aria-pressed", String(button.dataset.viewButton === view));
    }
    for (const question of form.querySelectorAll("[data-question]")) {
      question.toggleAttribute("data-wanted", view === "open" && gaps.includes(question.dataset.question));
    }
    byId("nothing-open").hidden = view !== "open" || gaps.length > 0;
    mark(current);
  }

  function remember(view) {
    try { localStorage.setItem(VIEW, view); } catch { /* a browser that keeps nothing */ }
  }

  function remembered() {
    try { return localStorage.getItem(VIEW); } catch { return null; }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-view-button]");
    if (button) {
      setView(button.dataset.viewButton);
      remember(button.dataset.viewButton);
    }
    const link = event.target.closest('a[href^="#step-"]');
    if (link) {
      event.preventDefault();
      document.dispatchEvent(new CustomEvent("clausebank:tab", { detail: "questions" }));
      go(byId(link.hash.slice(1)), true);
    }
  });

  byId("step-previous").addEventListener("click", () => move(-1));
  byId("step-next").addEventListener("click", () => move(1));

  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    move(event.shiftKey ? -1 : 1);
  });

  // A question about to be shown from elsewhere: its step comes into sight first.
  document.addEventListener("clausebank:show", (event) => {
    const step = event.detail.closest("[data-step]");
    const question = event.detail.closest("[data-question]");
    if (questions.dataset.view === "open" && question && !question.hasAttribute("data-wanted")) setView("steps");
    if (step) go(step, false);
  });

  document.addEventListener("clausebank:state", (event) => {
    gaps = event.detail.gaps;
    current = byId(current.id);
    for (const link of document.querySelectorAll("[data-step-link]")) {
      const step = byId(`step-${link.dataset.stepLink}`);
      link.hidden = !step || step.hidden;
    }
    for (const group of document.querySelectorAll("[data-group-link]")) {
      group.hidden = !form.querySelector(`[data-group="${CSS.escape(group.dataset.groupLink)}"]:not([hidden])`);
    }
    mark(current.hidden ? steps()[0] : current);
  });

  form.addEventListener("focusin", (event) => {
    const step = event.target.closest("[data-step]");
    if (step && step !== current) mark(step);
  });

  // --- differences: shown in place at the first click, taken away at the second ---------------------

  document.addEventListener("click", (event) => {
    const link = event.target.closest(".see");
    if (!link || event.ctrlKey || event.metaKey) return;
    const place = byId(link.getAttribute("aria-controls"));
    if (link.getAttribute("aria-expanded") !== "true") return;
    event.preventDefault();
    event.stopPropagation();
    place.replaceChildren();
    link.setAttribute("aria-expanded", "false");
  }, true);

  document.addEventListener("htmx:afterSettle", (event) => {
    const link = document.querySelector(`.see[aria-controls="${CSS.escape(event.detail.target.id)}"]`);
    if (link) link.setAttribute("aria-expanded", "true");
  });

  // --- the outline follows the reader -------------------------------------------------------------

  function follow() {
    const top = pane.getBoundingClientRect().top + 120;
    let here = null;
    for (const place of pane.querySelectorAll('.article[id], .attachment > [id^="attachment:"]')) {
      if (place.getBoundingClientRect().top > top) break;
      here = place;
    }
    for (const link of document.querySelectorAll("#contents a")) {
      const is = here && decodeURIComponent(link.hash.slice(1)) === here.id;
      if (is && !link.hasAttribute("aria-current")) {
        link.setAttribute("aria-current", "true");
        const outline = link.closest(".outline");
        const box = link.getBoundingClientRect();
        const around = outline.getBoundingClientRect();
        if (box.top < around.top || box.bottom > around.bottom) outline.scrollTop += box.top - around.top - around.height / 2;
      } else if (!is) {
        link.removeAttribute("aria-current");
      }
    }
  }

  let waiting = false;
  function soon() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; follow(); });
  }
  pane.addEventListener("scroll", soon, { passive: true });
  document.addEventListener("clausebank:state", soon);

  const state = JSON.parse(byId("state").textContent);
  gaps = state.gaps;
  const view = remembered();
  setView(VIEWS.includes(view) ? view : "steps");
  const wrong = form.querySelector("[aria-invalid]");
  if (wrong && !byId("error-summary")) go(wrong.closest("[data-step]"), false);
  follow();
})();
