// Reads JSON without losing what JSON.parse loses: the order and doubles of keys, and numbers as they were written.
//
// A node is {kind: "object", entries: [[key, node]]}, {kind: "array", items: [node]}, {kind: "string", value} or, for numbers and the
// three words, {kind: "number" | "word", text}.

const space = /[ \t\r\n]*/y;
const scalar = /(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null)/y;
const maxDepth = 200;

// parse returns a node, or null for what is no JSON.
export function parse(text) {
  try {
    const reader = new Reader(text);
    const node = reader.value(0);
    reader.match(space);
    return reader.at === text.length ? node : null;
  } catch {
    return null;
  }
}

class Reader {
  at = 0;

  constructor(text) { this.text = text; }

  match(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found) this.at = pattern.lastIndex;
    return found;
  }

  value(depth) {
    if (depth > maxDepth) throw new SyntaxError("nested too deeply");
    this.match(space);
    switch (this.text[this.at]) {
      case "{": return { kind: "object", entries: this.#several("}", () => this.#entry(depth)) };
      case "[": return { kind: "array", items: this.#several("]", () => this.value(depth + 1)) };
      case '"': return { kind: "string", value: this.#string() };
    }
    const found = this.match(scalar);
    if (!found) throw new SyntaxError("no value");
    return { kind: found[1] ? "number" : "word", text: found[0] };
  }

  #entry(depth) {
    this.match(space);
    const key = this.#string();
    this.match(space);
    if (this.text[this.at++] !== ":") throw new SyntaxError("no colon");
    return [key, this.value(depth + 1)];
  }

  // A regular expression would run out of stack on a long text.
  #string() {
    if (this.text[this.at] !== '"') throw new SyntaxError("no text");
    let end = this.at;
    do end = this.text.indexOf('"', end + 1); while (end > 0 && this.#escaped(end));
    if (end < 0) throw new SyntaxError("no end of text");
    const quoted = this.text.slice(this.at, end + 1);
    this.at = end + 1;
    return JSON.parse(quoted);
  }

  #escaped(at) {
    let slashes = 0;
    while (this.text[at - 1 - slashes] === "\\") slashes++;
    return slashes % 2 === 1;
  }

  #several(end, read) {
    const all = [];
    this.at++;
    this.match(space);
    if (this.text[this.at] === end) {
      this.at++;
      return all;
    }
    for (;;) {
      all.push(read());
      this.match(space);
      const sign = this.text[this.at++];
      if (sign === end) return all;
      if (sign !== ",") throw new SyntaxError("no comma");
    }
  }
}

// print writes a node over several lines. A list of one plain value stays on its line, as headers in a list do.
export function print(node, indent = "") {
  const inner = `${indent}  `;
  switch (node.kind) {
    case "object":
      if (node.entries.length === 0) return "{}";
      return `{\n${node.entries.map(([k, v]) => `${inner}${JSON.stringify(k)}: ${print(v, inner)}`).join(",\n")}\n${indent}}`;
    case "array": {
      if (node.items.length === 0) return "[]";
      if (node.items.every((i) => i.kind === "string" || i.text !== undefined)) return `[${node.items.map((i) => print(i)).join(", ")}]`;
      return `[\n${node.items.map((i) => inner + print(i, inner)).join(",\n")}\n${indent}]`;
    }
    case "string": return JSON.stringify(node.value);
    default: return node.text;
  }
}
