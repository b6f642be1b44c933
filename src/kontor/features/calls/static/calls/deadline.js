"use strict";
/* Time left until a deadline, by the server's clock: the difference of both clocks is taken when the page comes. */

(() => {
  const UNITS = [["days", 86400], ["hours", 3600], ["minutes", 60], ["seconds", 1]];

  const arm = (place) => {
    const closes = Date.parse(place.dataset.closes);
    const ahead = Date.now() - Date.parse(place.dataset.now);
    const left = place.querySelector("[data-left]");
    const tell = () => {
      const seconds = Math.floor((closes - (Date.now() - ahead)) / 1000);
      if (seconds <= 0) {
        left.textContent = place.dataset.over;
        place.dataset.isOver = "";
        return;
      }
      const [unit, size] = UNITS.find(([, size]) => seconds >= 2 * size) ?? UNITS[3];
      left.textContent = `(${place.dataset[unit].replace("{count}", Math.floor(seconds / size))})`;
      setTimeout(tell, size > 60 ? 30000 : 1000);
    };
    tell();
  };

  document.addEventListener("DOMContentLoaded", () => {
    for (const place of document.querySelectorAll("[data-closes]")) arm(place);
  });
})();
