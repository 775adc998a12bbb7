"""«تنظیمات»: the language, where news go, and the end of all that is kept of a customer."""

from __future__ import annotations

from typing import Literal

from dialogs.answers.choice import Choice, Option, YesNo
from dialogs.flows.own import prove_own
from dialogs.flows.registry import flow
from dialogs.ids import is_mobile
from dialogs.steps import Ask, Erase, Flow, Open, Prefer, Recall, Say, Speak

_LAST = "last"


@flow("my_settings")
def my_settings() -> Flow[None]:
    channels = yield from _channels()
    options = [Option("language", "option-language")]
    if len(channels) > 1:
        options.append(Option("news", "option-news"))
    options.append(Option("erase", "option-erase"))
    do: str = yield Ask(message="settings", answer=Choice(tuple(options)))
    if do == "language":
        yield from _choose_language()
    elif do == "news":
        yield from _choose_channel(channels)
    else:
        yield Open("erase_me")


@flow("erase_me")
def erase_me() -> Flow[None]:
    """Erase what is kept of the customer, after saying what that means."""
    sure: bool = yield Ask(
        message="erase", answer=YesNo("option-erase-all", "option-keep-all"), ahead="drop"
    )
    if not sure:
        yield Say(message="erase-not")
    elif (yield from prove_own()):
        yield Erase()
        yield Say(message="erased")


def _choose_language() -> Flow[None]:
    options = (Option("fa", "option-persian"), Option("en", "option-english"))
    language: Literal["fa", "en"] = yield Ask(message="settings-language", answer=Choice(options))
    yield Speak(language)
    yield Say(message="language-set")


def _channels() -> Flow[list[str]]:
    """Where the customer can be reached."""
    phone: str = yield Recall("phone")
    accounts: list[str] = yield Recall("accounts")
    return [*(["sms"] if accounts or is_mobile(phone) else []), *accounts]


def _choose_channel(channels: list[str]) -> Flow[None]:
    options = [Option(_LAST, "option-news-last")]
    options += [Option(channel, f"option-news-{channel}") for channel in channels]
    chosen: str = yield Ask(message="settings-news", answer=Choice(tuple(options)))
    yield Prefer("" if chosen == _LAST else chosen)
    yield Say(message="settings-saved")
