// What the caller hears: the joined prompt, its captions in time with it, and the tones of the keys.

import { element } from "./dom.js";

/** Silence, in seconds, after which the captions go on in a new line. */
const LINE_GAP = 0.28;

/**
 * Plays prompts on `audio` and writes them into `captions`. `on.started(id)` and `on.finished(id)` tell
 * how far the page got; a prompt that can't be heard (no sound device, a file that is gone) still goes
 * by in its own time, so that the captions work without it.
 */
export function createPrompter(audio, captions, on) {
  let current = null;

  // An event may be late and speak of the prompt before: the element itself tells.
  audio.addEventListener("playing", () => { if (!audio.paused && audio.readyState > 2) begin(current); });
  audio.addEventListener("ended", () => { if (audio.ended) finish(current); });
  audio.addEventListener("error", () => { if (audio.error) goSilent(current); });

  function play({ playback, url, seconds, parts }) {
    end();
    const prompt = { playback, seconds, parts: write(parts), since: null, timer: 0, frame: 0 };
    current = prompt;
    if (!url) {
      goSilent(prompt);
      return;
    }
    audio.src = url;
    audio.play().catch((error) => { if (error.name !== "AbortError") goSilent(prompt); });
  }

  function begin(prompt) {
    if (!prompt || prompt.began) return;
    prompt.began = true;
    on.started(prompt.playback);
    follow(prompt);
  }

  function goSilent(prompt) {
    if (!prompt || prompt !== current || prompt.since !== null) return;
    prompt.since = performance.now();
    prompt.timer = setTimeout(finish, prompt.seconds * 1000, prompt);
    begin(prompt);
  }

  function follow(prompt) {
    if (prompt !== current) return;
    mark(prompt, prompt.since === null ? audio.currentTime : (performance.now() - prompt.since) / 1000);
    prompt.frame = requestAnimationFrame(() => follow(prompt));
  }

  function mark(prompt, now) {
    for (const { node, from, to } of prompt.parts) {
      node.dataset.heard = now >= to ? "past" : now >= from ? "now" : "next";
    }
  }

  function finish(prompt) {
    if (!prompt || prompt !== current) return;
    mark(prompt, Infinity);
    end();
    on.finished(prompt.playback);
  }

  // What was not heard stays marked: the captions show where a key cut the prompt short.
  function end() {
    if (!current) return;
    clearTimeout(current.timer);
    cancelAnimationFrame(current.frame);
    for (const { node } of current.parts) if (node.dataset.heard === "now") node.dataset.heard = "past";
    current = null;
    audio.pause();
  }

  function write(parts) {
    const text = element("p", "said");
    let heard = 0;
    const marked = parts.map(({ text: words, from, to }) => {
      const node = element("span", "", words);
      node.dataset.heard = "next";
      if (text.hasChildNodes()) text.append(from - heard > LINE_GAP ? element("br") : " ");
      text.append(node);
      heard = to;
      return { node, from, to };
    });
    if (marked.length) captions.append(text);
    captions.scrollTop = captions.scrollHeight;
    return marked;
  }

  return {
    play,
    stop(playback) {
      if (current?.playback === playback) end();
    },
    silence: end,
  };
}

const ROWS = [697, 770, 852, 941];
const COLUMNS = [1209, 1336, 1477];
const KEYS = "123456789*0#";
let context;

/** The two-tone signal of a key (ITU-T Q.23), short and quiet. */
export function keyTone(key) {
  const place = KEYS.indexOf(key);
  tones([ROWS[Math.floor(place / 3)], COLUMNS[place % 3]], 0.09, 0.03);
}

/** "Speak now." Resolves when it has sounded. */
export function beep() {
  tones([440], 0.25, 0.08);
  return new Promise((resolve) => { setTimeout(resolve, 250); });
}

function tones(frequencies, seconds, volume) {
  context ??= new AudioContext();
  const gain = new GainNode(context, { gain: volume });
  gain.connect(context.destination);
  for (const frequency of frequencies) {
    const oscillator = new OscillatorNode(context, { frequency });
    oscillator.connect(gain);
    oscillator.start();
    oscillator.stop(context.currentTime + seconds);
  }
}
