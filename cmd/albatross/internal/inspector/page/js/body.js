// Shows a body as what it is: JSON, text, a picture, or bytes.
import { button, el } from "./dom.js";
import { decode, dump, expand, toBytes } from "./bytes.js";
import { bytes } from "./format.js";
import { jsonView } from "./json-view.js";
import { parse } from "./json-parse.js";
import { copy } from "./notice.js";

const pictures = /^image\/(png|jpeg|gif|webp|avif|bmp|x-icon|vnd\.microsoft\.icon|svg\+xml)$/;
const longText = 100000; // characters that are shown at first

const header = (message, name) => message.headers?.findLast(([n]) => n.toLowerCase() === name)?.[1] ?? "";

// bodyView shows the body of a message, or says that there is none.
export function bodyView(message) {
  const data = toBytes(message.body);
  const view = el("div");
  if (message.body?.truncated) view.append(el("p", { class: "note" }, `${bytes(message.body.truncated)} more were not kept.`));
  if (data.length === 0) {
    view.append(el("p", { class: "note" }, "No body."));
    return view;
  }
  const type = header(message, "content-type").split(";")[0].trim().toLowerCase();
  const encoding = header(message, "content-encoding").trim().toLowerCase();
  const place = el("div");
  view.append(place);
  if (!encoding || encoding === "identity") show(place, data, type, `${type || "no content type"}, ${bytes(data.length)}`);
  else {
    expand(data, encoding).then((plain) => show(place, plain ?? data, plain ? type : "",
      plain ? `${type}, ${bytes(data.length)} as ${encoding}, ${bytes(plain.length)} without` : `${encoding}, ${bytes(data.length)}`));
  }
  return view;
}

function show(place, data, type, facts) {
  if (pictures.test(type)) {
    place.replaceChildren(title(facts), picture(data, type));
    return;
  }
  const text = decode(data);
  if (text === null) {
    place.replaceChildren(title(facts), el("pre", { class: "code boxed" }, dump(data)));
  } else if (parse(text)?.kind === "object" || parse(text)?.kind === "array") {
    place.replaceChildren(jsonView(`Body (${facts})`, text, { text: () => text, what: "the body" }));
  } else {
    place.replaceChildren(title(facts, button("Copy", () => copy(text, "the body"), { class: "plain" })), textView(text));
  }
}

const title = (facts, action) => el("h3", {}, `Body (${facts})`, action && el("span", { class: "actions" }, action));

function textView(text) {
  const view = el("pre", { class: "code boxed" }, text.slice(0, longText));
  if (text.length > longText) view.append("… ", button("Show all", () => view.replaceChildren(text), { class: "plain" }));
  return view;
}

function picture(data, type) {
  const url = URL.createObjectURL(new Blob([data], { type }));
  const image = el("img", { class: "picture", alt: "the body as a picture", src: url });
  const done = () => URL.revokeObjectURL(url);
  image.addEventListener("load", done);
  image.addEventListener("error", () => {
    done();
    image.replaceWith(el("p", { class: "note" }, "The browser cannot show this picture."), el("pre", { class: "code boxed" }, dump(data)));
  });
  return image;
}
