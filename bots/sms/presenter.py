"""Prompts as SMS text: terse, options numbered, one message a turn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dialogs.answers.choice import option_numbers
from dialogs.messages import Messages
from dialogs.prompts import Prompt
from dialogs.text import persian_digits


def present(prompts: Iterable[Prompt], language: str, messages: Messages) -> str:
    """The text that says ``prompts``, or an empty one when there is nothing to say.

    The phone still shows the question that was not answered: it is repeated only for its options,
    and never its rows, which are paid for by the segment, nor the heading that promises them.
    """
    lines: list[str] = []
    for prompt in prompts:
        options = list(_options(prompt, language, messages))
        repeated = prompt.kind in ("again", "remind")
        if prompt.kind == "again" and not options:
            continue
        if not (repeated and prompt.rows):
            lines.append(messages.text(prompt.message, "sms", language, prompt.args))
            lines += (messages.text(row.message, "sms", language, row.args) for row in prompt.rows)
        lines += options
    return "\n".join(lines)


def _options(prompt: Prompt, language: str, messages: Messages) -> Iterator[str]:
    options = getattr(prompt.answer, "options", ())
    for number, option in zip(option_numbers(len(options)), options, strict=True):
        shown = persian_digits(str(number)) if language == "fa" else str(number)
        yield f"{shown} {messages.text(option.label, 'sms', language, option.args)}"
