// Shows an HTTP request or response: first line, query, headers, body.
import { el } from "./dom.js";
import { bodyView } from "./body.js";

export function requestView({ request }) {
  return el("div", {},
    el("p", { class: "start-line" }, `${request.method} ${request.target} ${request.proto || ""}`),
    query(request.target), headers(request), bodyView(request));
}

export function responseView({ response, request }) {
  if (!response.status) return el("p", { class: "note" }, "The response has not come yet.");
  return el("div", {},
    el("p", { class: "start-line" }, `${response.proto || request.proto || "HTTP"} ${response.status}`),
    headers(response), bodyView(response));
}

function headers(message) {
  if (!message.headers?.length) return el("p", { class: "note" }, "No headers.");
  return el("div", {}, el("h3", {}, "Headers"), fields(message.headers));
}

function query(target) {
  const at = target.indexOf("?");
  if (at < 0 || at === target.length - 1) return null;
  return el("div", {}, el("h3", {}, "Query, decoded"), fields([...new URLSearchParams(target.slice(at + 1))]));
}

const fields = (pairs) => el("table", { class: "fields" }, el("tbody", {},
  pairs.map(([name, value]) => el("tr", {}, el("th", { scope: "row" }, name), el("td", {}, value)))));
