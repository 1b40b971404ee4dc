// Puts the page together.
import * as api from "./api.js";
import { byID, button, el } from "./dom.js";
import { compareView } from "./compare.js";
import { count } from "./format.js";
import { Detail } from "./detail.js";
import { edit } from "./editor.js";
import { closeCards, showFunctions } from "./functions.js";
import { help } from "./help.js";
import { listenToKeys } from "./keys.js";
import { List } from "./list.js";
import { listen } from "./stream.js";
import { Model } from "./model.js";
import { announce, attempt, copy, toast } from "./notice.js";
import { theme } from "./theme.js";

const model = new Model();
const list = new List(byID("list"), model, select);
const detail = new Detail(byID("detail"), {
  close, select, replay, edit: editSelected, compare, copyCurl, reveal,
  copyEvent: () => selected(async (id) => copy(await api.event(id, detail.revealed), "the event")),
});
let listener = "http://localhost:8080";
let comparing = false;

const selected = (action) => model.selected && attempt(() => action(model.selected));

function select(id, keepFocus = false) {
  if (!model.all.has(id)) {
    toast(`Request ${id} is no longer kept.`, true);
    return;
  }
  model.selected = id;
  comparing = false;
  byID("main").classList.add("open");
  const position = model.position();
  if (position >= 0) list.reveal(position);
  list.update();
  attempt(() => detail.load(id));
  if (!keepFocus && byID("list").offsetParent) byID("list").focus({ preventScroll: true });
}

function close() {
  if (comparing) {
    comparing = false;
    selected((id) => detail.load(id));
    return;
  }
  model.selected = 0;
  byID("main").classList.remove("open");
  list.update();
  hint();
}

function hint() {
  const command = `curl -i ${listener}/`;
  detail.hint(el("p", {}, model.all.size ? "Choose a request to look into it, with the mouse or with j and k." : "Requests appear here as they come. Send the first one:"),
    !model.all.size && el("pre", { class: "code" }, command),
    !model.all.size && button("Copy", () => copy(command, "the command")));
}

function replay() {
  selected(async (id) => {
    const record = await api.replay(id);
    toast(`Sent again: ${record.response.status}.`);
    follow(record.id);
  });
}

// follow selects a request that was just sent, which the stream may bring a moment later.
let awaited = 0;

function follow(id) {
  if (model.all.has(id)) select(id, true);
  else awaited = id;
}

// Editing begins with the masked request: the server puts the secrets back where the masks are left alone.
function editSelected() {
  selected(async (id) => {
    const { request } = detail.record?.id === id ? detail.record : await api.record(id);
    edit("Edit and replay", request, async (edited) => follow((await api.replay(id, edited)).id));
  });
}

function compose() {
  const host = listener.replace(/^https?:\/\//, "");
  const request = { method: "GET", target: "/", headers: [["Host", host], ["Accept", "*/*"]] };
  edit("New request", request, async (made) => follow((await api.send(made)).id));
}

function compare() {
  selected(async (id) => {
    const both = await api.compare(id);
    if (model.selected !== id || detail.record?.id !== id) return;
    comparing = true;
    const view = compareView(both, close);
    detail.replaceBody(view);
    view.focus();
  });
}

function copyCurl() {
  selected(async (id) => copy(await api.curl(id, detail.revealed), "the curl command"));
}

function reveal() {
  selected((id) => detail.load(id, !detail.revealed));
}

function step(by) {
  const { shown } = model;
  if (shown.length === 0) return;
  const at = model.position();
  const from = at < 0 ? (by > 0 ? -1 : shown.length) : at;
  const next = Math.min(shown.length - 1, Math.max(0, from + by));
  select(shown[next].id);
}

function counts() {
  const total = model.all.size, shown = model.shown.length;
  byID("counts").textContent = shown === total ? count(total, "request") : `${shown.toLocaleString("en")} of ${count(total, "request")}`;
  const empty = byID("empty");
  empty.hidden = shown > 0;
  empty.textContent = total > 0 ? "No request passes the filter." : "No requests yet.";
}

function changes(news) {
  const before = model.all.size;
  const { fresh, gone } = model.apply(news);
  byID("list-pane").classList.toggle("several", new Set([...model.all.values()].map((s) => s.function)).size > 1);
  list.update(gone);
  counts();
  announce(fresh);
  if (awaited && model.all.has(awaited)) {
    select(awaited, true);
    awaited = 0;
  }
  if (model.selected && !model.all.has(model.selected)) {
    comparing = false;
    close();
  } else if (!comparing && news.records.some((r) => r.id === model.selected) && !fresh.some((r) => r.id === model.selected)) {
    selected((id) => detail.load(id)); // later log lines, or the end of a request under way
  }
  if (!model.selected && (before === 0) !== (model.all.size === 0)) hint();
}

theme(byID("theme"));
hint();
byID("filter").addEventListener("input", (e) => {
  model.filter(e.target.value);
  list.update();
  counts();
});
byID("clear").addEventListener("click", () => attempt(api.clear));
byID("compose").addEventListener("click", compose);
byID("help-open").addEventListener("click", help);
document.addEventListener("click", (e) => closeCards(e.target));
listenToKeys({
  step, end: (last) => step(last ? Infinity : -Infinity), filter: () => byID("filter").focus(), replay, edit: editSelected, compare, copyCurl, reveal,
  compose, help, escape: (from) => {
    closeCards();
    if (from === byID("filter")) from.blur();
    else close();
  },
});
listen({
  hello: (greeting) => {
    listener = greeting.listener;
    if (!greeting.fresh) return;
    model.reset();
    list.update();
    byID("main").classList.remove("open");
    hint();
  },
  changes,
  functions: showFunctions,
  connected: (yes) => {
    byID("connection").textContent = yes ? "live" : "connection lost, trying again";
    byID("connection").className = yes ? "" : "lost";
  },
});
