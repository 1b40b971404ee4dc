// Shows JSON as a tree that folds. What is folded is not built before it is opened.
import { button, el } from "./dom.js";
import { parse, print } from "./json-parse.js";
import { count } from "./format.js";
import { copy } from "./notice.js";

const longText = 4000; // characters of a string that are shown at first
const manyItems = 200; // items that are shown at first

// jsonView shows a document with tools above it, and text that is no JSON as it is.
export function jsonView(title, text, copied = { text: () => text, what: title.toLowerCase() }) {
  const tree = parse(text);
  const place = el("div");
  const draw = (open) => place.replaceChildren(tree
    ? el("div", { class: "json" }, el("div", {}, node(tree, open)))
    : el("pre", { class: "code boxed" }, text));
  draw(3);
  const raw = button("Raw", (e) => {
    const on = e.target.getAttribute("aria-pressed") !== "true";
    e.target.setAttribute("aria-pressed", on);
    if (on) place.replaceChildren(el("pre", { class: "code boxed" }, text));
    else draw(3);
  }, { class: "plain", "aria-pressed": "false" });
  return el("div", {},
    el("h3", {}, title, el("span", { class: "actions" },
      tree && button("Unfold all", () => draw(Infinity), { class: "plain" }),
      tree && button("Fold", () => draw(1), { class: "plain" }),
      tree && raw,
      button("Copy", async () => copy(await copied.text(), copied.what), { class: "plain" }))),
    !tree && el("p", { class: "note" }, "This is no valid JSON."),
    place);
}

export const pretty = (text) => {
  const tree = parse(text);
  return tree ? print(tree) : text;
};

function node(n, open) {
  switch (n.kind) {
    case "object": return folding("{", "}", n.entries, ([key, value], o) => [el("span", { class: "key" }, JSON.stringify(key)), ": ", node(value, o)], open);
    case "array": return folding("[", "]", n.items, (item, o) => [node(item, o)], open);
    case "string": return stringView(n.value);
    default: return el("span", { class: n.kind }, n.text);
  }
}

function stringView(value) {
  const quoted = JSON.stringify(value);
  const view = el("span", { class: value.includes("••••") ? "string masked" : "string" });
  if (quoted.length <= longText) {
    view.append(quoted);
    return view;
  }
  view.append(quoted.slice(0, longText), "… ");
  view.append(button(`${count(quoted.length - longText, "more character")}`, () => view.replaceChildren(quoted), { class: "plain" }));
  return view;
}

function folding(begin, end, items, draw, open) {
  if (items.length === 0) return el("span", { class: "brace" }, begin + end);
  if (begin === "[" && items.length === 1 && items[0].kind === "string") {
    return el("span", {}, el("span", { class: "brace" }, begin), node(items[0]), el("span", { class: "brace" }, end));
  }
  const inner = el("div", { class: "inner" });
  const folded = el("span", { class: "quiet" }, ` ${count(items.length, begin === "{" ? "member" : "item")} `);
  const sign = el("button", { type: "button", class: "fold", "aria-label": "fold" });
  const set = (on, below) => {
    sign.setAttribute("aria-expanded", on);
    sign.textContent = on ? "▼" : "▶";
    inner.hidden = !on;
    folded.hidden = on;
    if (on && !inner.hasChildNodes()) fill(inner, items, draw, below, 0);
  };
  sign.addEventListener("click", () => set(sign.getAttribute("aria-expanded") !== "true", 2));
  set(open > 0 && (open === Infinity || items.length <= manyItems), open - 1);
  return el("span", {}, sign, el("span", { class: "brace" }, begin), folded, inner, el("span", { class: "brace" }, end));
}

function fill(inner, items, draw, open, from) {
  const to = Math.min(items.length, from + manyItems);
  for (let i = from; i < to; i++) inner.append(el("div", {}, draw(items[i], open), i < items.length - 1 ? "," : ""));
  if (to < items.length) {
    inner.append(button(`${count(items.length - to, "more item")}`, (e) => {
      e.target.remove();
      fill(inner, items, draw, open, to);
    }, { class: "plain" }));
  }
}
