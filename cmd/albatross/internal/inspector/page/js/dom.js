// Builds elements. Text goes in as text nodes alone, so that data can never become markup.

// el("button", {class: "icon", onclick: f}, "text", child) makes an element. Properties that begin with "on" are listeners, those
// that are null or undefined are left out, and so are false ones but those of ARIA.
export function el(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === null || value === undefined) continue;
    if (key.startsWith("aria-")) element.setAttribute(key, String(value));
    else if (value === false) continue;
    else if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const byID = (id) => document.getElementById(id);

export function button(label, onclick, properties = {}) {
  return el("button", { type: "button", ...properties, onclick }, label);
}
