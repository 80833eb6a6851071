// Times in the reader's own zone, with UTC on hover. Without this file they are in UTC.
"use strict";

(function () {
  function two(number) {
    return String(number).padStart(2, "0");
  }

  document.querySelectorAll("time[data-moment]").forEach(function (time) {
    const moment = new Date(time.dateTime);
    const day = [moment.getFullYear(), two(moment.getMonth() + 1), two(moment.getDate())].join("-");
    const hour = [two(moment.getHours()), two(moment.getMinutes()), two(moment.getSeconds())].join(":");
    time.title = time.textContent + " UTC";
    time.textContent = day + " " + hour;
    const after = time.nextSibling;
    if (after && after.nodeType === Node.TEXT_NODE) after.textContent = after.textContent.replace(/^ UTC/, "");
  });
})();
