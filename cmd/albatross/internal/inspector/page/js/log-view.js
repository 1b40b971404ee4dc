// Shows what the function printed.
import { button, el } from "./dom.js";
import { clock } from "./format.js";
import { copy } from "./notice.js";

const many = 1000; // lines that are shown at first

export function logView(record) {
  const lines = record.log ?? [];
  if (lines.length === 0) return el("p", { class: "note" }, "The function printed nothing while it worked on this request.");
  const list = el("ul", { class: "log" }, lines.slice(0, many).map(line));
  const view = el("div", {},
    el("h3", {}, "Log", el("span", { class: "actions" },
      button("Copy", () => copy(lines.map(printed).join("\n"), "the log"), { class: "plain" }))),
    list);
  if (lines.length > many) {
    view.append(button(`Show all ${lines.length} lines`, (e) => {
      e.target.remove();
      list.append(...lines.slice(many).map(line));
    }));
  }
  return view;
}

const line = (l) => el("li", { class: l.stderr ? "stderr" : "" },
  el("time", { datetime: l.time }, clock(l.time, true)),
  el("span", { class: "pipe" }, l.stderr ? "stderr" : "stdout"),
  el("span", { class: "text" }, printed(l)));

// In Lambda's log a carriage return breaks the line within an entry.
const printed = (l) => l.text.replaceAll("\r", "\n");
