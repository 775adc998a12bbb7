// Who holds the phone: the demo's subscribers, or any number typed by hand.

import { element, memory } from "./dom.js";
import { nationalMobile, persianDigits } from "./persian.js";

const FALLBACK = { mobile: "09120000001", name: "شمارهٔ آزمایشی" };

/** Wire the switcher; `choose({mobile, name?, bill_id?})` is called now and at every change. */
export async function createPeople(choose) {
  const dialog = document.getElementById("people");
  const list = document.getElementById("people-list");
  const own = document.getElementById("own-mobile");
  const error = document.getElementById("own-error");
  let current = null;

  function pick(person) {
    current = person;
    memory.set("number", person.mobile);
    memory.set("bill", person.bill_id ?? "");
    document.getElementById("identity-name").textContent = person.name || "شمارهٔ شما";
    document.getElementById("identity-mobile").textContent = persianDigits(person.mobile);
    for (const item of list.querySelectorAll("button")) mark(item);
    choose(person);
  }

  const keyOf = (person) => `${person.mobile}/${person.bill_id ?? ""}`;
  const mark = (item) => item.setAttribute("aria-current", String(item.dataset.key === keyOf(current)));

  document.getElementById("identity").addEventListener("click", () => {
    error.textContent = "";
    own.value = "";
    dialog.showModal();
    list.querySelector('[aria-current="true"]')?.scrollIntoView({ block: "nearest" });
  });
  // A click beside the box lands on the dialog itself.
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.getElementById("own-number").addEventListener("submit", (event) => {
    event.preventDefault();
    const mobile = nationalMobile(own.value);
    error.textContent = mobile ? "" : "شمارهٔ همراه با ۰۹ شروع می‌شود و یازده رقم دارد.";
    if (!mobile) return;
    dialog.close();
    pick(subscribers.find((person) => person.mobile === mobile) ?? { mobile });
  });

  const subscribers = await load();
  list.replaceChildren(...subscribers.map((person) => {
    const bill = person.bill_id ? element("bdi", "bill", person.bill_id) : "";
    const button = element(
      "button", "person",
      element("b", "", person.name || "مشترک"), element("bdi", "", persianDigits(person.mobile)),
      element("span", "", person.note ?? ""), bill,
    );
    button.type = "button";
    button.dataset.key = keyOf(person);
    button.addEventListener("click", () => {
      dialog.close();
      pick(person);
    });
    return element("li", "", button);
  }));

  const number = memory.get("number");
  const remembered = number && nationalMobile(number);
  const same = subscribers.filter((person) => person.mobile === remembered);
  pick(
    same.find((person) => person.bill_id === memory.get("bill")) ?? same[0] ??
      (remembered ? { mobile: remembered } : subscribers[0] ?? FALLBACK),
  );
}

// The list belongs to the sandbox: without one the page works with numbers typed by hand.
async function load() {
  try {
    const response = await fetch("/demo/subscribers");
    const people = response.ok ? await response.json() : [];
    return people
      .map((person) => ({ ...person, mobile: nationalMobile(String(person.mobile ?? "")) }))
      .filter((person) => person.mobile);
  } catch {
    return [];
  }
}
