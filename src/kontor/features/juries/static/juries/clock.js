"use strict";
/* The clock of a pitch: counts from what the server said, and asks now and then whether the pitch moved on. */

(() => {
  const box = document.querySelector("[data-clock]");
  if (!box) return;
  const face = box.querySelector("[data-time]");
  let left = box.dataset.left === "" ? null : Number(box.dataset.left);
  let at = performance.now();

  const show = () => {
    if (left === null) return;
    const seconds = Math.round(left - (performance.now() - at) / 1000);
    const shown = Math.abs(seconds);
    face.textContent = `${seconds < 0 ? "+" : ""}${Math.floor(shown / 60)}:${String(shown % 60).padStart(2, "0")}`;
    face.classList.toggle("jury-late", seconds < 0);
    if (seconds < 0) face.title = box.dataset.over;
  };

  const ask = async () => {
    try {
      const told = await (await fetch(box.dataset.clock)).json();
      left = told.left;
      at = performance.now();
      const writes = document.querySelector("form input:checked, form textarea:focus");
      if (String(told.revision) !== box.dataset.revision && !writes) location.reload();
    } catch {
      /* the clock goes on by itself */
    }
  };

  show();
  setInterval(show, 250);
  setInterval(ask, 5000);
})();
