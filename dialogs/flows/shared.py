"""Sub-flows that several services need: options in pages, which subscription, words,
and the proof."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from dialogs import limits
from dialogs.answers import BillId, Either, OneTimeCode, OwnPhone, PersonId, Photo, Text, Voice
from dialogs.answers.base import Answer
from dialogs.answers.choice import Choice, Option, YesNo
from dialogs.answers.own_phone import Given
from dialogs.answers.voice import attachment
from dialogs.ids import tracking_code_is_valid
from dialogs.policy import Level
from dialogs.steps import (
    Ask,
    Away,
    CheckCode,
    Fetch,
    Flow,
    HandOff,
    Identify,
    Link,
    Match,
    Missing,
    Proved,
    Recall,
    Remember,
    Revise,
    Say,
    SendCode,
    Submit,
    Wait,
)
from dialogs.text import match_key
from dialogs.values import Progress

_MORE, _OTHER, _CALL = "more", "other", "call"


def pick(
    message: str,
    options: Sequence[Option],
    *,
    more: str = "option-more",
    page: Literal["options", "rows"] = "options",
    **ask: Any,
) -> Flow[str]:
    """Ask for one of ``options``, as many at a time as the channel can offer, or as it has ``rows`` for
    long ones; ``more`` labels the way to the others. ``ask`` is what else the question needs."""
    size: int = yield Recall(page)
    number = 1
    while True:
        shown = options if len(options) <= size else options[: size - 1]
        last = (Option(_MORE, more),) if len(shown) < len(options) else ()
        slot = str(number) if number > 1 else ""
        answer = Choice((*shown, *last))
        value: str = yield Ask(message=message, answer=answer, slot=slot, **ask)
        if value != _MORE:
            return value
        options = options[len(shown) :]
        number += 1


def saved_options(saved: Sequence[str], names: Mapping[str, str]) -> tuple[Option, ...]:
    """Subscriptions as options, by the names that the customer gave them: one that is given twice is
    a label and chooses none."""
    given = Counter(match_key(names[bill]) for bill in saved if bill in names)

    def option(bill: str) -> Option:
        name = names.get(bill)
        if name is None:
            return Option(bill, "option-bill", {"bill": bill})
        args = {"bill": bill, "label": name}
        keywords = (name,) if given[match_key(name)] == 1 else ()
        return Option(bill, "option-bill-named", args, keywords)

    return tuple(map(option, saved))


_BILL = ("bill-saved", "bill-choose", "bill")
"""Messages of the questions for the subscription: where the customer types and has saved some; only
chooses; or has none."""


def bill_question() -> Flow[str]:
    """Key of the question with which :func:`choose_bill_id` would begin."""
    saved: list[str] = yield Recall("subscriptions")
    typing: bool = yield Recall("typing")
    return _BILL[2] if not saved else f"{_BILL[0]}.bill" if typing else _BILL[1]


def ask_bill_again(question: str) -> Flow[None]:
    """Ask for the subscription once more, from ``question`` on."""
    yield Revise(question, without=(*_BILL, "form-which"))


def choose_bill_id() -> Flow[str]:
    """Ask for the subscription: one used before, or a bill id."""
    saved: list[str] = yield Recall("subscriptions")
    typing: bool = yield Recall("typing")
    names: dict[str, str] = yield Recall("names")
    offered = saved_options(saved, names)
    if saved and typing:
        either = Either(Choice(offered), BillId())
        bill_id: str = yield Ask(message=_BILL[0], answer=either, slot="bill")
        return bill_id
    if saved:
        chosen = yield from pick(_BILL[1], [*offered, Option(_OTHER, "option-other-bill")])
        if chosen != _OTHER:
            return chosen
    return (yield from _ask_bill_id())


def ask_words(
    message: str, slot: str = "", *, answer: Answer[str] | None = None, **ask: Any
) -> Flow[str]:
    """Ask for free text: written, or else spoken, played back and confirmed. ``answer`` takes what is
    written; ``ask`` is what else the question needs.

    Returns the words or ``recording:<attachment id>``.
    """
    typing: bool = yield Recall("typing")
    if typing:
        written: str = yield Ask(message=message, slot=slot, answer=answer or Text(), **ask)
        return written
    question = Ask(message=message, slot=slot, answer=Voice(), **{**ask, "ahead": "drop"})
    words: str = yield question
    recorded = attachment(words)
    if recorded is not None:
        right: bool = yield Ask(
            message="voice-check",
            slot=slot,
            answer=YesNo("option-keep", "option-again"),
            args={"recording": recorded},
            ahead="drop",
        )
        if not right:
            yield Revise(question.key, corrects=False)
    return words


def ask_photos(
    message: str, kind: str, *, skip: str = "option-skip", **ask: Any
) -> Flow[list[dict[str, str]]]:
    """Ask for photos that may be left out, where the channel can send them: ``documents`` as a request
    carries them, of the catalogue's document ``kind``. ``skip`` labels leaving them out; ``ask`` is what
    else the question needs."""
    can: bool = yield Recall("photos")
    if not can:
        return []
    kept: list[str] = yield Recall("files")
    answer = Photo(max=3, optional=True, skip=skip, kept=tuple(kept))
    photos: list[str] = yield Ask(message=message, answer=answer, **{"ahead": "leave", **ask})
    return [{"kind": kind, "attachment": id_} for id_ in photos]


def choose_new() -> Flow[str]:
    """Ask for a bill id until the backend knows it, or is away. Raises :class:`Limited`."""
    bill_id, _ = yield from choose_known("subscription", _ask_bill_id)
    return bill_id


def _ask_bill_id() -> Flow[str]:
    bill_id: str = yield Ask(message=_BILL[2], answer=BillId())
    return bill_id


def choose_known(
    resource: str, choose: Callable[[], Flow[str]] = choose_bill_id
) -> Flow[tuple[str, Any]]:
    """Ask for a subscription until the backend knows it: (bill id, the resource or None if away).

    Raises :class:`Limited` after too many unknown ids.
    """
    while True:
        bill_id = yield from choose()
        try:
            return bill_id, (yield Fetch(resource, bill_id))
        except Missing:
            yield Say(message="bill-unknown", args={"bill": bill_id}, wrong=True)
        except Away:
            return bill_id, None


def follow_up(service: str, fields: dict[str, Any]) -> Flow[bool]:
    """Send what follows a request. Returns whether it was taken, as far as is known by now; a refusal is
    said."""
    own: str = yield Submit(service=service, bill_id=None, fields=fields)
    outcome: Progress | None = yield Wait(tracking_code=own, seconds=limits.OUTCOME_SECONDS)
    if outcome is None or outcome.status != "rejected":
        return True
    reason = outcome.reason or "other"
    yield Say(message="news-reply-refused", args={"service": service, "reason": reason})
    return False


def too_many_unknown() -> Flow[None]:
    """The end of a flow whose customer tried too many unknown ids."""
    yield HandOff("unknown ids", transfer=False)
    yield Say(message="too-many-unknown")


def prove(of: str, level: Level, purpose: str) -> Flow[bool]:
    """Have the customer prove a right to ``level``; False when the proof fails. ``of`` is a bill id, or
    the tracking code of a request without one; ``purpose`` the service it is for.

    A messenger's account is asked for its own phone number, which proves the subscriptions that it is
    registered for. Else one code, three tries, three codes an hour; the answers are the same for a
    subscription that has no registered number (facts.md section 7). A bill proved is remembered.
    """
    if (yield Proved(of, level)):
        return True
    if not (yield from _prove_mobile(of, purpose)):
        return False
    if level <= Level.REGISTERED_MOBILE:
        return True
    return (yield from _identify(of))


def _prove_mobile(of: str, purpose: str) -> Flow[bool]:
    level = Level.REGISTERED_MOBILE
    matches: bool = yield Match(of, level)
    account: bool = yield Recall("account")
    owned: str = yield Recall("owned")
    if account and not owned:
        if not (yield from own_phone()):
            return False
        matches = yield Match(of, level, slot="linked")
    if matches or (yield from prove_by_code(of, level, purpose)):
        if not tracking_code_is_valid(of):
            yield Remember(of)
        return True
    return False


def _identify(of: str) -> Flow[bool]:
    """Ask for the national id until it is the subscriber's, three times at most."""
    for _ in range(limits.CODE_TRIES):
        person_id: str | None = yield Ask(message="person-id", answer=PersonId(), secret=True)
        verdict: str = yield Identify(of, person_id)
        if verdict == "right":
            return True
        if verdict != "wrong":
            yield Say(message=f"person-id-{verdict}")
            return False
        yield Say(message="person-id-wrong")
    yield HandOff("identity", transfer=False)
    yield Say(message="person-id-limited")
    return False


