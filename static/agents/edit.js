// Editing in place: rows come and go, and the button says what it will do.
"use strict";

(function () {
  const form = document.getElementById("edit-form");
  if (!form) return;
  const wasEdited = "edited" in form.dataset;
  const words = document.querySelector("[data-send-text]");

  function isChanged(field) {
    if (field.type === "hidden" || field.name === "note" || !field.name) return false;
    if (field.type === "checkbox") return field.checked !== field.defaultChecked;
    if (field.tagName !== "SELECT") return field.value !== field.defaultValue;
    // Without one that was chosen, the first is shown.
    const before = Array.from(field.options).findIndex((option) => option.defaultSelected);
    return field.selectedIndex !== Math.max(0, before);
  }

  // Changed again after it was looked over, it is looked over again.
  function say() {
    const fields = Array.from(form.elements);
    const isEdited = wasEdited || fields.some(isChanged);
    if (isEdited) form.dataset.edited = "";
    else delete form.dataset.edited;
    const isLookedOver = "lookedOver" in form.dataset && !fields.some(isChanged);
    if (words) words.textContent = isLookedOver ? "Send" : isEdited ? "Fix + approve" : "Approve";
  }

  function numbered(row, from, to) {
    const old = "-" + from + "-";
    row.querySelectorAll("[name], [id], [for], [aria-describedby]").forEach(function (element) {
      for (const name of ["name", "id", "for", "aria-describedby"]) {
        const value = element.getAttribute(name);
        if (value) element.setAttribute(name, value.replace(old, "-" + to + "-"));
      }
    });
    row.setAttribute("aria-label", row.getAttribute("aria-label").replace(/\d+$/, String(to + 1)));
  }

  // The spare row is for those without scripts; here it is the pattern of those that are added.
  form.querySelectorAll("[data-rows]").forEach(function (list) {
    const pattern = list.querySelector("[data-spare]");
    const button = list.querySelector("[data-add-row]");
    const count = list.querySelector("[data-count]");
    const spare = Number(count.value) - 1;
    pattern.remove();
    list.querySelector("[data-spare-note]").remove();
    count.value = String(spare);
    button.hidden = false;
    button.addEventListener("click", function () {
      const next = Number(count.value);
      if (next >= Number(list.dataset.rows)) return;
      const row = pattern.cloneNode(true);
      numbered(row, spare, next);
      const remove = document.createElement("button");
      remove.type = "button";
      remove.className = "action action-small remove";
      remove.textContent = "Remove";
      remove.addEventListener("click", function () {
        // Its number stays unused: a row without words is none.
        row.remove();
        button.focus();
        say();
      });
      row.append(remove);
      button.before(row);
      count.value = String(next + 1);
      row.querySelector("input, textarea").focus();
      say();
    });
  });

  form.addEventListener("input", say);
  form.addEventListener("change", say);
  window.addEventListener("pageshow", say);
  say();
})();
