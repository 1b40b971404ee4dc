// Holds the summaries of all requests, and those of them that pass the filter.
import { parse } from "./filter.js";

export class Model {
  all = new Map(); // by ID, oldest first
  shown = []; // those that pass the filter
  selected = 0;
  #passes = () => true;

  reset() {
    this.all.clear();
    this.shown = [];
    this.selected = 0;
  }

  // apply takes what the server says has changed. It returns the summaries that are new, and how many of those shown are gone.
  apply({ first, records }) {
    for (const id of this.all.keys()) {
      if (id >= first) break;
      this.all.delete(id);
    }
    let gone = 0;
    while (gone < this.shown.length && this.shown[gone].id < first) gone++;
    const fresh = [];
    for (const summary of records) {
      if (summary.id < first) continue;
      if (!this.all.has(summary.id)) fresh.push(summary);
      this.all.set(summary.id, summary);
    }
    this.refilter();
    return { fresh, gone };
  }

  filter(text) {
    this.#passes = parse(text);
    this.refilter();
  }

  refilter() {
    this.shown = [];
    for (const summary of this.all.values()) if (this.#passes(summary)) this.shown.push(summary);
  }

  position(id = this.selected) {
    let low = 0, high = this.shown.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.shown[middle].id < id) low = middle + 1;
      else high = middle;
    }
    return this.shown[low]?.id === id ? low : -1;
  }
}
