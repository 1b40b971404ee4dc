// Shows the functions: a chip for each in the bar, and what a failed build printed.
import { button, byID, el } from "./dom.js";
import * as api from "./api.js";
import { attempt, toast } from "./notice.js";
import { milliseconds } from "./format.js";

const chips = new Map(); // by name

export function showFunctions(states) {
  const names = new Set(states.map((s) => s.name));
  for (const [name, chip] of chips) {
    if (names.has(name)) continue;
    chip.remove();
    chips.delete(name);
  }
  for (const state of states) {
    let chip = chips.get(state.name);
    if (!chip) {
      chip = el("li", {}, el("details", { class: "function-chip", name: "function" }));
      chips.set(state.name, chip);
      byID("functions").append(chip);
    }
    draw(chip.firstChild, state);
  }
  byID("builds").replaceChildren(...states.filter((s) => s.build || (s.error && s.phase === "broken")).map(build));
}

export function closeCards(except) {
  for (const chip of chips.values()) {
    if (chip.firstChild.open && !chip.contains(except)) chip.firstChild.open = false;
  }
}

function draw(details, s) {
  const focused = details.contains(document.activeElement) ? document.activeElement.dataset.does : null;
  details.replaceChildren(
    el("summary", { "data-does": "open" },
      el("span", { class: `dot ${s.phase}`, "aria-hidden": "true" }),
      el("span", { class: "name" }, s.name),
      el("span", { class: "phase" }, s.phase)),
    card(s));
  if (focused) details.querySelector(`[data-does="${focused}"]`)?.focus();
}

function card(s) {
  const facts = [
    ["Command", s.command?.join(" ")], ["Starts", s.generation && String(s.generation)], ["Started in", s.initMs && milliseconds(s.initMs)],
    ["Timeout", s.timeoutSeconds && `${s.timeoutSeconds} s`], ["Memory", s.memoryMb && `${s.memoryMb} MB, not enforced`], ["Error", s.error],
  ].filter(([, value]) => value);
  const set = (multi) => () => attempt(async () => {
    await api.setMode(s.name, multi);
    toast(`${s.name}: ${multi ? "multi" : "single"}-value headers from now on.`);
  });
  return el("div", { class: "function-card" },
    el("dl", {}, facts.map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])),
    el("div", { class: "actions" },
      el("span", { class: "modes", role: "group", "aria-label": "Header mode of the target group" },
        button("single-value", set(false), { "aria-pressed": !s.multiValueHeaders, "data-does": "single" }),
        button("multi-value headers", set(true), { "aria-pressed": s.multiValueHeaders, "data-does": "multi" })),
      button("Restart", () => attempt(async () => {
        await api.restart(s.name);
        toast(`${s.name} starts anew.`);
      }), { "data-does": "restart" })));
}

const build = (s) => el("details", { class: "build", open: true },
  el("summary", {}, el("strong", {}, s.build ? `${s.name} does not build` : `${s.name} does not start`),
    s.generation ? " – the last one that did goes on serving" : ""),
  el("pre", {}, s.build || s.error));
