// Times in the reader's own zone, with UTC on hover. Without this file they are in UTC.
"use strict";

(function () {
  const WRITTEN = /(?:(\d{4}-\d\d-\d\d) )?(\d\d:\d\d)(:\d\d)? UTC/g;
  // What people and agents wrote stays as they wrote it.
  const QUOTED = "bdi, [dir=auto], .lines, .prose, pre, code, textarea, select, script, style, time";

  function two(number) {
    return String(number).padStart(2, "0");
  }

  function dayOf(moment) {
    return [moment.getFullYear(), two(moment.getMonth() + 1), two(moment.getDate())].join("-");
  }

  function hourOf(moment, withSeconds) {
    const parts = [moment.getHours(), moment.getMinutes(), moment.getSeconds()];
    return parts.slice(0, withSeconds ? 3 : 2).map(two).join(":");
  }

  // An hour without a day is the nearest one.
  function momentOf(day, hour) {
    if (day) return new Date(day + "T" + hour + "Z");
    const today = new Date(new Date().toISOString().slice(0, 11) + hour + "Z");
    const ahead = today - Date.now();
    if (Math.abs(ahead) > 12 * 3600e3) today.setUTCDate(today.getUTCDate() + (ahead > 0 ? -1 : 1));
    return today;
  }

  function localTime(whole, day, hour, seconds) {
    const moment = momentOf(day, hour + (seconds || ":00"));
    const time = document.createElement("time");
    time.dateTime = moment.toISOString();
    time.title = whole;
    time.textContent = (day ? dayOf(moment) + " " : "") + hourOf(moment, Boolean(seconds));
    return time;
  }

  function rewrite(node) {
    const pieces = [];
    let end = 0;
    for (const found of node.data.matchAll(WRITTEN)) {
      pieces.push(node.data.slice(end, found.index), localTime(...found));
      end = found.index + found[0].length;
    }
    if (pieces.length) node.replaceWith(...pieces, node.data.slice(end));
  }

  document.querySelectorAll("time[data-moment]").forEach(function (time) {
    const moment = new Date(time.dateTime);
    time.title = time.textContent + " UTC";
    time.textContent = dayOf(moment) + " " + hourOf(moment, true);
    const after = time.nextSibling;
    if (after && after.nodeType === Node.TEXT_NODE) after.textContent = after.textContent.replace(/^ UTC/, "");
  });
  document.querySelectorAll("th").forEach(function (head) {
    if (head.childElementCount === 0) head.textContent = head.textContent.replace(" (UTC)", "");
  });

  window.showLocalTimes = function (root) {
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const found = [];
    while (texts.nextNode()) {
      const node = texts.currentNode;
      if (node.data.includes(" UTC") && !node.parentElement.closest(QUOTED)) found.push(node);
    }
    found.forEach(rewrite);
  };
  window.showLocalTimes(document.body);
})();
