// The panel «پشت صحنه»: how far the last message got, and how long each step took as seen from here.

import { persianNumber } from "./persian.js";
import { ENCODING_NAMES } from "./segments.js";

/** A function that hears the phone: (step, detail) as `createSmsPhone` tells it. */
export function createJourney() {
  const items = Object.fromEntries(
    [...document.querySelectorAll("#journey [data-step]")].map((item) => [item.dataset.step, item]),
  );
  let start = null;

  function reach(step, text) {
    items[step].dataset.state = "done";
    items[step].querySelector("output").textContent = text;
  }

  const elapsed = () => `${persianNumber(Math.round(performance.now() - start))} میلی‌ثانیه`;

  return (step, detail) => {
    if (step === "sent") {
      start = performance.now();
      for (const item of Object.values(items)) {
        delete item.dataset.state;
        item.querySelector("output").textContent = "";
      }
      reach("sent", `${persianNumber(detail.parts)} بخش · ${ENCODING_NAMES[detail.encoding]}`);
    } else if (start === null) {
      // Replies kept from an earlier visit belong to no message of this one.
    } else if (step === "failed") {
      items.taken.dataset.state = "failed";
      items.taken.querySelector("output").textContent = detail.outcome === "refused" ? "پذیرفته نشد" : "ثبت نشد؛ دوباره بفرستید";
    } else if (step === "taken") {
      reach("taken", elapsed());
    } else if (!items.answered.dataset.state) {
      reach("answered", `${elapsed()} · ${persianNumber(detail.parts)} بخش`);
    }
  };
}
