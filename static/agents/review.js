// Keys for reviewers. Everything here can be done without this file.
"use strict";

(function () {
  // A second press of a key must not approve, send or skip unseen what has only just come up.
  const QUIET_MS = 500;
  const GUARDED = ["approve", "n", "t", "1", "2", "3", "4"];
  const loadedAt = performance.now();
  let isSent = false;
  let sent = null;

  const TEXT = "input:not([type=checkbox]):not([type=submit]):not([type=hidden]), textarea, [contenteditable]";

  function isTyping(target) {
    return target.closest(TEXT + ", select") !== null;
  }

  function isTooSoon() {
    return isSent || performance.now() - loadedAt < QUIET_MS;
  }

  // A key that does nothing says so; once something was sent, the next page answers.
  function sayTooSoon() {
    const note = document.querySelector("[data-key-note]");
    if (!note || isSent) return;
    note.textContent = "Too early: the page had only just opened. Press again.";
    note.hidden = false;
    setTimeout(function () { note.hidden = true; }, 4000);
  }

  // --- Focus: it is always somewhere that means something.

  function toHeading() {
    const heading = document.querySelector("#content h1");
    if (!heading) return;
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }

  function keepFocus() {
    if (!document.activeElement || document.activeElement === document.body) toHeading();
  }

  function begin() {
    const edit = document.getElementById("edit-form");
    const hash = location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;
    // What was refused is where the reviewer goes on; what is to be looked over begins with the button to send it.
    const first = document.querySelector("[aria-invalid=true]") ||
      document.querySelector("[data-send][autofocus]") ||
      (edit && edit.querySelector("input[type=text], textarea")) ||
      document.querySelector("#bulk-form [data-first]") ||
      (hash && hash.matches("textarea, input, [tabindex]") ? hash : null);
    if (first) first.focus();
    keepFocus();
  }

  function help() {
    const dialog = document.getElementById("keys");
    if (dialog && !dialog.open) dialog.showModal();
  }

  // --- Keys

  // The bar always stands at the foot of the window; scrolling to it would lose the reviewer's place.
  function openPanel(panel) {
    panel.open = true;
    (panel.querySelector("[data-first]") || panel.querySelector("summary")).focus({ preventScroll: true });
  }

  function closePanel(panel) {
    panel.open = false;
    panel.querySelector("summary").focus({ preventScroll: true });
  }

  function press(key) {
    const target = document.querySelector('[data-key="' + key + '"]');
    if (!target) return false;
    if (target.closest("#changelist-form") && !document.querySelector("input.action-select:checked")) return false;
    if (GUARDED.includes(key) && isTooSoon()) {
      sayTooSoon();
      return true;
    }
    if (target.tagName === "SUMMARY") openPanel(target.parentElement);
    else if (target.tagName === "DIALOG") target.showModal();
    else if (target.tagName === "TEXTAREA") target.focus();
    else target.click();
    return true;
  }

  function rowOf(element) {
    return element ? element.closest("#result_list tbody tr") : null;
  }

  function move(step) {
    const links = Array.from(document.querySelectorAll("#result_list tbody tr th a"));
    if (links.length === 0) return false;
    const row = rowOf(document.activeElement);
    const current = row ? links.findIndex((link) => row.contains(link)) : -1;
    const next = current < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, current + step));
    links[next].focus();
    return true;
  }

  function select() {
    const row = rowOf(document.activeElement);
    const box = row && row.querySelector("input.action-select");
    if (box) box.click();
    return Boolean(box);
  }

  // Ctrl+Enter sends the form that is being typed in, and approves where none is.
  function send(target) {
    const form = isTyping(target) ? target.form : null;
    if (!form) return press("approve");
    if (form.method !== "post" || form.closest("#changelist")) return false;
    if (form.id === "edit-form") return press("approve");
    form.requestSubmit(Array.from(form.elements).find((element) => element.type === "submit"));
    return true;
  }

  document.addEventListener("keydown", function (event) {
    const target = event.target;
    // A key held since the page before is not meant for a field or a button of this one.
    if (event.repeat && performance.now() - loadedAt < QUIET_MS) event.preventDefault();
    if (event.repeat && event.key === "Enter" && target.closest("button, a, summary")) event.preventDefault();
    if (event.isComposing || event.repeat || document.querySelector("dialog[open]")) return;
    if (event.ctrlKey || event.metaKey) {
      if (event.key === "Enter" && send(target)) event.preventDefault();
      // In a text it deletes a word.
      const text = target.closest(TEXT);
      if (event.key === "Backspace" && !(text && text.value) && press("reject")) event.preventDefault();
      return;
    }
    if (event.altKey) return;
    const typing = isTyping(target);
    if (event.key === "Escape") {
      const panel = target.closest("details[open]") || (!typing && document.querySelector(".decision-panel[open]"));
      if (typing) target.blur();
      if (panel) closePanel(panel);
      else keepFocus();
      return;
    }
    if (typing) return;
    if (event.key === "?") {
      event.preventDefault();
      help();
    } else if (event.key === "j" || event.key === "k") {
      if (move(event.key === "j" ? 1 : -1)) event.preventDefault();
    } else if (event.key === "x") {
      if (select()) event.preventDefault();
    } else if (/^[ercshmnuqvt1-4]$/.test(event.key)) {
      if (press(event.key)) event.preventDefault();
    }
  });

  // --- Sending, once

  const FORMS = ".decision-bar form, .queue-head form, #edit-form, #undo-form, .comments form, #bulk-form, .finding form";
  document.addEventListener("submit", function (event) {
    if (event.defaultPrevented || !event.target.matches(FORMS)) return;
    if (isSent) event.preventDefault();
    isSent = true;
    sent = event.target;
  });
  // Coming back by the browser's own button shows the page as it was left.
  window.addEventListener("pageshow", function () { isSent = false; });

  // Opened by the pointer, a panel has the focus as well.
  document.querySelectorAll(".decision-panel").forEach(function (panel) {
    panel.addEventListener("toggle", function () {
      if (panel.open && !panel.querySelector("form, .panel-text").contains(document.activeElement)) openPanel(panel);
    });
  });

  document.querySelectorAll("[data-help]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", help);
  });
  document.querySelectorAll("[data-edit]").forEach(function (link) {
    link.addEventListener("click", function (event) {
      event.preventDefault();
      document.querySelector("#edit-form :is(input[type=text], textarea)").focus();
    });
  });

  begin();
  window.addEventListener("beforeunload", function (event) {
    const edit = document.getElementById("edit-form");
    const comments = Array.from(document.querySelectorAll(".comments textarea"));
    // A slip of a key on the way out would lose what was written.
    const isLost = (edit && "edited" in edit.dataset && sent !== edit) ||
      comments.some((field) => field.value.trim() !== field.defaultValue.trim() && sent !== field.form);
    if (!isLost) return;
    event.preventDefault();
    // Whoever stays may press again.
    setTimeout(function () {
      isSent = false;
      sent = null;
    });
  });
  document.documentElement.dataset.keys = "on";
})();
