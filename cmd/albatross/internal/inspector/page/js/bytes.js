// Bodies as the API has them: {text}, {base64}, and how much was cut off.

export function toBytes(body) {
  if (!body) return new Uint8Array();
  if (body.base64) return Uint8Array.from(atob(body.base64), (c) => c.charCodeAt(0));
  return new TextEncoder().encode(body.text ?? "");
}

export const isText = (body) => !body?.base64;

export const textOf = (body) => body?.text ?? "";

// expand undoes a content encoding that the browser knows; null if it cannot.
export async function expand(data, encoding) {
  const format = { gzip: "gzip", "x-gzip": "gzip", deflate: "deflate" }[encoding];
  if (!format) return null;
  try {
    const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream(format));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch {
    return null;
  }
}

// decode returns text; null if the bytes are none.
export function decode(data) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(data);
  } catch {
    return null;
  }
}

// dump shows bytes in the usual three columns.
export function dump(data, limit = 512) {
  const lines = [];
  for (let at = 0; at < Math.min(data.length, limit); at += 16) {
    const part = [...data.subarray(at, at + 16)];
    const hex = part.map((b) => b.toString(16).padStart(2, "0")).join(" ");
    const ascii = part.map((b) => (b >= 32 && b < 127 ? String.fromCharCode(b) : "·")).join("");
    lines.push(`${at.toString(16).padStart(6, "0")}  ${hex.padEnd(47)}  ${ascii}`);
  }
  return lines.join("\n");
}