def own_phone(shared: str = "") -> Flow[bool]:
    """Tie the customer's account to its phone number: shared by the account, or written and proved by
    a code. ``shared`` is a number that the account has just shared."""
    if not shared:
        given: Given = yield Ask(message="phone-ask", answer=OwnPhone(), ahead="leave")
        right = given.shared or (yield from prove_by_code(given.phone, Level.PUBLIC, "link-phone"))
        if not right:
            return False
        shared = given.phone
    yield Link(shared)
    yield Say(message="phone-linked")
    return True


def prove_by_code(of: str, level: Level, purpose: str) -> Flow[bool]:
    """Send a code to a number, or to the one registered for a bill id, and ask for it. Whoever gets no
    SMS, or can't read it, may have a new code spoken in a call to that number."""
    spoken = False
    while True:
        sent: str = yield SendCode(of, purpose, spoken)
        if sent not in ("sent", "speakable"):
            yield Say(message=f"code-{sent}")
            return False
        done = "code-called" if spoken else "code-sent"
        yield Say(message=f"phone-{done}" if of.startswith("+") else done)
        verdict = yield from _try_code(of, level, offers=sent == "speakable" and not spoken)
        if verdict == "right":
            return True
        spoken = verdict == _CALL
        if not spoken and not (yield Ask(message="code-spent", answer=YesNo(), ahead="drop")):
            yield Say(message="ended")
            return False


def _try_code(of: str, level: Level, *, offers: bool) -> Flow[str]:
    """Ask for the code until it is ``right`` or ``spent``, or, where a call is offered, wanted so."""
    by_call = Option(_CALL, "option-code-by-call", keywords=("تماس", "زنگ", "call"))
    answer = Either(Choice((by_call,)), OneTimeCode()) if offers else OneTimeCode()
    while True:
        # What was typed before there was a code is none.
        code: str | None = yield Ask(message="code", answer=answer, secret=True, ahead="leave")
        if code == _CALL:
            return _CALL
        verdict: str = yield CheckCode(of, code, level)
        if verdict != "wrong":
            return verdict
        yield Say(message="code-wrong")
