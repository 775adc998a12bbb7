// What can be done with the text of a bubble: ids to copy, numbered lines to answer with a tap.

import { element, copy, toast } from "./dom.js";
import { latinDigits } from "./persian.js";

const ID = /[0-9۰-۹٠-٩]{5,}/g;
const MARKS = /[\u200e\u200f\u2066-\u2069]/g;
const NUMBERED = /^\s*([0-9۰-۹٠-٩]{1,2})\s*(?:[-–.:)،]\s*|\s)(\S.*)$/;

/** The text as nodes; a run of five or more digits is a button that copies it. */
export function textNodes(text) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(ID)) {
    nodes.push(text.slice(end, match.index), idButton(match[0]));
    end = match.index + match[0].length;
  }
  nodes.push(text.slice(end));
  return nodes;
}

/** Digits that a tap copies. */
export function idButton(digits) {
  const button = element("button", "id", digits);
  button.type = "button";
  button.title = "کپی";
  button.addEventListener("click", async () => {
    toast((await copy(latinDigits(digits))) ? "کپی شد" : "مرورگر اجازهٔ کپی نداد");
  });
  return button;
}

/**
 * Answers offered by numbered lines («۱ ثبت قرائت»), as `{value, label}`. The numbers must count up (11
 * and 12 are never choices, so that 13 follows 10; a command ۰ may stand anywhere): a date at the start
 * of a line is no choice.
 */
export function quickReplies(text) {
  const replies = [];
  let previous = null;
  for (const line of text.replace(MARKS, "").split("\n")) {
    const match = NUMBERED.exec(line);
    if (!match) continue;
    const value = Number(latinDigits(match[1]));
    const counts = previous === null ? value <= 9 : value === (previous === 10 ? 13 : previous + 1);
    if (value !== 0 && !counts) continue;
    if (value !== 0) previous = value;
    replies.push({ value: match[1], label: match[2].trim() });
  }
  return replies.length > 1 ? replies : [];
}

/** The newest tracking code in messages of the line, newest last; null when none was given. */
export function lastTrackingCode(texts) {
  for (const text of [...texts].reverse()) {
    const match = /پیگیری\D{0,20}?([0-9]{10})(?![0-9])/.exec(latinDigits(text));
    if (match) return match[1];
  }
  return null;
}
