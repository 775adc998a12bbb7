// Building elements from text only: nothing a stranger wrote ever becomes markup.

const SVG = "http://www.w3.org/2000/svg";

/** An element with a class, and text or child nodes. */
export function element(tag, className = "", ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

/** A symbol of index.html by name, hidden from screen readers. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

let toastTimer;

/** Show a short notice for a moment. */
export function toast(text) {
  const box = document.getElementById("toast");
  box.textContent = text;
  box.classList.add("shown");
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => box.classList.remove("shown"), 1800);
}

/** Put text on the clipboard; false where the browser does not allow it. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** What this browser remembers for the page; a browser that keeps nothing is fine too. */
export const memory = {
  get(key) {
    try {
      return localStorage.getItem(`gooya.${key}`);
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      localStorage.setItem(`gooya.${key}`, value);
    } catch {
      // Private windows may refuse: the choice then lasts as long as the page.
    }
  },
};
