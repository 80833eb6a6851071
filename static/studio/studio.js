// What pages do beyond links and forms: keys, drafts, the reader's own time, the bell, live jobs, names, copying.
"use strict";

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const isTyping = (element) => element.matches("input, textarea, select, [contenteditable]");

// --- The reader's time zone

const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });
const SHORT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

function localTimes(root) {
  for (const time of all("time[data-time]", root)) {
    const moment = new Date(time.dateTime);
    if (Number.isNaN(moment.valueOf())) continue;
    time.title = EXACT.format(moment);
    if (time.dataset.time === "moment") time.textContent = SHORT.format(moment);
  }
}

const UNITS = [["year", 31_536_000], ["month", 2_629_800], ["week", 604_800], ["day", 86_400], ["hour", 3_600], ["minute", 60]];
const AGO = new Intl.RelativeTimeFormat("en");

// A page may be open all day.
function renewTimes() {
  for (const time of all("time[data-time=ago]")) {
    const seconds = (Date.now() - new Date(time.dateTime)) / 1000;
    const [unit, size] = UNITS.find(([, least]) => seconds >= least) ?? [];
    if (unit) time.textContent = AGO.format(-Math.floor(seconds / size), unit);
  }
}

function renewBell() {
  const bell = document.querySelector("[data-renew]");
  if (bell && !document.hidden && navigator.onLine) htmx.ajax("GET", bell.dataset.renew, { target: bell, swap: "outerHTML" });
}

setInterval(() => {
  renewTimes();
  renewBell();
}, 60_000);
document.addEventListener("visibilitychange", renewBell);

// --- Keys: c asks, / searches, j and k move through a list, ? explains

function move(step) {
  const links = all("[data-list] a.title, [data-list] h3 a, [data-list] h2 a");
  const at = links.indexOf(document.activeElement);
  links.at(Math.min(Math.max(at + step, 0), links.length - 1))?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const menu of all("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    return;
  }
  if (event.ctrlKey || event.metaKey) {
    if (event.key === "Enter" && isTyping(event.target)) event.target.form?.requestSubmit();
    return;
  }
  if (event.altKey || event.repeat || isTyping(event.target)) return;
  if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else {
    const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!target) return;
    event.preventDefault();
    if (isTyping(target)) target.focus();
    else target.click();
  }
});

