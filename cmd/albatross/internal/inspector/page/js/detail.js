// Shows one record: a head with what matters at once, and a tab for each part.
import { button, el } from "./dom.js";
import * as api from "./api.js";
import { requestView, responseView } from "./message.js";
import { findingsView, verdict } from "./findings.js";
import { jsonView } from "./json-view.js";
import { logView } from "./log-view.js";
import { timing } from "./timing.js";
import { clock, milliseconds, mode, statusClass } from "./format.js";

export class Detail {
  record = null;
  revealed = false;
  #wanted = ""; // the tab that was chosen by hand
  #asked = 0; // counts what was asked for, so that a late answer is dropped

  constructor(root, actions) {
    this.root = root;
    this.actions = actions;
  }

  // load shows the record with this ID. Secrets stay hidden unless they were asked for, for this record alone.
  async load(id, revealed = this.revealed && this.record?.id === id) {
    const asked = ++this.#asked;
    const record = await api.record(id, revealed);
    if (asked !== this.#asked) return;
    const same = this.record?.id === id;
    const scrolled = same ? this.root.querySelector(".panel")?.scrollTop : 0;
    this.record = record;
    this.revealed = revealed;
    this.#draw();
    const panel = this.root.querySelector(".panel");
    if (panel && scrolled) panel.scrollTop = scrolled;
  }

  // hint says what to do when there is nothing to show.
  hint(...children) {
    this.#asked++;
    this.record = null;
    this.revealed = false;
    this.root.replaceChildren(el("div", { class: "hint" }, ...children));
  }

  // replaceBody shows something else in place of the tabs, until the record is drawn again.
  replaceBody(view) {
    this.root.replaceChildren(this.#head(), view);
  }

  #tabs() {
    const r = this.record;
    const has = (body) => body?.text || body?.base64;
    const text = (body) => body.text ?? atob(body.base64);
    return [
      (r.findings?.length || r.error || r.reason) && { name: "findings", label: "Findings", n: r.findings?.length, view: () => findingsView(r) },
      { name: "request", label: "Request", view: () => requestView(r) },
      { name: "event", label: "Event", view: () => has(r.event)
        ? jsonView("Event", text(r.event), { text: () => api.event(r.id, this.revealed), what: "the event" })
        : el("p", { class: "note" }, "The request never became an event.") },
      { name: "answer", label: "Answer", view: () => has(r.answer)
        ? jsonView("Answer", text(r.answer), { text: () => text(r.answer), what: "the answer" })
        : el("p", { class: "note" }, "The function gave no answer.") },
      { name: "response", label: "Response", view: () => responseView(r) },
      { name: "log", label: "Log", n: r.log?.length || undefined, view: () => logView(r) },
    ].filter(Boolean);
  }

  #draw() {
    const tabs = this.#tabs();
    const findings = tabs.find((t) => t.name === "findings");
    const chosen = tabs.find((t) => t.name === this.#wanted) ?? findings ?? tabs.find((t) => t.name === "response");
    const panel = el("div", { class: "panel", role: "tabpanel", id: "panel", tabindex: "0" });
    const buttons = tabs.map((tab) => button(tab.label, () => select(tab, true), { role: "tab", id: `tab-${tab.name}`, "aria-controls": "panel" }));
    tabs.forEach((tab, i) => tab.n && buttons[i].append(" ", el("span", { class: "n" }, String(tab.n))));
    const select = (tab, byHand) => {
      if (byHand) this.#wanted = tab.name;
      tabs.forEach((t, i) => {
        buttons[i].setAttribute("aria-selected", t === tab);
        buttons[i].tabIndex = t === tab ? 0 : -1;
      });
      panel.setAttribute("aria-labelledby", `tab-${tab.name}`);
      panel.replaceChildren(tab.view());
      panel.scrollTop = 0;
    };
    const bar = el("div", { class: "tabs", role: "tablist", "aria-label": "Parts of the record", onkeydown: (e) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[e.key];
      if (!step) return;
      e.preventDefault();
      const next = (buttons.indexOf(document.activeElement) + step + tabs.length) % tabs.length;
      select(tabs[next], true);
      buttons[next].focus();
    } }, buttons);
    const focused = this.root.contains(document.activeElement) ? document.activeElement.id : "";
    this.root.replaceChildren(this.#head(), bar, panel);
    select(chosen, false);
    if (focused) document.getElementById(focused)?.focus();
  }

  #head() {
    const r = this.record;
    const status = r.response?.status;
    const a = this.actions;
    return el("div", { class: "head" },
      button("← All requests", a.close, { class: "back", id: "back" }),
      el("h2", {}, `${r.request.method} ${r.request.target}`),
      el("div", { class: "facts" },
        status ? el("span", { class: statusClass(status) }, String(status)) : el("span", {}, "under way"),
        status && el("span", {}, milliseconds(r.durationMs)),
        el("span", { title: r.start }, clock(r.start, true)),
        r.function && el("span", {}, r.function),
        r.rule && el("span", {}, `rule ${r.rule}`),
        el("span", {}, mode(r.multiValueHeaders)),
        r.replayOf && el("span", {}, "replay of ", button(`#${r.replayOf}`, () => a.select(r.replayOf), { class: "plain" })),
        r.invocation && el("span", { class: r.invocation.cold ? "badge cold" : "badge neutral" }, r.invocation.cold ? "cold" : "warm")),
      timing(r),
      verdict(r),
      el("div", { class: "actions" },
        button("Replay", a.replay, { id: "replay", title: "Send it again (r)" }),
        button("Edit and replay", a.edit, { id: "edit", title: "Change it and send it again (e)" }),
        button("Compare modes", a.compare, { id: "compare", title: "Send it in both header modes (c)" }),
        button("Copy as curl", a.copyCurl, { id: "copy-curl" }),
        button("Copy event", a.copyEvent, { id: "copy-event" }),
        button(this.revealed ? "Hide secrets" : "Show secrets", a.reveal, { id: "reveal", "aria-pressed": this.revealed })));
  }
}

