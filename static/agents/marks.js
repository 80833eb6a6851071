// Marked words: jump from one to the next, see what they contradict, and accept it.
// Without this file each mark says it on hover, and the findings link to their marks.
"use strict";

(function () {
  const note = document.querySelector("[data-mark-note]");
  if (!note) return;
  const text = note.querySelector("[data-mark-text]");
  const accept = note.querySelector("[data-mark-accept]");
  const form = document.getElementById("edit-form");
  const chips = Array.from(document.querySelectorAll("[data-find]"));
  const marks = form ? chips : Array.from(document.querySelectorAll(".output mark"));
  let current = -1;

  // --- What a mark says

  function findingOf(mark) {
    const ids = (mark.dataset.finding || "").split(" ");
    return ids.map((id) => document.getElementById("mark-" + id)).find(Boolean);
  }

  function isAccepted(mark) {
    const ids = (mark.dataset.finding || "").split(" ");
    return ids.some((id) => document.getElementById("unmark-" + id));
  }

  function show(mark) {
    current = marks.indexOf(mark);
    const place = marks.length > 1 ? current + 1 + " of " + marks.length + ": " : "";
    text.textContent = place + "“" + mark.textContent.trim() + "” " + mark.title + (isAccepted(mark) ? " Marked as intentional." : "");
    accept.hidden = !findingOf(mark);
    note.hidden = false;
  }

  accept.addEventListener("click", function () {
    const summary = findingOf(marks[current]);
    if (!summary) return;
    summary.parentElement.open = true;
    summary.parentElement.querySelector("input[type=text]").focus();
    summary.scrollIntoView({ block: "center" });
  });

  // --- Words in a field of the edit form

  function pattern(words) {
    const escaped = words.trim().split(/\s+/).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    return new RegExp(escaped.join("\\s+").replace(/['‘’]/g, "['‘’]").replace(/["“”]/g, '["“”]'), "i");
  }

  function select(words) {
    const sought = pattern(words);
    for (const field of form.querySelectorAll("textarea, input[type=text]")) {
      const found = sought.exec(field.value);
      if (!found) continue;
      field.focus({ preventScroll: true });
      field.setSelectionRange(found.index, found.index + found[0].length);
      const share = found.index / Math.max(1, field.value.length);
      const box = field.getBoundingClientRect();
      scrollTo({ top: scrollY + box.top + share * box.height - innerHeight / 2 });
      return true;
    }
    return false;
  }

  function go(mark) {
    if (form) {
      if (!select(mark.dataset.find)) mark.focus();
    } else {
      mark.focus({ preventScroll: true });
      mark.scrollIntoView({ block: "center" });
    }
    show(mark);
  }

  function step(by) {
    if (marks.length === 0) return false;
    const next = current < 0 ? (by > 0 ? 0 : marks.length - 1) : (current + by + marks.length) % marks.length;
    go(marks[next]);
    return true;
  }

  marks.forEach(function (mark) {
    mark.addEventListener("click", function () { go(mark); });
  });
  chips.forEach(function (chip) { chip.disabled = false; });

  document.addEventListener("keydown", function (event) {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || document.querySelector("dialog[open]")) return;
    const isTyping = event.target.closest("input:not([type=checkbox]), textarea, select") !== null;
    // With Alt also while typing, where the keyboard decides which character that would be.
    const isNext = event.altKey ? event.code === "Period" : !isTyping && event.key === ".";
    const isPrevious = event.altKey ? event.code === "Comma" : !isTyping && event.key === ",";
    if ((isNext && step(1)) || (isPrevious && step(-1))) event.preventDefault();
    else if (!event.altKey && !isTyping && event.key === "i" && !note.hidden && !accept.hidden) {
      event.preventDefault();
      accept.click();
    }
  });
})();
