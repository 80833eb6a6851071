// Keys for reviewers. Everything here can be done without this file.
"use strict";

(function () {
  // A second press of "a" or "n" must not approve or skip the next item unseen.
  const QUIET_MS = 500;
  const loadedAt = performance.now();
  let isSent = false;
  let isSaved = false;

  function isTyping(target) {
    return target.closest("input:not([type=checkbox]):not([type=submit]), textarea, select, [contenteditable]") !== null;
  }

  function help() {
    const dialog = document.getElementById("keys");
    if (dialog && !dialog.open) dialog.showModal();
  }

  function press(key) {
    const target = document.querySelector('[data-key="' + key + '"]');
    if (!target) return false;
    if (target.tagName === "SUMMARY") {
      target.parentElement.open = true;
      const field = target.parentElement.querySelector("select, textarea");
      if (field) field.focus();
      return true;
    }
    if ((key === "a" || key === "n") && (isSent || performance.now() - loadedAt < QUIET_MS)) return true;
    target.click();
    return true;
  }

  function move(step) {
    const links = Array.from(document.querySelectorAll("#result_list tbody tr th a, #result_list tbody tr td.field-due a"));
    if (links.length === 0) return false;
    const row = document.activeElement ? document.activeElement.closest("#result_list tbody tr") : null;
    const current = row ? links.findIndex((link) => row.contains(link)) : -1;
    const next = current < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, current + step));
    links[next].focus();
    return true;
  }

  document.addEventListener("keydown", function (event) {
    // A key held since the page before is not meant for a field of this one.
    if (event.repeat && performance.now() - loadedAt < QUIET_MS) event.preventDefault();
    if (event.isComposing || event.repeat) return;
    const typing = isTyping(event.target);
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = typing ? event.target.form : document.getElementById("edit-form");
      if (form && form.method === "post" && !form.closest("#changelist")) {
        event.preventDefault();
        form.requestSubmit(form.querySelector("button:not([type=button])"));
      } else if (!typing && press("a")) {
        event.preventDefault();
      }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && typing) {
      event.target.blur();
      const panel = event.target.closest(".decision-panel");
      if (panel) panel.open = false;
      return;
    }
    if (typing || document.querySelector("dialog[open]")) return;
    if (event.key === "?") {
      event.preventDefault();
      help();
    } else if (event.key === "j" || event.key === "k") {
      if (move(event.key === "j" ? 1 : -1)) event.preventDefault();
    } else if (/^[aerghcnqs]$/.test(event.key)) {
      if (press(event.key)) event.preventDefault();
    }
  });

  document.addEventListener("submit", function (event) {
    if (event.defaultPrevented || !event.target.matches(".decision-bar form, .queue-head form, #edit-form")) return;
    if (isSent) event.preventDefault();
    isSent = true;
    isSaved = event.target.id === "edit-form";
  });
  // Coming back by the browser's own button shows the page as it was left.
  window.addEventListener("pageshow", function () { isSent = false; });

  document.querySelectorAll("[data-help]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", help);
  });
  // What was refused is where the reviewer goes on; an edit begins at its first field.
  const first = document.querySelector("[aria-invalid=true]") ||
    document.querySelector("#edit-form :is(input[type=text], textarea)");
  if (first) first.focus();

  // A slip of a key on the way out would lose what was written.
  const edit = document.getElementById("edit-form");
  let isEdited = edit !== null && edit.contains(document.querySelector("[aria-invalid=true]"));
  if (edit) edit.addEventListener("input", function () { isEdited = true; });
  window.addEventListener("beforeunload", function (event) {
    if (!isEdited || isSaved) return;
    event.preventDefault();
    // Whoever stays may press again.
    setTimeout(function () { isSent = false; });
  });
  document.documentElement.dataset.keys = "on";
})();
