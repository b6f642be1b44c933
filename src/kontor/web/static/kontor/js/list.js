"use strict";
/* Lists and forms: filters that apply as they change, a choice of columns, a warning before typed text is lost.
   Without the script: filters have a button, every column is shown, the browser keeps its own counsel. */

(() => {
  const PAUSE = 350; // ms after the last key before a filter applies

  /* <form data-autosubmit>: sends itself through htmx where it has hx-get, else as usual. */
  const timers = new WeakMap();
  const submitSoon = (form, wait) => {
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(() => form.requestSubmit(), wait));
  };
  /* A control's form may stand elsewhere on the page: <input form="id">. */
  const autosubmitted = (control) => (control.form?.matches("[data-autosubmit]") ? control.form : null);
  document.addEventListener("input", (event) => {
    const form = autosubmitted(event.target);
    if (form && event.target.matches('input[type="search"], input[type="text"], input[type="number"], textarea')) {
      submitSoon(form, PAUSE);
    }
  });
  document.addEventListener("change", (event) => {
    const form = autosubmitted(event.target);
    if (form && event.target.matches('select, input[type="checkbox"], input[type="radio"], input[type="date"], input[type="range"]')) {
      submitSoon(form, 0);
    }
  });
  /* Who presses the button does not wait for the pause, and nothing is asked a second time after it. */
  document.addEventListener("submit", (event) => clearTimeout(timers.get(event.target)), true);
  document.addEventListener("DOMContentLoaded", () => {
    for (const form of document.querySelectorAll("form[data-autosubmit]")) {
      for (const button of form.querySelectorAll("[data-autosubmit-button]")) button.hidden = true;
    }
  });

  /* <div data-keep-place>: an answer that comes late and replaces what stands in it keeps the focus, what was ticked and
     what was opened. What is in the answer too is found by its row (data-row), name, value and words. */
  const CONTROLS = "a[href], button, input, select, textarea, summary";
  const mark = (control) =>
    [
      control.closest("[data-row]")?.dataset.row,
      control.tagName,
      control.name,
      control.getAttribute("value"),
      control.textContent.trim(),
    ].join("|");
  const places = new WeakMap();
  document.addEventListener("htmx:beforeSwap", (event) => {
    const region = event.detail.target;
    if (!region?.matches?.("[data-keep-place]")) return;
    const place = { ticked: new Set(), opened: new Set(), focused: null };
    for (const box of region.querySelectorAll("input:checked")) place.ticked.add(mark(box));
    for (const summary of region.querySelectorAll("details[open] > summary")) place.opened.add(mark(summary));
    if (region.contains(document.activeElement)) place.focused = mark(document.activeElement);
    places.set(region, place);
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const region = event.detail.target;
    const place = places.get(region);
    if (!place) return;
    places.delete(region);
    let found = null;
    for (const control of region.querySelectorAll(CONTROLS)) {
      const marked = mark(control);
      if (control.matches('[type="checkbox"]') && place.ticked.has(marked)) control.checked = true;
      if (control.matches("details > summary") && place.opened.has(marked)) control.parentElement.open = true;
      if (marked === place.focused) found ??= control;
    }
    /* What had the focus is gone: the next key goes on from here, not from the top of the page. */
    if (place.focused !== null) (found ?? region).focus({ preventScroll: true });
  });

  /* <details data-columns="table-id"> holds a checkbox per column, value = its number from 0; kept per address. */
  const showColumns = (panel) => {
    const table = document.getElementById(panel.dataset.columns);
    if (!table) return;
    const hidden = new Set();
    for (const box of panel.querySelectorAll('input[type="checkbox"]')) if (!box.checked) hidden.add(Number(box.value));
    for (const row of table.rows) {
      [...row.cells].forEach((cell, column) => {
        cell.hidden = hidden.has(column);
      });
    }
    localStorage.setItem(`columns:${location.pathname}:${table.id}`, JSON.stringify([...hidden]));
  };
  const restoreColumns = () => {
    for (const panel of document.querySelectorAll("[data-columns]")) {
      const kept = JSON.parse(localStorage.getItem(`columns:${location.pathname}:${panel.dataset.columns}`) || "[]");
      for (const box of panel.querySelectorAll('input[type="checkbox"]')) {
        if (kept.includes(Number(box.value))) box.checked = false;
      }
      panel.hidden = false;
      showColumns(panel);
    }
  };
  document.addEventListener("change", (event) => {
    const panel = event.target.closest?.("[data-columns]");
    if (panel) showColumns(panel);
  });
  document.addEventListener("DOMContentLoaded", restoreColumns);
  document.addEventListener("htmx:afterSettle", restoreColumns);

  /* <input type="checkbox" data-select-all="name">: marks every box of that name; the count is said aloud. */
  document.addEventListener("change", (event) => {
    const all = event.target.closest?.("[data-select-all]");
    if (!all) return;
    for (const box of document.getElementsByName(all.dataset.selectAll)) box.checked = all.checked;
  });

  /* <form data-unsaved>: leaving with typed text asks first. */
  let changed = false;
  document.addEventListener("input", (event) => {
    if (event.target.closest?.("form[data-unsaved]")) changed = true;
  });
  document.addEventListener("submit", () => {
    changed = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });
})();