document.addEventListener("click", (event) => {
  for (const menu of all("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});

// --- A form is sent once, and what is typed into it is kept on this device until then

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  for (const button of all("button", form)) button.setAttribute("aria-disabled", "true");
});

// A page that the browser brings back was left by sending its form.
addEventListener("pageshow", () => {
  for (const form of all("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of all("button", form)) button.removeAttribute("aria-disabled");
  }
});

const account = document.body.dataset.account;
const draftKey = (form) => `studio:${account}:${form.dataset.draft}`;

// What stands in a form that came back with errors, or began with an example, is nothing that the server keeps.
const original = (form, field, stored) => (form.dataset.draftIs === "sent" ? "" : stored);

function typedIn(form) {
  const typed = {};
  const seen = {};
  for (const field of form.elements) {
    if (!field.name || ["hidden", "password", "submit", "button", "fieldset"].includes(field.type)) continue;
    const number = (seen[field.name] = (seen[field.name] ?? -1) + 1);
    const key = `${field.name}#${number}`;
    if (field.type === "checkbox" || field.type === "radio") {
      if (field.checked !== field.defaultChecked) typed[key] = field.checked;
    } else if (field.tagName === "SELECT") {
      if (!field.options[field.selectedIndex]?.defaultSelected) typed[key] = field.value;
    } else if (field.value !== original(form, field, field.defaultValue)) typed[key] = field.value;
  }
  return typed;
}

// The state of the entry that a form was opened with: what is restored later must not replace newer words unseen.
const SEEN = "seen#0";

function restore(form) {
  const kept = JSON.parse(localStorage.getItem(draftKey(form)) ?? "null");
  if (!kept) return;
  const state = form.elements.seen;
  if (state && kept[SEEN]) {
    state.dataset.now = state.value;
    state.value = kept[SEEN];
  }
  const spare = form.querySelector(".rules li:last-child");
  const rules = () => all("[name=rule]", form).length;
  while (spare && `rule#${rules()}` in kept) spare.after(spare.cloneNode(true));
  const seen = {};
  let isChanged = false;
  for (const field of form.elements) {
    const number = (seen[field.name] = (seen[field.name] ?? -1) + 1);
    const value = kept[`${field.name}#${number}`];
    if (value === undefined || field.type === "hidden") continue;
    const property = typeof value === "boolean" ? "checked" : "value";
    isChanged ||= field[property] !== value;
    field[property] = value;
  }
  const note = form.querySelector("[data-draft-note]");
  if (note && isChanged) note.hidden = false;
}

function keepDrafts(form) {
  if (form.dataset.draftIs !== "sent") restore(form);
  let timer;
  const keep = () => {
    const typed = typedIn(form);
    if (!Object.keys(typed).length) return localStorage.removeItem(draftKey(form));
    if (form.elements.seen) typed[SEEN] = form.elements.seen.value;
    try {
      localStorage.setItem(draftKey(form), JSON.stringify(typed));
    } catch {
      // The browser keeps no more; the form itself goes on.
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, 300);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    keep();
    sessionStorage.setItem("studio:sent", draftKey(form));
  });
  addEventListener("pagehide", () => {
    if (!form.dataset.sent) keep();
  });
  form.querySelector("[data-draft-drop]")?.addEventListener("click", () => {
    localStorage.removeItem(draftKey(form));
    form.reset();
    const state = form.elements.seen;
    if (state?.dataset.now) state.value = state.dataset.now;
    form.querySelector("[data-draft-note]").hidden = true;
  });
}

// A form that was carried out leads to another page. One that was refused, or sent signed out, leads to a page that
// says so; without a connection, or after an error, the next page is one that the reader goes to.
function forgetSent() {
  const sent = sessionStorage.getItem("studio:sent");
  sessionStorage.removeItem("studio:sent");
  const [visit] = performance.getEntriesByType("navigation");
  const isDone = account && visit?.type === "navigate" && visit.redirectCount > 0;
  if (sent && isDone && !document.querySelector("[data-refused]")) localStorage.removeItem(sent);
}

// --- A job, live: server-sent events, and the page's own polling while they do not come

function follow(box) {
  const words = box.querySelector("[data-words]");
  const refresh = () => htmx.ajax("GET", box.dataset.part, { source: box, target: box, swap: "outerHTML" });
  const source = new EventSource(box.dataset.events);
  let polling = 0;
  const poll = (isOn) => {
    clearInterval(polling);
    polling = isOn ? setInterval(refresh, 3000) : 0;
  };
  const stop = () => {
    poll(false);
    source.close();
  };
  source.addEventListener("open", () => poll(false));
  const tell = (phase, count) => {
    const say = { writing: "Writing", repairing: "Correcting the format", second_opinion: "Asking for a second opinion" };
    if (words) words.textContent = count ? `${say[phase] ?? "Working"}: ${count} words so far` : (say[phase] ?? "Working");
    const bar = box.querySelector("progress");
    if (bar && count) bar.value = Math.min(count, bar.max * 0.97);
  };
  source.addEventListener("progress", (event) => {
    const { phase, words: count } = JSON.parse(event.data).data;
    tell(phase, count);
  });
  source.addEventListener("text", (event) => {
    const { phase, append, text } = JSON.parse(event.data);
    const shown = box.querySelector("[data-text]");
    shown.textContent = append ? shown.textContent + text : text;
    shown.hidden = !shown.textContent;
    tell(phase, (shown.textContent.match(/\S+/g) ?? []).length);
  });
  for (const kind of ["claimed", "completed", "failed", "cancelled", "rescheduled", "postponed", "rescued", "retried", "batched"]) {
    source.addEventListener(kind, () => {
      stop();
      refresh();
    });
  }
  for (const kind of ["end", "error"]) {
    source.addEventListener(kind, (event) => {
      if (kind === "end" || event.data) {
        stop();
        refresh();
      } else poll(true);
    });
  }
  box.addEventListener("htmx:beforeSwap", ({ detail }) => detail.shouldSwap && stop());
  const lost = () => {
    if (words) words.textContent = "No connection. Trying again …";
  };
  box.addEventListener("htmx:sendError", lost);
  addEventListener("offline", lost);
  addEventListener("online", () => box.isConnected && refresh());
  addEventListener("pagehide", stop, { once: true });
}

// --- Names by typing: after @ in a text, or in a field of names

function offerNames(field) {
  const list = document.createElement("ul");
  list.className = "suggest";
  list.id = `${field.id}-names`;
  list.role = "listbox";
  list.hidden = true;
  field.parentElement.classList.add("with-suggest");
  field.after(list);
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-autocomplete", "list");
  let asked = 0;
  const isText = field.tagName === "TEXTAREA" && !("lines" in field.dataset);
  const wanted = () => {
    const before = field.value.slice(0, field.selectionStart);
    const found = isText ? /@([\p{L}\p{N}'’ .-]{0,40})$/u.exec(before) : /@?([^\n]{1,40})$/u.exec(before);
    return found ? { start: found.index, word: found[1].trim() } : null;
  };
  const close = () => {
    list.hidden = true;
    field.removeAttribute("aria-activedescendant");
  };
  const take = (name) => {
    const place = wanted();
    field.setRangeText(name, place ? place.start : field.selectionStart, field.selectionStart, "end");
    close();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const select = (option) => {
    for (const other of list.children) other.setAttribute("aria-selected", String(other === option));
    field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };
  field.addEventListener("input", async () => {
    const place = wanted();
    const number = ++asked;
    const universe = field.form.querySelector("[name=universe]")?.value ?? "";
    if (!place || !universe) return close();
    const query = new URLSearchParams({ universe, q: place.word, kind: field.dataset.names });
    const response = await fetch(`${field.form.dataset.namesUrl}?${query}`).catch(() => null);
    if (number !== asked || !response?.ok || response.redirected) return;
    const { names } = await response.json();
    if (!names.length || (names.length === 1 && names[0].name === place.word)) return close();
    list.replaceChildren(
      ...names.map(({ name, kind }, index) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${index}`;
        option.role = "option";
        option.textContent = name;
        const what = document.createElement("span");
        what.className = "quiet small";
        what.textContent = ` ${kind}`;
        option.append(what);
        option.addEventListener("mousedown", (event) => {
          event.preventDefault();
          take(name);
        });
        return option;
      }),
    );
    list.hidden = false;
    select(list.firstChild);
  });
  field.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const options = [...list.children];
    const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      select(options.at((at + (event.key === "ArrowDown" ? 1 : -1)) % options.length));
    } else if (event.key === "Enter" || event.key === "Tab") {
      take(options[at].firstChild.textContent);
    } else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  field.addEventListener("blur", close);
}

// --- A field that matters only for some choices of another one

function showFor(choice) {
  const name = choice.dataset.shows;
  const update = () => {
    for (const field of all(`[data-for-${name}]`, choice.form)) {
      field.classList.remove("not-now");
      field.hidden = !field.getAttribute(`data-for-${name}`).split(" ").includes(choice.value);
    }
  };
  choice.addEventListener("change", update);
  update();
}

// --- Start, on the page and on each part that is brought in later

function begin(root) {
  localTimes(root);
  for (const box of all("[data-events]", root)) follow(box);
  if (root.matches?.("[data-events]")) follow(root);
  for (const field of all("[data-names]", root)) offerNames(field);
  for (const button of all("[data-copy]", root)) {
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
      const label = button.textContent;
      button.textContent = "Copied";
      setTimeout(() => (button.textContent = label), 1500);
    });
  }
  for (const choice of all("[data-shows]", root)) showFor(choice);
  for (const field of all("[data-own-zone]", root)) {
    field.value = field.defaultValue = Intl.DateTimeFormat().resolvedOptions().timeZone ?? field.value;
  }
  for (const box of all("[data-check-all]", root)) {
    box.addEventListener("change", () => {
      for (const other of all("input[name=job]", box.form)) other.checked = box.checked;
    });
  }
}

// A page that does not belong to this sign-in any more is refused as a whole, by an answer that is no part of it.
document.body.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.xhr.status !== 403 || detail.xhr.getResponseHeader("HX-Retarget")) return;
  detail.shouldSwap = false;
  const notice = Object.assign(document.createElement("p"), { className: "notice warn" });
  notice.textContent = "You have signed in again since you opened this page. Reload it; what you typed is kept.";
  document.getElementById("page-notice").replaceChildren(notice);
});

begin(document.body);
forgetSent();
for (const form of all("form[data-draft]")) keepDrafts(form);
document.body.addEventListener("htmx:load", (event) => event.detail.elt !== document.body && begin(event.detail.elt));
for (const button of all("[data-forget]")) {
  button.form.addEventListener("submit", () => {
    for (const key of Object.keys(localStorage)) if (key.startsWith(`studio:${account}:`)) localStorage.removeItem(key);
  });
}
