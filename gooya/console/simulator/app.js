// The shell of the simulators: who is playing, which device is shown, the guide beside it. A device is
// `{id, title, element, use(number), fill(text), trackingCode()}`; a second one is one more line in `devices`.

import { element, memory } from "./dom.js";
import { createJourney } from "./journey.js";
import { createPeople } from "./people.js";
import { createSmsPhone } from "./sms-phone.js";

const devices = [createSmsPhone(createJourney())];
let device = devices[0];
let person = null;

function showDevice(chosen) {
  device = chosen;
  document.getElementById("device").replaceChildren(device.element);
  for (const tab of tabs.children) tab.setAttribute("aria-selected", String(tab.dataset.device === device.id));
  if (person) device.use(person.mobile);
}

const tabs = document.getElementById("devices");
tabs.hidden = devices.length < 2;
tabs.append(...devices.map((each) => {
  const tab = element("button", "", each.title);
  tab.type = "button";
  tab.setAttribute("role", "tab");
  tab.dataset.device = each.id;
  tab.addEventListener("click", () => showDevice(each));
  return tab;
}));

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

const suggestions = [
  { title: "همهٔ خدمات", note: "فهرست شماره‌دار؛ با یک رقم پاسخ دهید.", text: () => "منو" },
  { title: "ثبت قرائت کنتور", note: "شناسهٔ قبض و رقم کنتور در یک پیامک.", text: () => `قرائت ${person?.bill_id ?? ""}`.trim() + " ", example: "قرائت ‹شناسهٔ قبض› ‹رقم›" },
  { title: "سابقهٔ پرداخت", note: "کد یک‌بارمصرف به شمارهٔ ثبت‌شده می‌رود.", text: () => "سوابق پرداخت" },
  { title: "پیگیری درخواست", note: "با کد ده‌رقمی که پس از ثبت می‌گیرید.", text: () => `پیگیری ${device.trackingCode() ?? ""}`.trim() + " ", example: "پیگیری ‹کد›" },
  { title: "کد دستوری توانیر", note: "همان قالبی که مشترکان به ۲۰۰۰۱۵۲۱ می‌فرستند.", text: () => `*1*${person?.bill_id ?? ""}#`, example: "*1*‹شناسهٔ قبض›#", direction: "ltr" },
];
document.getElementById("suggestions").append(...suggestions.map(({ title, note, text, example, direction = "rtl" }) => {
  const code = element("code", "", example ?? text());
  code.dir = direction;
  const button = element("button", "suggestion", element("b", "", title), code, element("span", "", note));
  button.type = "button";
  button.addEventListener("click", () => {
    showGuide(false);
    device.fill(text());
  });
  return element("li", "", button);
}));

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
