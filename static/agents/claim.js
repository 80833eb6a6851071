// The hold on the item of this page: taken on coming, kept while somebody is here, given back on leaving.
// Without this file there is a button to claim, and a claim ends by itself.
"use strict";

(function () {
  const line = document.querySelector("[data-claim]");
  if (!line) return;
  const text = line.querySelector("[data-claim-text]");
  const form = line.querySelector("[data-claim-form]");
  const alertLine = document.querySelector("[data-claim-alert]");
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  const everyMs = Number(line.dataset.renewEveryS) * 1000;
  // After a broken connection: soon again, and well before the claim has run out.
  const againMs = Math.min(15000, everyMs / 2);
  let dueAt = Infinity;
  let isAsking = false;
  let isStaying = false;
  let hadInput = false;

  function body(fields) {
    const data = new FormData();
    data.append("csrfmiddlewaretoken", token);
    for (const name of fields) data.append(name, "1");
    return data;
  }

  // What was typed stays where it is, to be read and copied; only sending is stopped.
  function allow(isAllowed) {
    document.querySelectorAll("[data-needs-claim] button, button[form=edit-form]").forEach(function (button) {
      button.disabled = !isAllowed;
    });
  }

  // Whoever pressed the button goes on from the heading: focus is never lost.
  function hide(pressed) {
    const hadFocus = pressed.contains(document.activeElement);
    pressed.hidden = true;
    const heading = document.querySelector("#content h1");
    if (hadFocus && heading) heading.focus({ preventScroll: true });
  }

  // With its times in the reader's zone.
  function tell(place, sentence) {
    place.textContent = sentence;
    window.showLocalTimes(place);
  }

  function hold(sentence) {
    line.dataset.claim = "mine";
    if (sentence) tell(text, sentence);
    if (form) hide(form);
    alertLine.hidden = true;
    alertLine.textContent = "";
    allow(true);
    hadInput = false;
    dueAt = performance.now() + everyMs;
  }

  function lose(sentence, isFree) {
    line.dataset.claim = "lost";
    tell(text, sentence);
    if (form) form.hidden = !isFree;
    alertLine.hidden = false;
    tell(alertLine, sentence + " What you have typed is still here, but cannot be sent.");
    allow(false);
    dueAt = Infinity;
  }

  async function claim(isRenewal) {
    if (isAsking) return;
    isAsking = true;
    try {
      const answer = await fetch(line.dataset.claimUrl, {
        method: "POST",
        body: body(isRenewal ? ["renew"] : []),
        headers: { Accept: "application/json" },
      });
      if (answer.redirected || answer.status === 403) {
        lose("You are no longer signed in, or may no longer review.", false);
      } else if (answer.ok) {
        hold((await answer.json()).sentence);
      } else if (answer.status === 404 || answer.status === 409) {
        const said = await answer.json();
        lose(said.detail, said.code === "claim_lost");
      } else {
        dueAt = performance.now() + againMs;
      }
    } catch {
      dueAt = performance.now() + againMs;
    } finally {
      isAsking = false;
    }
  }

  function look() {
    if (document.visibilityState !== "visible" || performance.now() < dueAt) return;
    if (hadInput || document.hasFocus()) claim(line.dataset.claim === "mine");
  }

  ["input", "keydown", "pointerdown", "scroll"].forEach(function (kind) {
    document.addEventListener(kind, function () { hadInput = true; }, { passive: true, capture: true });
  });
  document.addEventListener("visibilitychange", look);
  window.addEventListener("focus", look);
  setInterval(look, Math.min(1000, everyMs / 4));

  if (form) {
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      claim(false);
    });
  }

  document.addEventListener("submit", function (event) {
    if (line.dataset.claim === "lost" && event.target.matches("[data-needs-claim]")) event.preventDefault();
  }, true);

  // A form of this page settles the claim itself; a link to the same page keeps it.
  function stay() {
    isStaying = true;
    setTimeout(function () { isStaying = false; }, 10000);
  }
  document.addEventListener("submit", function (event) {
    if (!event.defaultPrevented && event.target.closest("[data-needs-claim], [data-stays], .decision-bar")) stay();
  });
  document.addEventListener("click", function (event) {
    if (event.target.closest("a[data-stay]") && !event.ctrlKey && !event.metaKey && !event.shiftKey) stay();
  });
  window.addEventListener("pagehide", function () {
    if (isStaying || (line.dataset.claim !== "mine" && !isAsking)) return;
    navigator.sendBeacon(line.dataset.releaseUrl, body([]));
  });
  window.addEventListener("pageshow", function (event) {
    if (event.persisted && line.dataset.claim === "mine") claim(false);
  });

  if (line.dataset.claim === "mine") {
    dueAt = performance.now() + everyMs;
    // The page before may have given it back after this one was made, as when a page is loaded anew.
    setTimeout(function () { if (!isStaying) claim(false); }, 1000);
  } else if (line.dataset.claim === "free" && "claimsByItself" in line.dataset) {
    claim(false);
  }
})();
