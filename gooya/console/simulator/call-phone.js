// One device of the shell: a telephone with keys, for one call at a time.

import { dial } from "./call-line.js";
import { record, spokenTone } from "./call-recorder.js";
import { beep, createPrompter, keyTone } from "./call-sound.js";
import { element, toast } from "./dom.js";
import { clockTime, latinDigits, persianDigits } from "./persian.js";

const KEYS = [
  ["1", ""], ["2", ""], ["3", ""], ["4", ""], ["5", ""], ["6", ""], ["7", ""], ["8", ""], ["9", "تکرار"],
  ["*", "برگشت", "ستاره"], ["0", "کارشناس"], ["#", "پایان رقم", "مربع"],
];
const STATES = {
  idle: "آمادهٔ تماس",
  ringing: "در حال گرفتن…",
  connected: "وصل است",
  ended: "تماس پایان یافت",
  transferred: "به کارشناس وصل شد",
  failed: "تماس برقرار نشد",
};
const VARIABLES = { caller: "تماس‌گیرنده", service: "خدمت", reason: "علت", answers: "پاسخ‌ها", bill: "شناسهٔ قبض" };
const SILENT = "گفتار ساخته نشد و فقط متن آن می‌آید. برای شنیدن، espeak-ng را نصب کنید (apt install espeak-ng) و گویا را دوباره راه بیندازید.";
const NO_MICROPHONE = "میکروفون در دسترس نیست؛ می‌توانید به‌جای گفتن، یک صدای آزمایشی بفرستید.";
const KEY_GAP_MILLISECONDS = 110;
const TYPED = 40;

