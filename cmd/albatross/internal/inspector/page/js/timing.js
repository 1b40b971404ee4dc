// Shows where the time went: start of the process, the function itself, and all around it.
import { el } from "./dom.js";
import { milliseconds } from "./format.js";

// timing returns a bar with its legend; null without an invocation.
export function timing(record) {
  const invocation = record.invocation;
  if (!invocation) return null;
  const init = invocation.initMs ?? 0;
  const rest = Math.max(0, record.durationMs - init - invocation.durationMs);
  const parts = [["init", init, "start"], ["invoke", invocation.durationMs, "function"], ["rest", rest, "load balancer and wire"]]
    .filter(([, ms]) => ms > 0);
  return el("div", { class: "timing" },
    el("div", { class: "track", "aria-hidden": "true" }, parts.map(([name, ms]) => {
      const part = el("span", { class: name });
      part.style.flexGrow = ms * 1000; // below 1 in all, flex leaves space
      return part;
    })),
    el("ul", {}, parts.map(([name, ms, label]) => el("li", {}, el("i", { class: name }), `${label} ${milliseconds(ms)}`))));
}
