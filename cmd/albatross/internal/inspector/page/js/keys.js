// The keyboard.

export const keys = [
  ["j ↓", "next request"], ["k ↑", "previous request"], ["g Home", "first"], ["G End", "last"], ["/", "filter"],
  ["r", "replay"], ["e", "edit and replay"], ["c", "compare header modes"], ["y", "copy as curl"], ["s", "show or hide secrets"],
  ["n", "new request"], ["Esc", "close, or back to the list"], ["?", "this help"],
];

// listenToKeys calls the action that belongs to a key, unless somebody is typing.
export function listenToKeys(actions) {
  const bound = {
    j: () => actions.step(1), ArrowDown: () => actions.step(1), k: () => actions.step(-1), ArrowUp: () => actions.step(-1),
    g: () => actions.end(false), Home: () => actions.end(false), G: () => actions.end(true), End: () => actions.end(true),
    "/": actions.filter, r: actions.replay, e: actions.edit, c: actions.compare, y: actions.copyCurl, s: actions.reveal, n: actions.compose,
    "?": actions.help, Escape: actions.escape,
  };
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented || document.querySelector("dialog[open]")) return;
    const typing = e.target.matches("input, textarea, select");
    if (typing && e.key !== "Escape") return;
    if (/^(Arrow|Home|End)/.test(e.key) && e.target !== document.body && !e.target.closest("#list")) return; // scrolls, or moves among tabs
    const action = Object.hasOwn(bound, e.key) ? bound[e.key] : null;
    if (!action) return;
    e.preventDefault();
    action(e.target);
  });
}
