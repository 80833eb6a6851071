// Names complete after @ in a comment. Without this file they are typed in full.
"use strict";

(function () {
  const field = document.getElementById("comment-text");
  const list = document.getElementById("comment-names");
  if (!field || !list) return;
  const MOST = 6;
  const names = Array.from(list.children, (option) => option.textContent);
  let chosen = 0;

  // The beginning of a name just before the caret; null if there is none.
  function begun() {
    const before = field.value.slice(0, field.selectionStart);
    const found = /(?:^|[^\w@.+-])@([\w.+-]*)$/.exec(before);
    return found && field.selectionStart === field.selectionEnd ? found[1] : null;
  }

  function close() {
    list.hidden = true;
    field.removeAttribute("aria-activedescendant");
  }

  function mark() {
    Array.from(list.children).forEach(function (option, index) {
      option.setAttribute("aria-selected", String(index === chosen));
      if (index === chosen) field.setAttribute("aria-activedescendant", option.id);
    });
  }

  function offer() {
    const start = begun();
    const fitting = start === null ? [] : names.filter((name) => name.toLowerCase().startsWith(start.toLowerCase()));
    if (fitting.length === 0 || (fitting.length === 1 && fitting[0] === start)) return close();
    list.replaceChildren(...fitting.slice(0, MOST).map(function (name, index) {
      const option = document.createElement("li");
      option.id = "comment-name-" + index;
      option.setAttribute("role", "option");
      option.textContent = name;
      option.addEventListener("mousedown", function (event) {
        event.preventDefault();
        insert(name);
      });
      return option;
    }));
    chosen = 0;
    list.hidden = false;
    mark();
  }

  function insert(name) {
    const at = field.selectionStart;
    field.setRangeText(name + " ", at - begun().length, at, "end");
    close();
  }

  field.addEventListener("input", offer);
  field.addEventListener("blur", close);
  field.addEventListener("keydown", function (event) {
    if (list.hidden || event.isComposing || event.ctrlKey || event.metaKey) return;
    const options = list.children.length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      chosen = (chosen + (event.key === "ArrowDown" ? 1 : -1) + options) % options;
      mark();
    } else if (event.key === "Enter" || event.key === "Tab") insert(list.children[chosen].textContent);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    // Escape closes the list first, and leaves the field only when pressed again.
    event.stopPropagation();
  });
})();
