// Says what has happened: briefly on the page, and to those who listen to it.
import { byID } from "./dom.js";
import { count } from "./format.js";

let timer;

export function toast(text, bad = false) {
  const box = byID("toast");
  box.textContent = text;
  box.className = bad ? "toast shown bad" : "toast shown";
  clearTimeout(timer);
  timer = setTimeout(() => box.classList.remove("shown"), bad ? 6000 : 2200);
}

// attempt runs something that may fail, and shows why.
export async function attempt(action) {
  try {
    return await action();
  } catch (error) {
    toast(error.message, true);
    return undefined;
  }
}

let waiting = [];

// announce tells screen readers of new requests, several together.
export function announce(summaries) {
  if (waiting.length === 0 && summaries.length > 0) {
    setTimeout(() => {
      const last = waiting.at(-1);
      const status = last.status ? `, ${last.status}` : "";
      byID("live").textContent = `${count(waiting.length, "new request")}: ${last.method} ${last.target.slice(0, 80)}${status}`;
      waiting = [];
    }, 1000);
  }
  waiting.push(...summaries);
}

export async function copy(text, what) {
  await attempt(async () => {
    if (!navigator.clipboard) throw new Error("The browser lets this page copy only at localhost or 127.0.0.1.");
    await navigator.clipboard.writeText(text);
    toast(`Copied ${what}.`);
  });
}
