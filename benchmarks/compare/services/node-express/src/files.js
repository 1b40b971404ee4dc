// The large bodies.

/** 64 KB that begin like a PNG image. */
export function png() {
  const bytes = Uint8Array.from({ length: 65_536 }, (_, i) => i * i + (i >> 3));
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return bytes;
}

/** The line "0123456789abcdef" again and again, cut at the size. */
export function text(size) {
  const line = '0123456789abcdef\n';
  return line.repeat(Math.ceil(size / line.length)).slice(0, size);
}
