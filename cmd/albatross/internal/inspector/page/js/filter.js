// Reads the filter's language: words that must all hold, "-" before one that must not, and "name:value" for certain facts.

const facts = {
  status: (s, value) => new RegExp(`^${value.replace(/[^0-9x]/g, "").replaceAll("x", "\\d")}`).test(String(s.status)),
  method: (s, value) => s.method.toLowerCase() === value,
  function: (s, value) => (s.function || "").toLowerCase().includes(value),
  target: (s, value) => s.target.toLowerCase().includes(value),
  reason: (s, value) => (s.reason || "").toLowerCase().includes(value),
  mode: (s, value) => (s.multiValueHeaders ? "multi" : "single").startsWith(value),
  is: (s, value) => ({
    cold: s.cold, warm: s.status > 0 && !s.cold, replay: s.replayOf > 0, pending: s.status === 0, error: s.status >= 500,
  })[value] ?? false,
  has: (s, value) => ({ finding: s.findings > 0 || !!s.reason, log: s.lines > 0, reason: !!s.reason })[value] ?? false,
};

// parse returns a function that tells whether a summary passes.
export function parse(text) {
  const tests = text.trim().toLowerCase().split(/\s+/).filter(Boolean).map(word);
  return (summary) => tests.every((test) => test(summary));
}

function word(text) {
  if (text.length > 1 && text.startsWith("-")) {
    const test = word(text.slice(1));
    return (s) => !test(s);
  }
  const colon = text.indexOf(":");
  const fact = Object.hasOwn(facts, text.slice(0, colon)) ? facts[text.slice(0, colon)] : null;
  const value = text.slice(colon + 1);
  if (fact) return value === "" ? () => true : (s) => fact(s, value);
  return (s) => `${s.method} ${s.target} ${s.status} ${s.function || ""} ${s.reason || ""}`.toLowerCase().includes(text);
}
