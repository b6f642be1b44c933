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

  /* Numbers as the reader writes them; a text that is no stored number stays as it is. */
  const [THOUSANDS, DECIMAL] = document.documentElement.lang.startsWith("en") ? [",", "."] : [".", ","];
  const figure = (text, grouped) => {
    const found = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
    if (!found) return text;
    const whole = grouped ? found[2].replace(/\B(?=(\d{3})+$)/g, THOUSANDS) : found[2];
    return found[1] + whole + (found[3] ? DECIMAL + found[3] : "");
  };

  /* The amount of a text in cents, null where it is none; marks as in the server's `canonical`. */
  const cents = (text) => {
    const bare = text.replace(/[\s\u00a0\u202f'’€]/g, "");
    if (!/^[\d.,]+$/.test(bare)) return null;
    const last = Math.max(bare.lastIndexOf("."), bare.lastIndexOf(","));
    const [whole, tail] = last < 0 ? [bare, ""] : [bare.slice(0, last), bare.slice(last + 1)];
    const mark = bare[last] === "." ? "\\." : ",";
    const group = tail.length === 3 && new RegExp(`^[1-9]\\d{0,2}(${mark}\\d{3})*$`).test(whole);
    const digits = whole.replace(/[.,]/g, "") + (group ? tail : "");
    if (!group && tail.length > 2) return null;
    return BigInt(digits || "0") * 100n + BigInt(group ? "0" : (tail + "00").slice(0, 2));
  };
  const amount = (sum) => figure(`${sum / 100n}.${String(sum % 100n).padStart(2, "0")}`, true);

  /* Costs and sums of a budget, as soon as an amount is typed. */
  const addUp = (field) => {
    if (field.dataset.kind !== "budget") return;
    const sums = [];
    for (const row of field.querySelectorAll("[data-partner]")) {
      const amounts = [...row.querySelectorAll("[data-column]")].map((one) => cents(one.value));
      const costs = amounts.slice(0, -1).filter((one) => one !== null);
      const cost = costs.reduce((one, other) => one + other, 0n);
      row.querySelector("[data-cost]").textContent = costs.length ? amount(cost) : "–";
      [...amounts, costs.length ? cost : null].forEach((one, at) => (sums[at] = (sums[at] ?? 0n) + (one ?? 0n)));
    }
    field.querySelectorAll("[data-sum]").forEach((one, at) => (one.textContent = amount(sums[at] ?? 0n)));
  };

  /* Put a text where it is shown, without moving the caret of somebody who types there. */
  const put = (control, text) => {
    if (control.value === text) return;
    const here = document.activeElement === control;
    const { selectionStart: start, selectionEnd: end } = control;
    control.value = text;
    if (here && start !== null) control.setSelectionRange(Math.min(start, text.length), Math.min(end, text.length));
  };

  const shown = (kind, text) => (kind === "money" || kind === "number" ? figure(text, kind === "money") : text);

  const WRITE = {
    choices: (field, value) => controls(field).forEach((one) => (one.checked = value.includes(one.value))),
    choice: (field, value) => controls(field).forEach((one) => (one.checked = one.value === value)),
    "yes-no": (field, value) => controls(field).forEach((one) => (one.checked = one.value === value)),
    budget: (field, value) => {
      for (const row of field.querySelectorAll("[data-partner]"))
        for (const one of row.querySelectorAll("[data-column]")) put(one, figure(value[row.dataset.partner]?.[one.dataset.column] ?? "", true));
      addUp(field);
    },
    table: (field, value) => {
      while (field.querySelectorAll("[data-rows] > [data-row]").length < value.length) addRow(field);
      const rows = [...field.querySelectorAll("[data-rows] > [data-row]")];
      rows.forEach((row, at) => {
        if (value[at]) row.dataset.row = row.querySelector('input[type="hidden"]').value = value[at].id;
        for (const one of row.querySelectorAll("[data-column]")) put(one, shown(one.dataset.figure, value[at]?.[one.dataset.column] ?? ""));
      });
    },
  };

  const write = (field, value) => {
    const kind = field.dataset.kind;
    if (WRITE[kind]) WRITE[kind](field, value ?? (kind === "budget" ? {} : []));
    else if (field.dataset.languages) controls(field).forEach((one) => put(one, value?.[one.dataset.language] ?? ""));
    else if (controls(field)[0]) put(controls(field)[0], shown(kind, value ?? ""));
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

  return { read, write, addRow, addUp, words };
})();
