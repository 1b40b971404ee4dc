// What the keys and the filter can do.
import { button, byID, el } from "./dom.js";
import { keys } from "./keys.js";

const filters = [
  ["orders", "in method, target, status, function or reason"], ["status:502, status:5xx", "status of the response"], ["method:post", "method"],
  ["function:users", "function"], ["mode:multi", "header mode"], ["is:cold", "also warm, replay, pending, error"], ["has:finding", "also log, reason"],
  ["-status:200", "a minus turns any of them around"],
];

export function help() {
  const dialog = byID("help");
  const list = (pairs, what) => el("dl", {}, pairs.map(([sign, text]) => [el("dt", {}, what(sign)), el("dd", {}, text)]));
  dialog.replaceChildren(el("div", { class: "help" },
    el("h2", { id: "help-title" }, "Help"),
    el("h3", {}, "Keys"),
    list(keys, (sign) => sign.split(" ").flatMap((key, i) => [i > 0 && " ", el("kbd", {}, key)])),
    el("h3", {}, "Filter: all words must hold"),
    list(filters, (sign) => el("code", {}, sign)),
    el("p", { class: "quiet" }, "Credentials in headers are hidden until you ask for them, one request at a time. Copies hide them too. A replay sends the true ones."),
    el("div", { class: "ends" }, button("Close", () => dialog.close(), { class: "primary" }))));
  dialog.showModal();
}
