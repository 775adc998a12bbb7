// The shell of the simulators: who is playing, which device is shown, the guide beside it. A device is
// `{id, title, element, use(number), fill(text), trackingCode()}`; another one is one more line in `devices`
// and in suggestions.js.

import { createCallPhone } from "./call-phone.js";
import { createChatPhone } from "./chat-phone.js";
import { element, memory } from "./dom.js";
import { createJourney } from "./journey.js";
import { createPeople } from "./people.js";
import { createPrompts } from "./prompts.js";
import { createSmsPhone } from "./sms-phone.js";
import { SUGGESTIONS } from "./suggestions.js";

const smsPhone = createSmsPhone(createJourney());
const devices = [smsPhone, createCallPhone(() => showDevice(smsPhone)), createChatPhone(), createPrompts()];
let device = devices[0];
let person = null;

function showDevice(chosen) {
  device = chosen;
  document.getElementById("device").replaceChildren(device.element);
  for (const tab of tabs.children) {
    const mine = tab.dataset.device === device.id;
    tab.setAttribute("aria-selected", String(mine));
    tab.tabIndex = mine ? 0 : -1;
  }
  for (const part of document.querySelectorAll("[data-guide]")) part.hidden = part.dataset.guide !== device.id;
  suggest();
  if (person) device.use(person.mobile);
}

const tabs = document.getElementById("devices");
tabs.append(...devices.map((each) => {
  const tab = element("button", "", each.title);
  tab.type = "button";
  tab.setAttribute("role", "tab");
  tab.dataset.device = each.id;
  tab.addEventListener("click", () => showDevice(each));
  return tab;
}));
tabs.addEventListener("keydown", (event) => {
  // The page runs from right to left, and so do the tabs.
  const step = { ArrowLeft: 1, ArrowRight: -1 }[event.key];
  if (!step) return;
  showDevice(devices[(devices.indexOf(device) + step + devices.length) % devices.length]);
  tabs.querySelector('[aria-selected="true"]').focus();
});

// Guide ----------------------------------------------------------------------------------------

const guide = document.getElementById("guide");
const guideOpen = document.getElementById("guide-open");

function showGuide(open) {
  guide.classList.toggle("open", open);
  guideOpen.setAttribute("aria-expanded", String(open));
  if (open) document.getElementById("guide-close").focus();
}
guideOpen.addEventListener("click", () => showGuide(true));
document.getElementById("guide-close").addEventListener("click", () => {
  showGuide(false);
  guideOpen.focus();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && guide.classList.contains("open")) showGuide(false);
});

function suggest() {
  document.getElementById("suggestions").replaceChildren(...SUGGESTIONS[device.id].map(({ title, note, text, example, direction = "rtl" }) => {
    const code = element("code", "", example ?? text());
    code.dir = direction;
    const button = element("button", "suggestion", element("b", "", title), code, element("span", "", note));
    button.type = "button";
    button.addEventListener("click", () => {
      showGuide(false);
      device.fill(text(person, device.trackingCode()));
    });
    return element("li", "", button);
  }));
}

// Light and dark: the system's choice until one is made here ---------------------------------------

const root = document.documentElement;
const systemDark = matchMedia("(prefers-color-scheme: dark)");
const setTheme = (theme) => { if (theme) root.dataset.theme = theme; };
setTheme(memory.get("theme"));
document.getElementById("theme").addEventListener("click", () => {
  const dark = (root.dataset.theme ?? (systemDark.matches ? "dark" : "light")) === "dark";
  setTheme(dark ? "light" : "dark");
  memory.set("theme", root.dataset.theme);
});

showDevice(device);
await createPeople((chosen) => {
  person = chosen;
  device.use(person.mobile);
});
root.dataset.ready = "true";
