// Shows what a request becomes in either header mode, side by side.
import { button, el } from "./dom.js";
import { diff } from "./diff.js";
import { pretty } from "./json-view.js";
import { isText } from "./bytes.js";
import { findingsView } from "./findings.js";

const around = 4; // equal lines that are shown next to a difference
const signs = { same: " ", shape: "~", changed: "≠" };

// compareView takes the records of both modes, and what to do when it is closed.
export function compareView({ single, multi }, close) {
  const text = (body) => pretty(isText(body) ? body?.text ?? "" : `(binary) ${body.base64}`);
  return el("div", { class: "compare", tabindex: "0", "aria-label": "Both header modes" },
    el("div", { class: "legend" },
      button("Close (Esc)", close, { id: "compare-close" }),
      el("span", { class: "changed", "data-sign": signs.changed }, "differs"),
      el("span", { class: "shape", "data-sign": signs.shape }, "says the same in the other mode's form")),
    part("Outcome", [outcome(single), outcome(multi)]),
    part("Event", [text(single.event), text(multi.event)]),
    part("Answer", [text(single.answer), text(multi.answer)]),
    part("HTTP response", [response(single.response), response(multi.response)]),
    [["single-value", single], ["multi-value", multi]].filter(([, r]) => r.findings?.length || r.error).map(([name, r]) =>
      el("div", {}, el("h3", {}, `Findings with ${name} headers`), findingsView(r))));
}

const outcome = (r) => `status ${r.response?.status}\nfunction ${r.function || "none"}\nerror_reason ${r.reason || "-"}\nfindings ${r.findings?.length ?? 0}`;

function response(r) {
  const body = isText(r.body) ? pretty(r.body?.text ?? "") : `(${r.body.base64.length} characters of base64)\n${r.body.base64}`;
  return `${r.status}\n${(r.headers ?? []).map(([n, v]) => `${n}: ${v}`).join("\n")}\n\n${body}`;
}

function part(title, [left, right]) {
  const rows = diff(left, right);
  const differs = rows.some((row) => row.kind !== "same");
  return el("div", {},
    el("h3", {}, title, " ", !differs && el("span", { class: "equal" }, "the same in both")),
    (differs || title === "Outcome") && el("table", { class: "diff" },
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Single-value headers"), el("th", { scope: "col" }, "Multi-value headers"))),
      el("tbody", {}, shorten(rows).map((row) => row.gap
        ? el("tr", { class: "gap" }, el("td", { colspan: "2" }, `${row.gap} equal lines`))
        : el("tr", {}, cell(row.left, row.kind), cell(row.right, row.kind))))));
}

function cell(line, kind) {
  if (line === null) return el("td", { class: "none" });
  const shown = line.length > 3000 ? `${line.slice(0, 3000)}…` : line;
  return el("td", { class: kind, "data-sign": signs[kind] }, shown,
    kind === "changed" && el("span", { class: "unseen" }, " (differs)"));
}

// shorten leaves out equal lines far from a difference.
function shorten(rows) {
  const near = rows.map((_, i) => rows.slice(Math.max(0, i - around), i + around + 1).some((r) => r.kind !== "same"));
  if (!near.includes(true)) return rows;
  const out = [];
  rows.forEach((row, i) => {
    if (near[i]) out.push(row);
    else if (out.at(-1)?.gap) out.at(-1).gap++;
    else out.push({ gap: 1 });
  });
  return out;
}

