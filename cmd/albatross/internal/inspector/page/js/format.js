// Numbers and times as people read them.

export function milliseconds(ms) {
  if (ms === undefined || ms === null) return "";
  if (ms >= 60000) return `${(ms / 60000).toFixed(1)} min`;
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`;
  return `${ms >= 10 ? Math.round(ms) : ms.toFixed(1)} ms`;
}

export function bytes(n) {
  if (n >= 1 << 20) return `${(n / (1 << 20)).toFixed(2)} MB`;
  if (n >= 1 << 10) return `${(n / (1 << 10)).toFixed(1)} KB`;
  return n === 1 ? "1 byte" : `${n} bytes`;
}

const pad = (n, width = 2) => String(n).padStart(width, "0");

export function clock(iso, fine = false) {
  const t = new Date(iso);
  if (Number.isNaN(t.getTime())) return "";
  const seconds = `${pad(t.getHours())}:${pad(t.getMinutes())}:${pad(t.getSeconds())}`;
  return fine ? `${seconds}.${pad(t.getMilliseconds(), 3)}` : seconds;
}

export const statusClass = (status) => `status s${Math.floor(status / 100)}`;

export const mode = (multi) => (multi ? "multi-value headers" : "single-value headers");

export const count = (n, one, many = `${one}s`) => `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
