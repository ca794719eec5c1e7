// Rows pasted from a spreadsheet into a list: sent as they are, the server reads and checks them.
"use strict";

(() => {
  const form = document.getElementById("contract-form");
  if (!form) return;

  form.addEventListener("paste", (event) => {
    const list = event.target.closest("fieldset.rows");
    const text = event.clipboardData.getData("text/plain");
    if (!list || event.target.matches(".paste textarea")) return;
    const lines = event.target.matches("textarea") ? /\t/ : /\t|\n./;
    if (!lines.test(text.trimEnd())) return;
    const field = event.target.closest("[data-field]").dataset.field;
    event.preventDefault();
    const panel = list.querySelector(".paste");
    panel.querySelector("textarea").value = text;
    panel.querySelector("input").value = field;
    panel.querySelector("button").click();
  });
})();