/** `{element, use(number), fill(keys)}`; `readMessages()` shows the SMS of the same number. */
export function createCallPhone(readMessages) {
  const root = document.getElementById("call-phone").content.firstElementChild.cloneNode(true);
  const $ = (selector) => root.querySelector(selector);
  const [state, timer, captions, note, typed, keypad, audio, recording, handOver] = [
    ".call-state", ".call-timer", ".captions", ".call-note", ".typed", ".keypad", "audio", ".recording", ".hand-over",
  ].map($);
  const [mute, call, hangUp, endRecording, sendTone, messages] = [
    ".mute", ".call", ".hang-up", ".end-recording", ".send-tone", ".read-messages",
  ].map($);

  let number = null;
  let line = null;
  let since = 0;
  let recorder = null;
  const prompter = createPrompter(audio, captions, {
    started: (playback) => line?.started(playback),
    finished: (playback) => line?.finished(playback),
  });

  function setState(name) {
    root.dataset.state = name;
    state.textContent = STATES[name];
    call.hidden = line !== null;
    hangUp.hidden = line === null;
    messages.hidden = !["ended", "transferred"].includes(name);
  }

  // The call ------------------------------------------------------------------------------------

  function begin() {
    clear();
    line = dial(number, { play, stop, record: startRecording, stop_recording: stopRecording, hang_up: () => over("ended"), transfer, error: complain, closed });
    setState("ringing");
    hangUp.focus();
  }

  function clear() {
    captions.replaceChildren();
    handOver.hidden = true;
    handOver.replaceChildren();
    note.textContent = typed.textContent = timer.textContent = "";
  }

  function answered() {
    if (root.dataset.state !== "ringing") return;
    since = Date.now();
    setState("connected");
    tellTime();
  }

  function play(message) {
    answered();
    if (message.parts.length) typed.textContent = "";
    if (message.silent) note.textContent = SILENT;
    prompter.play(message);
  }

  function stop({ playback }) {
    prompter.stop(playback);
  }

  function transfer({ variables }) {
    const rows = Object.entries(variables).filter(([, value]) => value).map(([name, value]) => {
      const known = Object.keys(VARIABLES).find((word) => name.toLowerCase().endsWith(word));
      return element("div", "", element("dt", "", VARIABLES[known] ?? name), element("dd", "", element("bdi", "", value)));
    });
    handOver.replaceChildren(...rows);
    handOver.hidden = false;
    over("transferred");
  }

  function complain({ error }) {
    note.textContent = error;
  }

  function closed() {
    if (line) over(root.dataset.state === "ringing" ? "failed" : "ended");
  }

  function over(how) {
    const ended = line;
    const focused = document.activeElement === hangUp;
    line = null;
    ended?.hangUp();
    prompter.silence();
    recorder?.stop();
    recording.hidden = true;
    setState(how);
    if (focused) call.focus();
  }

  // Keys ----------------------------------------------------------------------------------------

  function press(key) {
    if (root.dataset.state !== "connected") return;
    if (!audio.muted) keyTone(key);
    typed.textContent = (typed.textContent + persianDigits(key)).slice(-TYPED);
    line.press(key);
  }

  keypad.append(...KEYS.map(([key, hint, name]) => {
    const button = element("button", "key", element("b", "", persianDigits(key)), element("span", "", hint));
    button.type = "button";
    button.dataset.key = key;
    button.setAttribute("aria-label", [name ?? persianDigits(key), hint].filter(Boolean).join("، "));
    button.addEventListener("click", () => press(key));
    return button;
  }));

  document.addEventListener("keydown", (event) => {
    if (!root.isConnected || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.closest("input, textarea, select, dialog")) return;
    const key = latinDigits(event.key);
    const button = keypad.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!button) return;
    event.preventDefault();
    press(key);
    button.classList.add("pressed");
    setTimeout(() => button.classList.remove("pressed"), 120);
  });

  // What is said --------------------------------------------------------------------------------

  async function startRecording({ seconds }) {
    recording.hidden = false;
    recording.dataset.with = "microphone";
    endRecording.focus();
    await beep();
    try {
      recorder = await record(seconds);
    } catch {
      recording.dataset.with = "tone";
      note.textContent = NO_MICROPHONE;
      sendTone.focus();
      return;
    }
    if (recording.hidden) recorder.stop();
    const wav = await recorder.done;
    recorder = null;
    sendRecording(wav);
  }

  // Without a recorder the line still waits for something: nothing at all was said.
  function stopRecording() {
    if (recorder) recorder.stop();
    else sendRecording(new ArrayBuffer(0));
  }

  function sendRecording(wav) {
    if (recording.hidden) return;
    recording.hidden = true;
    line?.recorded(wav);
  }

  // Buttons -------------------------------------------------------------------------------------

  call.addEventListener("click", begin);
  hangUp.addEventListener("click", () => over("ended"));
  endRecording.addEventListener("click", () => press("#"));
  sendTone.addEventListener("click", () => {
    note.textContent = "";
    sendRecording(spokenTone());
  });
  messages.addEventListener("click", readMessages);
  mute.addEventListener("click", () => {
    audio.muted = !audio.muted;
    mute.setAttribute("aria-pressed", String(audio.muted));
  });

  function tellTime() {
    $(".clock").textContent = clockTime(new Date());
    if (root.dataset.state !== "connected") return;
    const seconds = Math.floor((Date.now() - since) / 1000);
    const two = (value) => String(value).padStart(2, "0");
    timer.textContent = persianDigits(`${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`);
  }
  tellTime();
  setInterval(tellTime, 1000);
  setState("idle");

  return {
    id: "call",
    title: "تلفن",
    element: root,
    use(newNumber) {
      if (newNumber === number) return;
      number = newNumber;
      if (line) over("ended");
      clear();
      setState("idle");
    },
    /** Press keys one after the other, as a person does. */
    fill(keys) {
      if (root.dataset.state !== "connected") toast("اول تماس بگیرید.");
      [...keys].forEach((key, n) => setTimeout(press, n * KEY_GAP_MILLISECONDS, key));
    },
    trackingCode: () => null,
  };
}
