"use strict";
/* The composer's board by mouse: a suggestion is dragged onto a seat, a seat to another place. Every drag sends the
   form that the buttons send too; without this script the buttons alone do it. */

(() => {
  const TYPES = { candidate: "application/x-kontor-candidate", seat: "application/x-kontor-seat" };

  const arm = (root) => {
    for (const each of root.querySelectorAll("[data-drag], .cons-seat:has([data-move])")) each.draggable = true;
  };

  document.addEventListener("dragstart", (event) => {
    const candidate = event.target.closest?.("[data-drag]");
    const seat = event.target.closest?.("[data-seat]");
    if (candidate) event.dataTransfer.setData(TYPES.candidate, candidate.dataset.candidate);
    else if (seat) event.dataTransfer.setData(TYPES.seat, seat.dataset.seat);
    else return;
    event.dataTransfer.effectAllowed = "move";
  });

  const over = (event) => {
    const given = event.dataTransfer?.types ?? [];
    const seat = event.target.closest?.("[data-seat]");
    if (seat && [...given].some((type) => Object.values(TYPES).includes(type))) return seat;
    const row = event.target.closest?.("[data-row]");
    return row && [...given].includes(TYPES.candidate) ? row : null;
  };

  const mark = (place) => {
    for (const each of document.querySelectorAll(".cons-over")) if (each !== place) each.classList.remove("cons-over");
    place?.classList.add("cons-over");
  };

  document.addEventListener("dragover", (event) => {
    const place = over(event);
    mark(place);
    if (place) event.preventDefault();
  });
  document.addEventListener("dragend", () => mark(null));

  document.addEventListener("drop", (event) => {
    const place = over(event);
    mark(null);
    if (!place) return;
    event.preventDefault();
    const candidate = event.dataTransfer.getData(TYPES.candidate);
    const moved = event.dataTransfer.getData(TYPES.seat);
    if (candidate) take(place, candidate);
    else if (moved && moved !== place.dataset.seat) move(moved, place.dataset.place);
  });

  /* Onto an empty seat: proposed for it. Elsewhere in the row: a seat of its own. */
  const take = (place, candidate) => {
    const put = document.querySelector("form[data-put]");
    if (place.classList.contains("cons-open") && put) {
      put.elements.seat.value = place.dataset.seat;
      put.elements.candidate.value = candidate;
      put.requestSubmit();
    } else {
      document.querySelector(`[data-candidate="${CSS.escape(candidate)}"] form[data-take]`)?.requestSubmit();
    }
  };

  const move = (seat, position) => {
    const form = document.querySelector(`[data-seat="${CSS.escape(seat)}"] form[data-move]`);
    if (!form) return;
    const given = document.createElement("input");
    given.type = "hidden";
    given.name = "position";
    given.value = position;
    form.append(given);
    form.submit();
  };

  /* The board looks every few seconds whether somebody changed it; not while something is being typed or dragged. */
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.id !== "board") return;
    const typing = event.target.querySelector('input[type="text"]:focus, textarea:focus, select:focus');
    const written = [...event.target.querySelectorAll('input[type="text"]')].some((each) => each.value !== each.defaultValue);
    if (typing || written || document.hidden || event.target.querySelector(".cons-over")) event.preventDefault();
  });
  document.addEventListener("htmx:afterSwap", () => arm(document));
  document.addEventListener("DOMContentLoaded", () => arm(document));
})();
