// The form in which a request is written, or changed before it is sent again.
import { button, byID, el } from "./dom.js";
import { bytes } from "./format.js";
import { isText, textOf, toBytes } from "./bytes.js";

const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

// edit opens the form. Send is called with {request, multiValueHeaders}; while it fails, the form stays open and shows why.
export function edit(title, request, send) {
  const dialog = byID("editor");
  const method = el("input", { class: "method mono", id: "edit-method", value: request.method, list: "methods", "aria-label": "Method", required: true, spellcheck: "false" });
  const target = el("input", { class: "target mono", id: "edit-target", value: request.target, "aria-label": "Path and query", required: true, spellcheck: "false" });
  const rows = el("div", { class: "headers" }, (request.headers ?? []).map(([name, value]) => header(name, value)));
  const mode = el("select", { id: "edit-mode" },
    el("option", { value: "" }, "as the target group has it"),
    el("option", { value: "single" }, "single-value headers"),
    el("option", { value: "multi" }, "multi-value headers"));
  const body = bodyField(request.body);
  const fault = el("span", { class: "fault", role: "alert" });
  const form = el("form", { onsubmit: async (e) => {
    e.preventDefault();
    fault.textContent = "";
    submit.disabled = true;
    try {
      await send({
        request: {
          method: method.value.trim(), target: target.value.trim(),
          headers: [...rows.children].map((r) => [...r.querySelectorAll("input")].map((i) => i.value)).filter(([name]) => name.trim() !== ""),
          body: body.value(),
        },
        multiValueHeaders: { single: false, multi: true }[mode.value],
      });
      dialog.close();
    } catch (error) {
      fault.textContent = error.message;
    } finally {
      submit.disabled = false;
    }
  }, onkeydown: (e) => {
    if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) form.requestSubmit();
  } },
    el("h2", { id: "editor-title" }, title),
    el("datalist", { id: "methods" }, methods.map((m) => el("option", { value: m }))),
    el("div", { class: "line" }, method, target),
    el("fieldset", {}, el("legend", {}, "Headers"), rows,
      button("Add header", () => {
        const row = header("", "");
        rows.append(row);
        row.querySelector("input").focus();
      })),
    body.field,
    el("label", {}, el("span", {}, "Header mode"), mode),
    fault,
    el("div", { class: "ends" }, el("span", { class: "quiet" }, "Ctrl+Enter sends"), button("Cancel", () => dialog.close()), el("button", { type: "submit", class: "primary", id: "edit-send" }, "Send")));
  const submit = form.querySelector(".primary");
  dialog.replaceChildren(form);
  dialog.showModal();
  target.focus();
}

function header(name, value) {
  const row = el("div", { class: "header" },
    el("input", { class: "mono", value: name, "aria-label": "Header name", spellcheck: "false" }),
    el("input", { class: "mono", value, "aria-label": "Header value", spellcheck: "false" }),
    button("×", () => row.remove(), { class: "icon", "aria-label": "Remove header" }));
  return row;
}

// bodyField edits text. A body that was not touched, or is no text, goes out as it was.
function bodyField(body) {
  if (!isText(body)) {
    const note = el("p", { class: "quiet" }, `Body: ${bytes(toBytes(body).length)} that are no text. They are sent as they are. `);
    let kept = body;
    note.append(button("Remove the body", () => {
      kept = undefined;
      note.textContent = "No body.";
    }));
    return { field: note, value: () => kept };
  }
  const text = textOf(body);
  const area = el("textarea", { id: "edit-body", spellcheck: "false" });
  area.value = text;
  const before = area.value; // with the line ends of a form
  return {
    field: el("label", {}, el("span", {}, "Body"), area),
    value: () => {
      if (area.value === before) return text === "" && !body?.truncated ? undefined : body;
      return { text: text.includes("\r\n") ? area.value.replaceAll("\n", "\r\n") : area.value };
    },
  };
}
