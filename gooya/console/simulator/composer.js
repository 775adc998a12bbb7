// The line that one writes on: it grows with its text, and Enter sends.

/**
 * Bring a form with a textarea and a `.send` button to life: `{fill(text)}`. `send` gets every text while
 * `ready()`, `changed` is told of what stands there.
 */
export function createComposer(form, { ready, send, changed = () => {} }) {
  const input = form.querySelector("textarea");
  const button = form.querySelector(".send");

  function resize() {
    changed(input.value);
    button.disabled = !input.value.trim();
    input.style.height = "auto";
    input.style.height = `${input.scrollHeight}px`;
  }

  input.addEventListener("input", resize);
  input.addEventListener("keydown", (event) => {
    // While an input method composes, Enter belongs to it.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (!text || !ready()) return;
    input.value = "";
    resize();
    send(text);
    input.focus({ preventScroll: true });
  });

  return {
    fill(text) {
      input.value = text;
      resize();
      input.focus();
      input.setSelectionRange(text.length, text.length);
    },
  };
}
