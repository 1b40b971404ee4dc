// Shows the requests. Only the rows in view are elements, so that thousands cost no more than dozens.
import { el } from "./dom.js";
import { clock, milliseconds, statusClass } from "./format.js";

const height = 28; // of a row, as in list.css
const margin = 8; // rows beyond the view

export class List {
  #rows = new Map(); // ID → {element, summary}
  #space = el("div", { class: "space", role: "presentation" });
  #scheduled = false;

  constructor(root, model, onselect) {
    this.root = root;
    this.model = model;
    this.onselect = onselect;
    root.append(this.#space);
    root.addEventListener("scroll", () => this.#schedule(), { passive: true });
    root.addEventListener("click", (e) => {
      const row = e.target.closest("[data-id]");
      if (row) this.onselect(Number(row.dataset.id));
    });
    new ResizeObserver(() => this.#schedule()).observe(root);
  }

  // update shows what the model holds now. Someone who looks at the end goes on to do so; others keep what they look at, though
  // rows above it are gone.
  update(gone = 0) {
    const following = this.root.scrollTop + this.root.clientHeight >= this.root.scrollHeight - height;
    this.#space.style.height = `${this.model.shown.length * height}px`;
    if (following) this.root.scrollTop = this.root.scrollHeight;
    else if (gone > 0) this.root.scrollTop -= gone * height;
    this.#schedule();
  }

  reveal(position) {
    const top = position * height;
    const view = this.root.clientHeight;
    if (top < this.root.scrollTop) this.root.scrollTop = top;
    else if (top + height > this.root.scrollTop + view) this.root.scrollTop = top + height - view;
    this.#schedule();
  }

  #schedule() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame(() => {
      this.#scheduled = false;
      this.#render();
    });
  }

  #render() {
    const { shown, selected } = this.model;
    const from = Math.max(0, Math.floor(this.root.scrollTop / height) - margin);
    const to = Math.min(shown.length, Math.ceil((this.root.scrollTop + this.root.clientHeight) / height) + margin);
    const keep = new Set();
    for (let i = from; i < to; i++) {
      const summary = shown[i];
      keep.add(summary.id);
      let row = this.#rows.get(summary.id);
      if (!row || row.summary !== summary) {
        const element = draw(summary);
        if (row) row.element.replaceWith(element);
        else this.#space.append(element);
        row = { element, summary };
        this.#rows.set(summary.id, row);
      }
      row.element.style.transform = `translateY(${i * height}px)`;
      row.element.setAttribute("aria-posinset", i + 1);
      row.element.setAttribute("aria-setsize", shown.length);
      row.element.setAttribute("aria-selected", summary.id === selected);
    }
    for (const [id, row] of this.#rows) {
      if (keep.has(id)) continue;
      row.element.remove();
      this.#rows.delete(id);
    }
    if (keep.has(selected)) this.root.setAttribute("aria-activedescendant", `request-${selected}`);
    else this.root.removeAttribute("aria-activedescendant");
  }
}

function draw(s) {
  return el("div", { class: "row", role: "option", id: `request-${s.id}`, "data-id": s.id },
    el("span", { class: "time" }, clock(s.start)),
    el("span", { class: "method" }, s.method),
    el("span", { class: "target", title: s.target }, s.target),
    el("span", { class: "function" }, s.function || "–"),
    el("span", { class: statusClass(s.status) }, s.status ? String(s.status) : "…"),
    el("span", { class: "ms" }, s.status ? milliseconds(s.durationMs) : ""),
    el("span", { class: "badges" }, badges(s)));
}

// badges are the marks of a summary.
function badges(s) {
  return [
    s.replayOf > 0 && el("span", { class: "badge neutral", title: `replay of request ${s.replayOf}` }, "↻"),
    s.cold && el("span", { class: "badge cold", title: "cold start" }, "cold"),
    (s.findings > 0 || s.reason) && el("span", {
      class: s.reason ? "badge fatal" : "badge finding", title: s.reason || "something is dropped or altered",
    }, "! ", String(s.findings || 1), el("span", { class: "unseen" }, s.findings === 1 ? " finding" : " findings")),
  ];
}
