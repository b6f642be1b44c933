"use strict";
/* The score sheet saves each field as it is written. Without a network the changes wait in this browser and are sent
   when it is back; what another device wrote meanwhile is never written over: the server keeps both versions. */

(() => {
  const form = document.querySelector("form[data-sheet]");
  if (!form) return;
  const state = form.querySelector("[data-state]");
  const STORE = `kontor-sheet-${form.dataset.sheet}`;
  const words = (name) => form.dataset[`words${name}`];
  const say = (text) => {
    if (state.textContent !== text) state.textContent = text;
  };

  const fields = () => [...form.elements].filter((each) => each.dataset.base !== undefined);
  const value = (name) => {
    const found = fields().filter((each) => each.name === name);
    return found[0].type === "radio" ? (found.find((each) => each.checked)?.value ?? "") : found[0].value;
  };
  const put = (name, text) => {
    for (const each of fields().filter((one) => one.name === name)) {
      if (each.type === "radio") each.checked = each.value === text;
      else if (each !== document.activeElement) each.value = text;
    }
  };
  const base = (name) => Number(fields().find((each) => each.name === name).dataset.base);
  const know = (name, revision) => {
    for (const each of fields().filter((one) => one.name === name)) each.dataset.base = revision;
    const hidden = form.elements[`base:${name}`];
    if (hidden) hidden.value = revision;
  };

  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(STORE)) ?? {};
    } catch {
      return {};
    }
  };
  const write = (waiting) => {
    try {
      if (Object.keys(waiting).length) localStorage.setItem(STORE, JSON.stringify(waiting));
      else localStorage.removeItem(STORE);
    } catch {
      /* a browser that keeps nothing still saves over the network */
    }
  };

  let device = "";
  try {
    device = localStorage.getItem("kontor-device") ?? "";
    if (!device) localStorage.setItem("kontor-device", (device = Math.random().toString(36).slice(2, 10)));
  } catch {
    device = "page";
  }

  /* What was written without a network, perhaps before the page was closed; what arrived meanwhile is done. */
  const open = read();
  for (const [name, change] of Object.entries(open)) {
    if (!fields().some((each) => each.name === name) || value(name) === change.value) delete open[name];
    else {
      put(name, change.value);
      know(name, change.base);
    }
  }
  write(open);

  let sending = false;
  const send = async () => {
    const waiting = read();
    const names = Object.keys(waiting);
    if (!names.length || sending) return;
    sending = true;
    say(`${words("Saving")} …`);
    try {
      const answer = await fetch(form.dataset.sync, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
        body: JSON.stringify({
          device,
          language: form.elements.language.value,
          changes: names.map((name) => ({ field: name, value: waiting[name].value, base: waiting[name].base })),
        }),
      });
      if (answer.redirected || answer.status === 403 || answer.status === 404) {
        say(words("Sign"));
        return;
      }
      const told = await answer.json();
      if (!answer.ok) {
        say(told.error);
        return;
      }
      const now = read();
      for (const name of names) {
        const stands = told.fields[name] ?? { value: "", revision: 0 };
        know(name, stands.revision);
        /* what cannot be saved stays as it was written, here and in this browser */
        if (told.faults[name]) continue;
        if (now[name]?.value === waiting[name].value) {
          delete now[name];
          put(name, stands.value);
        } else if (now[name]) now[name].base = stands.revision;
      }
      write(now);
      if (told.clashes.length) say(words("Clash"));
      else if (Object.keys(told.faults).length) say(`${words("Fault")} ${Object.values(told.faults)[0]}`);
      else say(`${words("Saved")} ${new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" })}`);
    } catch {
      say(words("Offline"));
    } finally {
      sending = false;
    }
    if (Object.keys(read()).length && navigator.onLine && state.textContent.startsWith(words("Saved"))) send();
  };

  let timer = 0;
  form.addEventListener("input", (event) => {
    const name = event.target.name;
    if (event.target.dataset.base === undefined) return;
    const waiting = read();
    waiting[name] = { value: value(name), base: base(name) };
    write(waiting);
    if (!navigator.onLine) say(words("Offline"));
    clearTimeout(timer);
    timer = setTimeout(send, event.target.type === "radio" ? 50 : 700);
  });
  window.addEventListener("online", send);
  window.addEventListener("offline", () => say(words("Offline")));
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (navigator.onLine) return;
    event.preventDefault();
    say(words("Offline"));
  });
  if (Object.keys(read()).length) send();

  if ("serviceWorker" in navigator) navigator.serviceWorker.register(form.dataset.worker, { scope: form.dataset.scope }).catch(() => {});
})();
