// Finds which lines of two texts differ.

const most = 2000; // lines on a side; beyond that only beginning and end are matched

// diff returns rows {left, right, kind}: "same", "shape" where a line says the same in the other header mode's form, "changed", and
// a side that is null where the other has a line more.
export function diff(left, right) {
  const a = left.split("\n"), b = right.split("\n");
  const keysA = a.map(meaning), keysB = b.map(meaning);
  let start = 0, endA = a.length, endB = b.length;
  while (start < endA && start < endB && keysA[start] === keysB[start]) start++;
  while (endA > start && endB > start && keysA[endA - 1] === keysB[endB - 1]) { endA--; endB--; }
  const rows = [];
  const pair = (i, j) => rows.push({ left: a[i], right: b[j], kind: a[i] === b[j] ? "same" : "shape" });
  for (let i = 0; i < start; i++) pair(i, i);
  middle(rows, a, b, keysA, keysB, start, endA, endB, pair);
  for (let i = endA, j = endB; i < a.length; i++, j++) pair(i, j);
  return rows;
}

function middle(rows, a, b, keysA, keysB, start, endA, endB, pair) {
  const n = endA - start, m = endB - start;
  const common = n <= most && m <= most ? table(keysA, keysB, start, n, m) : null;
  let i = 0, j = 0, onlyA = [], onlyB = [];
  const flush = () => {
    rows.push(...sideBySide(onlyA, onlyB));
    onlyA = [];
    onlyB = [];
  };
  while (i < n || j < m) {
    if (common && i < n && j < m && keysA[start + i] === keysB[start + j]) {
      flush();
      pair(start + i++, start + j++);
    } else if (j >= m || (i < n && (!common || common[(i + 1) * (m + 1) + j] >= common[i * (m + 1) + j + 1]))) onlyA.push(a[start + i++]);
    else onlyB.push(b[start + j++]);
  }
  flush();
}

// table holds the length of the longest common part from each pair of lines on.
function table(keysA, keysB, start, n, m) {
  const common = new Uint16Array((n + 1) * (m + 1));
  for (let i = n - 1; i >= 0; i--) {
    for (let j = m - 1; j >= 0; j--) {
      common[i * (m + 1) + j] = keysA[start + i] === keysB[start + j]
        ? common[(i + 1) * (m + 1) + j + 1] + 1
        : Math.max(common[(i + 1) * (m + 1) + j], common[i * (m + 1) + j + 1]);
    }
  }
  return common;
}

// sideBySide puts lines of the same key next to each other, and the others where they are.
function sideBySide(left, right) {
  const rows = [];
  const rest = [...right];
  for (const line of left) {
    const at = rest.findIndex((other) => keyOf(other) !== "" && keyOf(other) === keyOf(line));
    if (at < 0) {
      rows.push({ left: line, right: null, kind: "changed" });
      continue;
    }
    for (const other of rest.splice(0, at)) rows.push({ left: null, right: other, kind: "changed" });
    rows.push({ left: line, right: rest.shift(), kind: "changed" });
  }
  for (const other of rest) rows.push({ left: null, right: other, kind: "changed" });
  return pairUp(rows);
}

// pairUp joins neighbours of which one is only left and one only right, if neither has a key.
function pairUp(rows) {
  const out = [];
  for (const row of rows) {
    const open = out.find((o) => o.right === null && row.left === null && keyOf(o.left) === "" && keyOf(row.right) === "");
    if (open) open.right = row.right;
    else out.push(row);
  }
  return out;
}

const families = { '"multiValueHeaders"': '"headers"', '"multiValueQueryStringParameters"': '"queryStringParameters"' };

const keyOf = (line) => {
  const key = /^\s*("(?:[^"\\]|\\.)*"):/.exec(line)?.[1] ?? "";
  return families[key] ?? key;
};

// meaning is a line without what the header mode does to its form: the names of the families, and the brackets around one value.
function meaning(line) {
  const found = /^(\s*)("(?:[^"\\]|\\.)*"): (.*?)(,?)$/.exec(line);
  if (!found) return line.replace(/,$/, "");
  const value = /^\[("(?:[^"\\]|\\.)*")\]$/.exec(found[3])?.[1] ?? found[3];
  return `${found[1]}${families[found[2]] ?? found[2]}: ${value}`;
}
