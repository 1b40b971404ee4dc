// Says what is wrong with an answer, and how to mend it.
import { el } from "./dom.js";

// isFatal reports whether the client got an error page for the answer.
export const isFatal = (record) => !!record.reason || (record.findings ?? []).some((f) => f.reason);

// said is what is wrong, as one sentence.
const said = (f) => (f.field ? `${f.field} ${f.problem}` : f.problem);

// verdict is one line on the worst of it; null when all is well.
export function verdict(record) {
  const findings = record.findings ?? [];
  if (findings.length === 0 && !record.error && !record.reason) return null;
  const fatal = isFatal(record);
  const first = findings[0];
  const words = first ? said(first) : record.error || "";
  return el("div", { class: fatal ? "verdict fatal" : "verdict finding" },
    el("strong", {}, fatal ? record.reason || first?.reason : record.error && !first ? "Note" : "Delivered, but not as meant"),
    el("span", {}, words));
}

export function findingsView(record) {
  const findings = record.findings ?? [];
  const fatal = isFatal(record);
  const status = record.response?.status;
  return el("div", {},
    el("p", { class: "lead" }, fatal
      ? `An ALB answers this with ${status || 502}, without a word to the client. Its access log says ${record.reason || findings[0].reason}.`
      : findings.length > 0 ? "An ALB delivers this answer, but drops or alters a part of it in silence." : ""),
    record.error && el("pre", { class: "code boxed" }, record.error),
    findings.length > 0 && el("ul", { class: "findings" }, findings.map((f) => el("li", { class: f.reason ? "fatal" : "" },
      el("div", { class: "where" },
        el("span", { class: f.reason ? "badge fatal" : "badge finding" }, f.reason ? `${status || 502} ${f.reason}` : "altered or dropped")),
      el("p", { class: "what" }, said(f)),
      el("p", { class: "cure" }, el("b", {}, "To mend it: "), f.remedy)))));
}
