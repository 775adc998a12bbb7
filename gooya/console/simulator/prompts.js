// One device of the shell: everything the telephone can say, to look through and to listen to.

import { element } from "./dom.js";
import { latinDigits, persianDigits, persianNumber } from "./persian.js";

const KINDS = { recorded: "ضبط‌شده", generated: "گفتار رایانه", missing: "بی‌صدا" };
const MISSING = "صدای بخشی از پیام‌ها هنوز ساخته نشده است. اگر چنین ماند، espeak-ng را نصب کنید (apt install espeak-ng) و «gooya prompts build» را اجرا کنید.";
const PLAIN = [[/[ًٌٍَُِّْـ]/g, ""], [/\u200c/g, " "], [/ي/g, "ی"], [/ك/g, "ک"]];

const plain = (text) => PLAIN.reduce((done, [what, instead]) => done.replace(what, instead), latinDigits(text)).toLowerCase();

/** `{element, use()}`: the list is read when it is shown first. */
export function createPrompts() {
  const root = document.getElementById("prompts").content.firstElementChild.cloneNode(true);
  const $ = (selector) => root.querySelector(selector);
  const [list, search, language, count, note, audio] = [
    ".prompt-list", ".search", ".language", ".count", ".prompts-note", "audio",
  ].map($);

  let shown = "";
  let rows = [];
  let playing = null;

  async function load() {
    shown = language.value;
    note.textContent = "در حال خواندن…";
    try {
      const response = await fetch(`/ivr/simulator/prompts?${new URLSearchParams({ language: shown })}`);
      if (!response.ok) throw new Error(response.statusText);
      show(await response.json());
    } catch {
      shown = "";
      show([]);
      note.textContent = "پیام‌ها خوانده نشد.";
    }
  }

  function show(prompts) {
    settle();
    note.textContent = prompts.some(({ kind }) => kind === "missing") ? MISSING : "";
    rows = prompts.map(createRow);
    list.lang = language.value;
    list.dir = language.value === "fa" ? "rtl" : "ltr";
    list.replaceChildren(...rows.map((row) => row.element));
    filter();
  }

  function createRow(prompt) {
    const button = element("button", "listen", element("span", "", "▶"));
    button.type = "button";
    button.setAttribute("aria-label", `پخش: ${prompt.text}`);
    button.setAttribute("aria-pressed", "false");
    const id = element("bdi", "", prompt.id);
    const length = prompt.seconds ? `${persianNumber(Math.round(prompt.seconds * 10) / 10)} ثانیه، ` : "";
    const about = element("small", "", id, ` – ${length}`, element("span", prompt.kind, KINDS[prompt.kind]));
    about.dir = "rtl";
    const row = {
      element: element("li", "", button, element("p", "", prompt.text), about),
      words: plain(`${prompt.text} ${prompt.id}`),
      button,
    };
    button.addEventListener("click", () => (playing === row ? settle() : listen(row, prompt.url)));
    return row;
  }

  function listen(row, url) {
    settle();
    playing = row;
    row.button.setAttribute("aria-pressed", "true");
    row.button.firstChild.textContent = "■";
    audio.src = url;
    audio.play().catch((error) => {
      if (error.name === "AbortError") return;
      settle();
      note.textContent = "این پیام پخش نشد.";
    });
  }

  function settle() {
    audio.pause();
    if (!playing) return;
    playing.button.setAttribute("aria-pressed", "false");
    playing.button.firstChild.textContent = "▶";
    playing = null;
  }

  function filter() {
    const words = plain(search.value).split(/\s+/).filter(Boolean);
    let found = 0;
    for (const row of rows) {
      const fits = words.every((word) => row.words.includes(word));
      row.element.hidden = !fits;
      found += fits;
    }
    count.textContent = rows.length ? persianDigits(`${found} از ${rows.length}`) : "";
  }

  search.addEventListener("input", filter);
  language.addEventListener("change", load);
  audio.addEventListener("ended", () => { if (audio.ended) settle(); });

  return {
    id: "prompts",
    title: "پیام‌های صوتی",
    element: root,
    use() {
      if (shown !== language.value) load();
    },
    fill(text) {
      search.value = text;
      filter();
    },
    trackingCode: () => null,
  };
}
