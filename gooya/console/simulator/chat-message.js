// A message of the Bot API as a bubble: text with its entities, pictures, files, contacts, buttons.

import { imageUrl } from "./chat-carrier.js";
import { element, icon } from "./dom.js";
import { idButton } from "./message-text.js";
import { clockTime, persianDigits, persianNumber } from "./persian.js";

const PICTURES = { consumption: "نمودار مصرف", payments: "جدول پرداخت‌ها" };
const GONE = "این تصویر دیگر در دسترس نیست.";

/**
 * `on.press(button, message, key)` and `on.enlarge(url, name)` hear what is done with the bubble. Its element
 * has `dataset.id` and `dataset.from` ("bot" or "customer").
 */
export function createBubble(message, on) {
  const mine = !message.from.is_bot;
  const time = element("time", "", clockTime(new Date(message.date * 1000)));
  const body = element("div", "body", ...contents(message, on), time);
  const node = element("article", "message", body);
  if (message.reply_markup) node.append(keyboard(message, on));
  node.dataset.id = message.message_id;
  node.dataset.from = mine ? "customer" : "bot";
  node.setAttribute("aria-label", mine ? "شما" : "شرکت توزیع برق");
  return node;
}

function contents(message, on) {
  const text = message.text ?? message.caption ?? "";
  const nodes = [];
  if (message.photo) nodes.push(picture(message, on));
  if (message.document) nodes.push(file(message.document));
  if (message.contact) nodes.push(element("p", "card", icon("person"), element("bdi", "", persianDigits(`+${message.contact.phone_number}`))));
  if (text) {
    const paragraph = element("p", "text", ...formatted(text, message.entities ?? message.caption_entities ?? []));
    paragraph.dir = "auto";
    nodes.push(paragraph);
  }
  return nodes;
}

/** Offsets count UTF-16 units, as strings here do. */
function formatted(text, entities) {
  const nodes = [];
  let end = 0;
  for (const { type, offset, length } of entities) {
    const part = text.slice(offset, offset + length);
    nodes.push(text.slice(end, offset), type === "code" ? idButton(part) : element("b", "", part));
    end = offset + length;
  }
  nodes.push(text.slice(end));
  return nodes;
}

function picture(message, on) {
  const { file_id, width, height } = message.photo.at(-1);
  const name = PICTURES[message.picture] ?? "عکس";
  const url = imageUrl(file_id);
  const image = element("img");
  image.alt = name;
  image.width = width;
  image.height = height;
  image.src = url;
  const button = element("button", "picture", image);
  button.type = "button";
  button.setAttribute("aria-label", `${name}؛ بزرگ‌نمایی`);
  button.addEventListener("click", () => on.enlarge(url, name));
  image.addEventListener("error", () => button.replaceWith(element("p", "card", `${name}: ${GONE}`)), { once: true });
  return button;
}

function file({ file_name, file_size }) {
  const size = `${persianNumber(Math.max(1, Math.round(file_size / 1024)))} کیلوبایت`;
  return element("p", "card", icon("file"), element("span", "", element("bdi", "", file_name || "فایل"), element("small", "", size)));
}

function keyboard(message, on) {
  const rows = message.reply_markup.inline_keyboard.map((keys) => element("div", "", ...keys.map((key) => {
    const button = element("button", "", element("bdi", "", key.text));
    button.type = "button";
    button.addEventListener("click", () => on.press(button, message, key));
    return button;
  })));
  const node = element("div", "buttons", ...rows);
  node.setAttribute("role", "group");
  node.setAttribute("aria-label", "دکمه‌ها");
  return node;
}
