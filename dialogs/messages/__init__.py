"""Messages by id, language and channel: Project Fluent files, compiled once in a process.

A message's value is what every text channel says; an attribute named after a channel (``.sms``,
``.voice``, ``.telegram``) takes its place there. Placeables are typed by the function that writes
them (``dialogs.formats``), so that the longest rendering is known and a voice can speak them.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from dialogs import formats
from dialogs.messages import sources
from dialogs.services import CATALOGUE
from dialogs.services.texts import texts

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # fluent-compiler's own imports
    from fluent_compiler.bundle import FluentBundle

HERE = Path(__file__).parent
_LOCALES = {"fa": "fa-IR", "en": "en"}
log = logging.getLogger(__name__)


def catalogue_functions(language: str) -> dict[str, Callable[..., str]]:
    """``SERVICE(key)``, ``INPUT("key:input")`` and so on (:mod:`dialogs.services.texts`): nothing for
    what isn't there, but a service by its key."""

    def writes(named: Mapping[str, str], *, key: bool) -> Callable[..., str]:
        # Fluent takes the number of arguments from the signature.
        def write(name: str) -> str:
            return named.get(name, name if key else "")

        return write

    return {
        function: writes(
            {name: text.in_(language) for name, text in named.items()}, key=function == "SERVICE"
        )
        for function, named in texts(CATALOGUE.values()).items()
    }


class Messages:
    """All messages of all languages. Rendering one takes a few microseconds."""

    def __init__(self, folder: Path = HERE) -> None:
        self._folder = folder
        self._languages: dict[str, tuple[Any, frozenset[str]]] = {}
        self._ids: dict[tuple[str, str, str], str] = {}

    def load(self, language: str) -> tuple[Any, frozenset[str]]:
        """The compiled messages of a language and the names of their variants. The first time it takes
        about a second: a process that restarts under running calls has no time for those nobody uses.
        """
        loaded = self._languages.get(language)
        if loaded is None:
            bundle = FluentBundle.from_files(
                _LOCALES[language],
                [str(path) for path in sorted((self._folder / language).glob("*.ftl"))],
                functions={
                    **formats.FUNCTIONS[language],  # type: ignore[index]
                    **catalogue_functions(language),
                },
                use_isolating=False,
            )
            names = frozenset(
                f"{source.id}.{variant}" if variant else source.id
                for source in sources.read(self._folder / language).values()
                for variant in source.variants
            )
            loaded = self._languages[language] = (bundle, names)
        return loaded

    def text(self, message: str, variant: str, language: str, args: Mapping[str, Any]) -> str:
        """The text of ``message`` in its ``variant``, or else its value. A missing id is logged and shown as nothing but its name."""
        key = (message, variant, language)
        name = self._ids.get(key)
        bundle, known = self.load(language)
        if name is None:
            own = f"{message}.{variant}"
            name = own if own in known else message
            if name not in known:
                log.error("no message %r for %s in %r", message, variant, language)
                return message
            self._ids[key] = name
        try:
            text, errors = bundle.format(name, args)
        except (TypeError, ValueError) as error:
            text, errors = message, [error]  # a wrong placeable must not stop the conversation
        if errors:
            log.error("message %r in %r: %s", name, language, errors[0].__class__.__name__)
        return str(text)


MESSAGES = Messages()
