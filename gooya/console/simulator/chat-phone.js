// One device of the shell: a messenger with the chat of one bot.

import { newId } from "./carrier.js";
import { act, follow, upload } from "./chat-carrier.js";
import { createBubble } from "./chat-message.js";
import { createComposer } from "./composer.js";
import { element, toast } from "./dom.js";
import { lastTrackingCode } from "./message-text.js";
import { clockTime, jalaliDay } from "./persian.js";

const COMMANDS = [
  ["/menu", "منوی اصلی"], ["/back", "بازگشت به مرحلهٔ قبل"], ["/cancel", "انصراف از کار جاری"],
  ["/help", "راهنما"], ["/track", "پیگیری درخواست"], ["/start", "شروع"],
];
const NOT_SENT = { again: "فرستاده نشد؛ دوباره بفرستید.", refused: "پذیرفته نشد." };
const LARGEST_FILE = 10 * 1024 * 1024;
const PRESS_MILLISECONDS = 15_000;
const TYPING_MILLISECONDS = 8_000;

/** `{element, use(number), fill(text), trackingCode()}`. */
export function createChatPhone() {
  const root = document.getElementById("chat-phone").content.firstElementChild.cloneNode(true);
  const $ = (selector) => root.querySelector(selector);
  const [log, empty, form, input, files, contactKey, start, enlarged, connection] = [
    ".messages", ".empty", ".compose", "textarea", ".file", ".contact-key", ".start", ".enlarged", ".connection",
  ].map($);

  let number = null;
  let hangUp = () => {};
  let atEnd = true;
  let notSent = null;
  let typingTimer;
  const pressed = new Map();
  /** Texts of the bot by message. */
  let said = new Map();

  function use(newNumber) {
    if (newNumber === number) return;
    hangUp();
    number = newNumber;
    atEnd = true;
    notSent = null;
    said = new Map();
    pressed.clear();
    log.replaceChildren(empty);
    start.hidden = false;
    showKey({ label: "" });
    clearTimeout(typingTimer);
    setConnection(false);
    hangUp = follow(number, { message: show, key: showKey, toast: endPress, connection: setConnection });
  }

  // With a bot of a real messenger there is no simulated one.
  function setConnection(online, refused) {
    root.dataset.online = String(online);
    connection.textContent = online ? "ربات" : refused ? "پیام‌رسان نمایشی در کار نیست" : "در حال وصل شدن…";
  }

  function setTyping(on) {
    clearTimeout(typingTimer);
    if (root.dataset.online !== "true") return;
    connection.textContent = on ? "در حال نوشتن…" : "ربات";
    if (on) typingTimer = setTimeout(setTyping, TYPING_MILLISECONDS, false);
  }

  // Who reads the end stays there, whatever grows; who scrolled back is left alone.
  const toEnd = () => { if (atEnd) log.scrollTop = log.scrollHeight; };
  log.addEventListener("scroll", () => {
    atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
  });
  new ResizeObserver(toEnd).observe(log);

  // Messages -----------------------------------------------------------------------------------

  function show(message) {
    const bubble = createBubble(message, { press, enlarge });
    const bubbles = [...log.querySelectorAll(".message")];
    const known = bubbles.find(({ dataset }) => dataset.id === bubble.dataset.id);
    if (known) {
      // The button that was just pressed goes with the rest of its keyboard.
      if (known.contains(document.activeElement)) log.focus({ preventScroll: true });
      bubble.classList.add("changed");
      known.replaceWith(bubble);
    } else {
      empty.remove();
      start.hidden = true;
      const next = bubbles.find(({ dataset }) => Number(dataset.id) > message.message_id);
      if (!next) separateDays(message.date);
      log.insertBefore(bubble, next ?? null);
      if (!message.from.is_bot) atEnd = true;
    }
    if (message.from.is_bot) {
      said.set(message.message_id, message.text ?? message.caption ?? "");
      setTyping(false);
    }
    toEnd();
  }

  function separateDays(date) {
    const day = jalaliDay(new Date(date * 1000));
    const days = log.querySelectorAll(".day");
    if (days.item(days.length - 1)?.textContent !== day) log.append(element("p", "day", day));
  }

  function showKey({ label }) {
    contactKey.textContent = label;
    contactKey.hidden = !label;
  }

  function enlarge(url, name) {
    const image = enlarged.querySelector("img");
    image.src = url;
    image.alt = name;
    enlarged.showModal();
  }
  enlarged.addEventListener("click", (event) => {
    if (event.target.closest("form") === null) enlarged.close();
  });

  // Buttons ------------------------------------------------------------------------------------

  async function press(button, message, key) {
    if (button.hasAttribute("aria-busy")) return;
    const query = newId();
    button.setAttribute("aria-busy", "true");
    pressed.set(query, button);
    setTimeout(endPress, PRESS_MILLISECONDS, { query });
    const taken = await perform({ press: { message: message.message_id, data: key.callback_data } }, query);
    if (!taken) endPress({ query });
  }

  // Of presses that another page made, or this one before it was loaded again, it knows nothing.
  function endPress({ query, text }) {
    const button = pressed.get(query);
    if (!button) return;
    pressed.delete(query);
    button.removeAttribute("aria-busy");
    setTyping(false);
    if (text) toast(text);
  }

  // Writing and sending ------------------------------------------------------------------------

  /** Whether it is stored; the customer is told when it is not. */
  async function perform(what, id = newId()) {
    return stored(() => act(number, id, what));
  }

  async function stored(send) {
    if (number === null) return false;
    const from = number;
    setTyping(true);
    const outcome = await send();
    if (outcome !== "taken" && from === number) {
      setTyping(false);
      toast(NOT_SENT[outcome]);
    }
    return outcome === "taken";
  }

  async function write(text) {
    // What may have arrived although it seemed not to goes again as what it was.
    const id = notSent?.text === text ? notSent.id : newId();
    const from = number;
    if (await perform({ text }, id)) notSent = null;
    else if (from === number) {
      notSent = { id, text };
      if (!input.value) fill(text);
    }
  }

  async function sendFiles(chosen) {
    const sendable = [...chosen].filter(({ size }) => size > 0 && size <= LARGEST_FILE);
    if (sendable.length < chosen.length) toast("فایل باید پر و حداکثر ۱۰ مگابایت باشد.");
    const album = sendable.length > 1 ? newId() : "";
    for (const file of sendable) await stored(() => upload(number, newId(), file, album));
  }

  const { fill } = createComposer(form, { ready: () => number, send: write });

  start.addEventListener("click", () => write("/start"));
  contactKey.addEventListener("click", () => perform({ contact: "own" }));
  $(".share-own").addEventListener("click", () => perform({ contact: "own" }));
  $(".share-other").addEventListener("click", () => perform({ contact: "other" }));
  $(".choose-file").addEventListener("click", () => files.click());
  files.addEventListener("change", async () => {
    await sendFiles(files.files);
    files.value = "";
  });
  root.addEventListener("dragover", (event) => {
    event.preventDefault();
    root.classList.add("dropping");
  });
  root.addEventListener("dragleave", (event) => {
    if (!root.contains(event.relatedTarget)) root.classList.remove("dropping");
  });
  root.addEventListener("drop", (event) => {
    event.preventDefault();
    root.classList.remove("dropping");
    sendFiles(event.dataTransfer.files);
  });

  // What opens above the line of writing -------------------------------------------------------

  const sheets = [...root.querySelectorAll(".sheet")];
  $(".commands ul").append(...COMMANDS.map(([command, meaning]) => {
    const code = element("code", "", command);
    code.dir = "ltr";
    const button = element("button", "", element("span", "", meaning), code);
    button.type = "button";
    button.addEventListener("click", () => write(command));
    return element("li", "", button);
  }));
  function closeSheets(but = null) {
    for (const sheet of sheets) if (sheet !== but) sheet.open = false;
  }
  for (const sheet of sheets) {
    sheet.addEventListener("toggle", () => { if (sheet.open) closeSheets(sheet); });
    sheet.addEventListener("click", (event) => { if (event.target.closest("button")) closeSheets(); });
    sheet.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget && !sheet.contains(relatedTarget)) sheet.open = false;
    });
    sheet.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !sheet.open) return;
      closeSheets();
      sheet.querySelector("summary").focus();
    });
  }
  document.addEventListener("click", (event) => closeSheets(event.target.closest(".sheet")));

  const tellTime = () => { $(".clock").textContent = clockTime(new Date()); };
  tellTime();
  setInterval(tellTime, 10_000);

  return {
    id: "chat",
    title: "پیام‌رسان",
    element: root,
    use,
    /** Put a text into the message box for the customer to complete. */
    fill,
    trackingCode: () => lastTrackingCode([...said.entries()].sort(([a], [b]) => a - b).map(([, text]) => text)),
  };
}
