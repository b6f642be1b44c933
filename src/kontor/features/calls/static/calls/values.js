"use strict";
/* The value of a field on the writing page, as the server stores it, and back (docs/formats/form.md). */

window.kontorValues = (() => {
  const controls = (field) => [...field.querySelectorAll("input, textarea, select")].filter((one) => one.name && one.type !== "hidden" && one.type !== "file");

  const cells = (row) => {
    const found = {};
    for (const one of row.querySelectorAll("[data-column]")) if (one.value.trim()) found[one.dataset.column] = one.value;
    return found;
  };

  const READ = {
    choices: (field) => controls(field).filter((one) => one.checked).map((one) => one.value),
    choice: (field) => controls(field).find((one) => one.checked)?.value ?? "",
    "yes-no": (field) => controls(field).find((one) => one.checked)?.value ?? "",
    table: (field) =>
      [...field.querySelectorAll("[data-rows] > [data-row]")]
        .map((row) => ({ id: row.dataset.row, ...cells(row) }))
        .filter((row) => Object.keys(row).length > 1),
    budget: (field) =>
      Object.fromEntries([...field.querySelectorAll("[data-partner]")].map((row) => [row.dataset.partner, cells(row)]).filter(([, row]) => Object.keys(row).length)),
  };

  const read = (field) => {
    const kind = field.dataset.kind;
    if (READ[kind]) return READ[kind](field);
    if (field.dataset.languages) return Object.fromEntries(controls(field).filter((one) => one.value).map((one) => [one.dataset.language, one.value]));
    return controls(field)[0]?.value ?? "";
  };

  /* Put a text where it is shown, without moving the caret of somebody who types there. */
  const put = (control, text) => {
    if (control.value === text) return;
    const here = document.activeElement === control;
    const { selectionStart: start, selectionEnd: end } = control;
    control.value = text;
    if (here && start !== null) control.setSelectionRange(Math.min(start, text.length), Math.min(end, text.length));
  };

  const WRITE = {
    choices: (field, value) => controls(field).forEach((one) => (one.checked = value.includes(one.value))),
    choice: (field, value) => controls(field).forEach((one) => (one.checked = one.value === value)),
    "yes-no": (field, value) => controls(field).forEach((one) => (one.checked = one.value === value)),
    budget: (field, value) => {
      for (const row of field.querySelectorAll("[data-partner]"))
        for (const one of row.querySelectorAll("[data-column]")) put(one, value[row.dataset.partner]?.[one.dataset.column] ?? "");
    },
    table: (field, value) => {
      while (field.querySelectorAll("[data-rows] > [data-row]").length < value.length) addRow(field);
      const rows = [...field.querySelectorAll("[data-rows] > [data-row]")];
      rows.forEach((row, at) => {
        if (value[at]) row.dataset.row = row.querySelector('input[type="hidden"]').value = value[at].id;
        for (const one of row.querySelectorAll("[data-column]")) put(one, value[at]?.[one.dataset.column] ?? "");
      });
    },
  };

  const write = (field, value) => {
    const kind = field.dataset.kind;
    if (WRITE[kind]) WRITE[kind](field, value ?? (kind === "budget" ? {} : []));
    else if (field.dataset.languages) controls(field).forEach((one) => put(one, value?.[one.dataset.language] ?? ""));
    else if (controls(field)[0]) put(controls(field)[0], value ?? "");
  };

  const addRow = (field) => {
    const body = field.querySelector("[data-rows]");
    const blank = field.querySelector("[data-blank]");
    const made = blank.content.firstElementChild.cloneNode(true);
    const id = `r${Date.now().toString(36)}${Math.floor(Math.random() * 46656).toString(36)}`;
    const at = String(body.children.length);
    made.dataset.row = id;
    for (const one of made.querySelectorAll("[name]")) {
      one.name = one.name.replace("__ROW__", at);
      if (one.id) one.id = one.id.replace("__ROW__", at);
      if (one.value === "__ID__") one.value = id;
    }
    body.append(made);
    return made;
  };

  /* What a reader sees of a value, for showing two beside each other. */
  const words = (value) => {
    if (Array.isArray(value)) return value.map((one) => (typeof one === "object" ? Object.entries(one).filter(([key]) => key !== "id").map(([, cell]) => cell).join(" · ") : one)).join("\n");
    if (value && typeof value === "object") return Object.values(value).map((one) => (typeof one === "object" ? Object.values(one).join(" · ") : one)).join("\n");
    return String(value ?? "");
  };

  return { read, write, addRow, words };
})();
