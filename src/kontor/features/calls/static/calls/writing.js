"use strict";
/* Every field saves itself; what cannot be sent waits on this device; what others write appears by itself.
   Without this script the buttons at the end of the page save the section. */

(() => {
  const PAUSE = 700; // after the last key
  const SLOW = 4000; // until the reader is told
  const AGAIN = 5000; // until a failed sending is tried again
  const LOOK = 4000; // for what others did
  const values = window.kontorValues;
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  class Page {
    constructor(form) {
      this.form = form;
      this.say = form.dataset;
      this.line = document.getElementById("saved");
      this.kept = `kontor-${form.dataset.person}-${form.dataset.application}-`;
      this.revision = Number(form.dataset.revision);
      this.shares = Boolean(form.dataset.changes);
      this.fields = new Map();
      this.waiting = new Set();
      this.timer = this.sending = null;
      for (const field of form.querySelectorAll("[data-field]")) this.arm(field);
      form.addEventListener("input", (event) => this.typed(event));
      form.addEventListener("change", (event) => this.typed(event));
      form.addEventListener("click", (event) => this.clicked(event));
      form.addEventListener("submit", () => this.forgetAll());
      window.addEventListener("online", () => this.send());
      document.addEventListener("visibilitychange", () => document.hidden && this.send());
      this.bring();
      this.conditions();
      if (this.shares) this.look();
    }

    arm(field) {
      this.fields.set(field.dataset.field, { field, base: Number(field.dataset.base), stored: values.read(field), met: null });
      const more = field.querySelector("[data-add-row]");
      if (more) more.hidden = false;
      this.count(field);
    }

    fieldOf(target) {
      return target.closest?.("[data-field]");
    }

    typed(event) {
      const field = this.fieldOf(event.target);
      if (!field || event.target.type === "file" || event.target.closest(".apply-add")) return;
      this.count(field);
      values.addUp(field);
      this.conditions();
      this.changed(field.dataset.field);
    }

    changed(key) {
      const one = this.fields.get(key);
      const value = values.read(one.field);
      if (same(value, one.stored)) return;
      this.keep(key, value, one.base);
      if (one.met) return;
      this.waiting.add(key);
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.send(), PAUSE);
    }

    clicked(event) {
      const more = event.target.closest("[data-add-row]");
      if (!more) return;
      const field = this.fieldOf(more);
      if (field.querySelectorAll("[data-rows] > [data-row]").length >= Number(more.dataset.most)) return;
      values.addRow(field).querySelector("[data-column]").focus();
    }

    /* --- Sending */

    async post(address, body) {
      const token = this.form.querySelector('[name="csrfmiddlewaretoken"]').value;
      const answer = await fetch(address, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token, Accept: "application/json" },
        body: JSON.stringify(body),
        redirect: "manual",
      });
      return answer;
    }

    async send() {
      clearTimeout(this.timer);
      if (this.sending || !this.waiting.size) return;
      const sent = new Map([...this.waiting].map((key) => [key, values.read(this.fields.get(key).field)]));
      const answers = Object.fromEntries([...sent].map(([key, value]) => [key, { value, base: this.fields.get(key).base }]));
      this.waiting.clear();
      this.tell(this.say.saySaving);
      const slow = setTimeout(() => this.tell(this.say.saySlow, "warn"), SLOW);
      this.sending = this.post(this.form.dataset.autosave, { answers });
      try {
        const answer = await this.sending;
        this.sending = null;
        if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) return this.hold(sent, this.say.sayOut);
        if (answer.status >= 500) return this.hold(sent, this.say.sayOffline);
        const told = await answer.json();
        if (!answer.ok) return this.refused(told.error);
        this.stored(told, sent);
      } catch {
        this.sending = null;
        this.hold(sent, this.say.sayOffline);
      } finally {
        clearTimeout(slow);
      }
    }

    hold(sent, text) {
      for (const key of sent.keys()) this.waiting.add(key);
      this.tell(text, "warn");
      this.offline = true;
      this.timer = setTimeout(() => this.send(), AGAIN);
    }

    refused(error) {
      this.tell(`${error.message} ${error.remedy}`, "bad");
    }

    stored(told, sent) {
      let parked = false;
      for (const [key, answer] of Object.entries(told.answers)) {
        const one = this.fields.get(key);
        const now = values.read(one.field);
        const typedOn = !same(now, sent.get(key));
        if (answer.outcome === "parked") {
          this.met(one, key, answer, now);
          parked = true;
          continue;
        }
        if (answer.outcome === "merged") {
          this.note(one.field, this.say.sayJoined.replace("{name}", answer.by));
          if (typedOn) one.base = answer.sent;
          else values.write(one.field, answer.value);
        }
        if (!(typedOn && answer.outcome === "merged")) one.base = answer.revision;
        one.field.dataset.base = one.base;
        const hidden = one.field.querySelector('input[name^="base-"]');
        if (hidden) hidden.value = one.base;
        one.stored = typedOn ? sent.get(key) : values.read(one.field);
        if (typedOn) this.changed(key);
        else this.forget(key);
        this.count(one.field);
        this.fault(one.field, told.faults?.[key] ?? "");
      }
      const seen = this.form.querySelector('input[name="revision"]');
      if (seen) seen.value = told.revision;
      this.revision = Math.max(this.revision, told.revision - Object.keys(told.answers).length * 2);
      const time = new Date().toLocaleTimeString(document.documentElement.lang);
      if (!parked) this.tell(this.offline ? this.say.saySent : this.say.saySaved.replace("{time}", time), "good");
      this.offline = false;
      if (this.waiting.size) this.send();
    }

    /* --- Two texts that met */

    met(one, key, answer, mine) {
      one.met = answer;
      one.stored = mine;
      const box = document.createElement("div");
      box.className = "notice notice-warn apply-choice";
      box.setAttribute("role", "alert");
      const part = (tag, text, name) => {
        const made = document.createElement(tag);
        made.textContent = text;
        if (name) made.className = name;
        box.append(made);
        return made;
      };
      part("p", this.say.sayMet.replace("{name}", answer.by), "notice-title");
      part("p", this.say.sayTheirs, "soft");
      part("blockquote", values.words(answer.value), "apply-met");
      part("p", this.say.sayMine, "soft");
      part("blockquote", values.words(mine), "apply-met");
      const take = part("button", this.say.sayTake, "button button-small");
      const leave = part("button", this.say.sayLeave, "button button-small");
      take.type = leave.type = "button";
      take.addEventListener("click", () => this.settle(one, key, box, true));
      leave.addEventListener("click", () => this.settle(one, key, box, false));
      one.field.prepend(box);
      this.tell(this.say.sayMet.replace("{name}", answer.by), "warn");
    }

    async settle(one, key, box, mine) {
      const { parked, value, revision } = one.met;
      const address = (this.form.dataset.settle ?? "").replace("/0/", `/${parked}/`);
      const token = this.form.querySelector('[name="csrfmiddlewaretoken"]').value;
      const body = new URLSearchParams({ csrfmiddlewaretoken: token, take: "no" });
      try {
        if (parked) await fetch(address, { method: "POST", body, redirect: "manual" });
      } catch {
        return this.tell(this.say.sayOffline, "warn");
      }
      box.remove();
      one.met = null;
      one.base = revision;
      one.stored = value;
      if (!mine) {
        values.write(one.field, value);
        this.forget(key);
        this.count(one.field);
      }
      this.tell(this.say.sayDecided, "good");
      this.changed(key);
    }

    /* --- What others did */

    async look() {
      if (!document.hidden && navigator.onLine) {
        try {
          const here = this.fieldOf(document.activeElement)?.dataset.field ?? "";
          const answer = await this.post(this.form.dataset.changes, { since: this.revision, field: here });
          if (answer.ok) await this.others(await answer.json());
        } catch {
          /* the next save tells that there is no connection */
        }
      }
      setTimeout(() => this.look(), LOOK);
    }

    async others(told) {
      for (const { field } of this.fields.values()) this.note(field, "", "writes");
      for (const { name, field } of told.others) {
        const there = this.fields.get(field)?.field;
        if (there) this.note(there, this.say.sayWrites.replace("{name}", name), "writes");
      }
      let all = true;
      for (const [key, answer] of Object.entries(told.answers)) {
        const one = this.fields.get(key);
        if (!one || answer.revision <= one.base) continue;
        /* a text that is being typed meets the other one when it is saved; asked again then */
        const busy = one.met || this.waiting.has(key) || this.sending;
        if (busy || !(await this.renew(one, key, answer))) all = false;
      }
      if (all) this.revision = told.revision;
    }

    async renew(one, key, answer) {
      if (!same(values.read(one.field), one.stored)) return false;
      const page = await fetch(this.form.dataset.part.replace("FIELD", key), { redirect: "manual" });
      if (!page.ok || !same(values.read(one.field), one.stored)) return false;
      const holder = document.createElement("div");
      holder.innerHTML = await page.text();
      const made = holder.firstElementChild;
      const at = one.field.contains(document.activeElement) ? document.activeElement.id : "";
      one.field.replaceWith(made);
      this.arm(made);
      if (at) document.getElementById(at)?.focus();
      this.conditions();
      this.note(made, this.say.sayChanged.replace("{name}", answer.by));
      return true;
    }

    /* --- What waits on this device */

    keep(key, value, base) {
      try {
        localStorage.setItem(this.kept + key, JSON.stringify({ value, base }));
      } catch {
        /* a full or forbidden store: the page itself still holds the text */
      }
    }

    forget(key) {
      localStorage.removeItem(this.kept + key);
    }

    forgetAll() {
      clearTimeout(this.timer);
      for (const key of this.fields.keys()) this.forget(key);
    }

    bring() {
      for (const [key, one] of this.fields) {
        const kept = JSON.parse(localStorage.getItem(this.kept + key) ?? "null");
        if (!kept || same(kept.value, one.stored)) {
          this.forget(key);
          continue;
        }
        one.base = kept.base;
        values.write(one.field, kept.value);
        this.count(one.field);
        this.offline = true;
        this.waiting.add(key);
      }
      if (this.waiting.size) this.timer = setTimeout(() => this.send(), PAUSE);
    }

    /* --- What is shown */

    tell(text, kind = "") {
      this.line.hidden = !text;
      this.line.textContent = text;
      this.line.dataset.kind = kind;
    }

    note(field, text, about = "note") {
      const line = field.querySelector("[data-note]");
      if (about === "writes" && !text && line.dataset.about !== "writes") return;
      line.textContent = text;
      line.dataset.about = about;
      line.hidden = !text;
    }

    /* What cannot be handed in as it was typed; what is only missing is told by the check. */
    fault(field, text) {
      for (const told of field.querySelectorAll("[data-told]")) told.remove();
      const line = field.querySelector("[data-fault]");
      if (!line) return;
      line.textContent = text;
      line.hidden = !text;
    }

    count(field) {
      for (const control of field.querySelectorAll("[data-words]")) {
        const line = control.parentElement.querySelector("[data-count]");
        const words = control.value.split(/\s+/).filter(Boolean).length;
        line.textContent = words;
        line.parentElement.toggleAttribute("data-over", words > Number(control.dataset.words));
      }
    }

    conditions() {
      for (const { field } of this.fields.values()) {
        const { when } = field.dataset;
        if (!when || !this.fields.has(when)) continue;
        const given = values.read(this.fields.get(when).field);
        const wanted = field.dataset.values.split(" ");
        field.hidden = ![given].flat().some((one) => wanted.includes(one));
      }
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    const form = document.querySelector("form[data-autosave]");
    if (form) window.kontorWriting = new Page(form);
  });
})();
