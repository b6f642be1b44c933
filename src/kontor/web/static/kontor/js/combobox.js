"use strict";
/* Search in a long list of codes, after the ARIA combobox pattern (editable, list autocomplete).

   <input data-combobox="/codes/nace/" data-multiple value="35.11, 27.12" data-none="…" data-remove="…">
   The address answers ?q=text with {"items": [{"code": "35.11", "label": "Production of electricity"}]};
   an item with "plain" has a code that says nothing to people, and only its label is shown.
   Without the script the field is what it is: text, codes separated by commas. */

(() => {
  const PAUSE = 200;
  let counter = 0;

  const element = (name, attributes, text) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text) made.textContent = text;
    return made;
  };

  const enhance = (field) => {
    const multiple = field.hasAttribute("data-multiple");
    const id = `combobox-${(counter += 1)}`;
    const box = element("div", { class: "combobox" });
    const input = field.cloneNode();
    const list = element("ul", { class: "combobox-list", role: "listbox", id });
    const chips = element("ul", { class: "chips combobox-chips", role: "list" });
    list.setAttribute("aria-label", field.labels?.[0]?.textContent.trim() || "");
    list.hidden = true;

    /* The real field keeps name and value but leaves the page; a copy without a name is typed into. */
    for (const name of ["name", "data-combobox", "required"]) input.removeAttribute(name);
    input.value = multiple ? "" : field.value;
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": id,
      autocomplete: "off",
    })) input.setAttribute(name, value);
    field.replaceWith(box);
    field.type = "hidden";
    field.removeAttribute("id");
    box.append(input, list, field);
    if (multiple) box.after(chips);

    let items = [];
    let active = -1;
    let timer = 0;
    let asked = 0;
    const codes = () => field.value.split(",").map((code) => code.trim()).filter(Boolean);

    const close = () => {
      list.hidden = true;
      active = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    const mark = (index) => {
      active = index;
      [...list.children].forEach((option, position) => {
        option.setAttribute("aria-selected", String(position === index));
      });
      const option = list.children[index];
      if (!option) return;
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    };
    const drawChips = () => {
      chips.replaceChildren(
        ...codes().map((code) => {
          const line = element("li", {});
          const button = element("button", { type: "button", class: "chip chip-on" }, `${code} ×`);
          button.setAttribute("aria-label", `${field.dataset.remove || "×"} ${code}`);
          button.addEventListener("click", () => {
            field.value = codes().filter((other) => other !== code).join(", ");
            drawChips();
            field.dispatchEvent(new Event("change", { bubbles: true }));
            input.focus();
          });
          line.append(button);
          return line;
        }),
      );
    };
    const choose = (item) => {
      if (multiple) {
        field.value = [...new Set([...codes(), item.code])].join(", ");
        input.value = "";
        drawChips();
      } else {
        field.value = item.code;
        input.value = item.plain ? item.label : `${item.code} ${item.label}`;
      }
      close();
      field.dispatchEvent(new Event("change", { bubbles: true }));
    };
    const draw = () => {
      list.replaceChildren(
        ...items.map((item, position) => {
          const option = element("li", { role: "option", id: `${id}-${position}`, "aria-selected": "false" });
          if (!item.plain) option.append(element("span", { class: "code" }, item.code));
          option.append(element("span", {}, item.label));
          option.addEventListener("mousedown", (event) => {
            event.preventDefault();
            choose(item);
          });
          return option;
        }),
      );
      if (!items.length) list.append(element("li", { class: "combobox-empty", role: "presentation" }, field.dataset.none || "–"));
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
    };
    const ask = async () => {
      const text = input.value.trim();
      if (text.length < 2) return close();
      const mine = (asked += 1);
      const address = new URL(field.dataset.combobox, location.href);
      address.searchParams.set("q", text);
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      /* a page to sign in again is no answer */
      if (mine !== asked || !answer.ok || answer.redirected) return;
      items = (await answer.json()).items;
      draw();
    };

    input.addEventListener("input", () => {
      if (!multiple) field.value = input.value;
      clearTimeout(timer);
      timer = setTimeout(ask, PAUSE);
    });
    input.addEventListener("blur", () => {
      /* A code typed in full and left counts as chosen, as it would without the script. */
      if (multiple && /^[0-9A-Z][0-9A-Z.:-]*$/i.test(input.value.trim())) choose({ code: input.value.trim(), label: "" });
      close();
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden) ask();
        else if (items.length) mark((active + (event.key === "ArrowDown" ? 1 : -1) + items.length) % items.length);
      } else if (event.key === "Enter" && active >= 0) {
        event.preventDefault();
        choose(items[active]);
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        close();
      }
    });
    if (multiple) drawChips();
  };

  const enhanceAll = (root) => {
    for (const field of root.querySelectorAll("input[data-combobox]:not([type='hidden'])")) enhance(field);
  };
  document.addEventListener("DOMContentLoaded", () => enhanceAll(document));
  document.addEventListener("htmx:afterSwap", (event) => enhanceAll(event.target));
})();
