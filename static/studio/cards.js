// A name in a text opens a card beside it; with a modifier key, or without an answer, it is a plain link.
"use strict";

const card = document.createElement("div");
card.popover = "auto";
card.className = "name-popover";
card.setAttribute("role", "dialog");
document.body.append(card);

document.addEventListener("click", async (event) => {
  const name = event.target.closest?.("a[data-card]");
  if (!name || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const response = await fetch(`${name.href}/card`).catch(() => null);
  if (!response?.ok || response.redirected || !card.showPopover) return location.assign(name.href);
  card.innerHTML = await response.text();
  card.setAttribute("aria-label", name.textContent);
  card.showPopover();
  const place = name.getBoundingClientRect();
  const left = Math.min(place.left, document.documentElement.clientWidth - card.offsetWidth - 8);
  const below = place.bottom + 6;
  const fits = below + card.offsetHeight < window.innerHeight;
  card.style.left = `${Math.max(8, left)}px`;
  card.style.top = `${fits ? below : Math.max(8, place.top - card.offsetHeight - 6)}px`;
  card.querySelector("a").focus();
});
