// One device of the shell: an Android-like SMS app with a single conversation.

import { listen, newId, post } from "./carrier.js";
import { createComposer } from "./composer.js";
import { element, icon } from "./dom.js";
import { lastTrackingCode, quickReplies, textNodes } from "./message-text.js";
import { clockTime, jalaliDay, persianDigits, persianNumber } from "./persian.js";
import { ENCODING_NAMES, measure } from "./segments.js";

const TICKS = {
  wait: ["wait", "در حال فرستادن"],
  sent: ["sent", "فرستاده شد"],
  delivered: ["delivered", "رسید"],
  failed: ["failed", "فرستاده نشد"],
};

/**
 * `{element, use(number), fill(text), trackingCode()}`. `notify` hears how the last message fares:
 * ("sent" | "taken" | "answered" | "failed", detail).
 */
export function createSmsPhone(notify) {
  const root = document.getElementById("sms-phone").content.firstElementChild.cloneNode(true);
  const $ = (selector) => root.querySelector(selector);
  const [log, chips, form, input, counter, connection, clock, empty] = [
    ".messages", ".chips", ".compose", "textarea", ".counter", ".connection", ".clock", ".empty",
  ].map($);

  let number = null;
  let hangUp = () => {};
  let bubbles = new Map();
  let atEnd = true;

  function use(newNumber) {
    hangUp();
    number = newNumber;
    bubbles = new Map();
    atEnd = true;
    log.replaceChildren(empty);
    chips.replaceChildren();
    setConnection(false);
    const mine = { message: show, delivery: tick, connection: setConnection };
    hangUp = listen("/sms/simulator/stream", number, mine);
  }

  function setConnection(online) {
    root.dataset.online = String(online);
    connection.textContent = online ? "برخط" : "در حال وصل شدن…";
  }

  // Who reads the end stays there, whatever grows; who scrolled back is left alone.
  const follow = () => { if (atEnd) log.scrollTop = log.scrollHeight; };
  log.addEventListener("scroll", () => {
    atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
  });
  new ResizeObserver(follow).observe(log);

  // Messages -----------------------------------------------------------------------------------

  const keyOf = (message) => `${message.from}:${message.id}`;

  function show(message) {
    const known = bubbles.get(keyOf(message));
    if (known) {
      known.update({ ...message, status: known.message.status === "wait" ? "sent" : known.message.status });
      return;
    }
    const bubble = createBubble({ ...message, status: message.status ?? "sent" });
    empty.remove();
    separateDays(message.at);
    log.append(bubble.element);
    bubbles.set(keyOf(message), bubble);
    if (message.from === "phone") atEnd = true;
    offerReplies();
    follow();
    if (message.from === "line") notify("answered", message);
  }

  function tick({ id, status }) {
    const bubble = bubbles.get(`phone:${id}`);
    bubble?.update({ ...bubble.message, status });
  }

  function separateDays(at) {
    const day = jalaliDay(new Date(at));
    const days = log.querySelectorAll(".day");
    if (days.item(days.length - 1)?.textContent !== day) log.append(element("p", "day", day));
  }

  function createBubble(first) {
    const text = element("p", "text", ...textNodes(first.text));
    text.dir = "auto";
    const time = element("time");
    const size = element("span", "size");
    const status = element("span", "tick");
    status.setAttribute("role", "img");
    const meta = element("div", "meta", time, size);
    if (first.from === "phone") meta.append(status);
    const node = element("article", "bubble", text, meta);
    node.dataset.from = first.from;
    node.dataset.spoken = String(first.spoken === true);
    node.setAttribute("aria-label", first.from === "line" ? "شرکت توزیع برق" : "شما");
    const retry = element("button", "retry", "دوباره بفرست");
    retry.type = "button";
    const bubble = { element: node, message: first, update };
    retry.addEventListener("click", () => transmit(bubble));

    function update(message) {
      bubble.message = message;
      time.textContent = clockTime(new Date(message.at));
      time.dateTime = message.at;
      size.textContent = message.spoken ? "تماس آمد و این را گفت" : `${persianNumber(message.parts)} بخش · ${ENCODING_NAMES[message.encoding]}`;
      node.dataset.status = message.status;
      const [name, label] = TICKS[message.status];
      status.replaceChildren(icon(name));
      status.setAttribute("aria-label", label);
      if (message.status === "failed") node.append(retry);
      else retry.remove();
      follow();
    }

    update(first);
    return bubble;
  }

  // Writing ------------------------------------------------------------------------------------

  function send(text) {
    const { encoding, segments: parts } = measure(text);
    const message = { id: newId(), from: "phone", text, encoding, parts, at: new Date().toISOString(), status: "wait" };
    show(message);
    transmit(bubbles.get(keyOf(message)));
  }

  async function transmit(bubble) {
    bubble.update({ ...bubble.message, status: "wait" });
    const { id, text, encoding, parts } = bubble.message;
    const sentFrom = number;
    notify("sent", { encoding, parts });
    const outcome = await post(sentFrom, id, text);
    if (sentFrom !== number) return;
    bubble.update({ ...bubble.message, status: outcome === "taken" ? "delivered" : "failed" });
    notify(outcome === "taken" ? "taken" : "failed", { outcome });
  }

  function offerReplies() {
    const last = [...bubbles.values()].at(-1)?.message;
    const replies = last?.from === "line" ? quickReplies(last.text) : [];
    chips.replaceChildren(...replies.map(({ value, label }) => {
      const chip = element("button", "chip", element("b", "", persianDigits(value)), element("span", "", label));
      chip.type = "button";
      chip.addEventListener("click", () => {
        send(value);
        input.focus({ preventScroll: true });
      });
      return chip;
    }));
    chips.scrollTop = 0;
  }

  const { fill } = createComposer(form, {
    ready: () => number,
    send,
    changed(text) {
      const { encoding, units, segments, room } = measure(text);
      counter.textContent = units ? `${persianNumber(segments)} پیامک · ${persianNumber(room)} مانده · ${ENCODING_NAMES[encoding]}` : "";
    },
  });

  const tellTime = () => { clock.textContent = clockTime(new Date()); };
  tellTime();
  setInterval(tellTime, 10_000);

  return {
    id: "sms",
    title: "پیامک",
    element: root,
    use,
    /** Put a text into the message box for the customer to complete. */
    fill,
    trackingCode: () => lastTrackingCode([...bubbles.values()].filter(({ message }) => message.from === "line").map(({ message }) => message.text)),
  };
}
