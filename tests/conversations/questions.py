"""Every question of every flow: how a customer gets there, and how the conversation is finished.

The texts are numbers and ids wherever the language may have been switched before them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dialogs.flows
from dialogs.effects import Effect
from dialogs.replay import Asked, Run, Stop
from tests.conversations.case import Turn
from tests.conversations.play import Play
from tests.conversations.world import World

FLOWS = Path(dialogs.flows.__file__).parent


@dataclass(frozen=True)
class Question:
    """``message`` is the question's message id. Placeholders are those of the conversation files."""

    message: str
    reach: tuple[str, ...]
    """What is sent until it is asked."""
    finish: tuple[str, ...]
    """What is sent from it to the end of the conversation."""
    end: tuple[str, str]
    """What the end of the conversation says, in Persian and in English."""
    again: tuple[str, ...] = ()
    """What is sent to come here after *back*."""
    lost: tuple[str, ...] = ()
    """What is sent to come here after the menu, where nothing was answered that could be kept."""
    who: str = "single"
    left: int | None = None
    """Index in ``finish`` from which to go on after leaving the question, where that answers it."""
    wait: str | None = None
    """Time that passes before the last text of ``reach``."""


_FILED = ("قرائت شما ثبت شد", "Your reading is filed")
_BALANCE = ("پیگیری: ", "Tracking: ")
_PAID = ("پرداخت در دو سال", "payments in two years")
_LAST_PAGE = ("صفحه ۳ از ۳", "Page 3 of 3")
_STAGE = ("مرحله ۱ از ۴", "Stage 1 of 4")
_PERSIAN = ("زبان فارسی شد", "زبان فارسی شد")
_KEPT = ("چیزی پاک نشد", "Nothing was erased")
_ERASE = "پاک کردن اطلاعات من"
_MORE = "{last.total+90}"
_PAYMENTS = ("پرداخت {bill}", "{otp}")

QUESTIONS = (
    Question("menu", ("منو",), ("1", "{bill}", _MORE, "1"), _FILED),
    Question("bill", ("قرائت",), ("{bill}", _MORE, "1"), _FILED, again=("قرائت",), lost=("قرائت",)),
    Question(
        "bill-saved",
        ("*1*{bill}#", "قرائت"),
        ("1", _MORE, "1"),
        _FILED,
        again=("قرائت",),
        lost=("قرائت",),
    ),
    Question("reading", ("قرائت {bill}",), (_MORE, "1"), _FILED, again=("{bill}",)),
    Question(
        "reading-register",
        ("قرائت {bill}", "{last.normal+60}"),
        ("{last.peak+20}", "{last.low+30}", "1"),
        _FILED,
        again=("{last.normal+60}",),
        who="multi",
    ),
    Question(
        "reading-lower",
        ("قرائت {bill}", "{last.total-9}"),
        ("2", _MORE, "1"),
        _FILED,
        again=("{last.total-9}",),
    ),
    Question(
        "reading-high",
        ("قرائت {bill}", "{last.total+9000}"),
        ("1", "1"),
        _FILED,
        again=("{last.total+9000}",),
    ),
    Question(
        "reading-high-demand",
        (
            "قرائت {bill} {last.normal+60} {last.peak+20} {last.low+20} {last.reactive+20}",
            "99999",
        ),
        ("2", "{last.demand}", "1"),
        _FILED,
        again=("99999",),
        who="demand",
    ),
    Question(
        "reading-zero",
        ("قرائت {bill}", "{last.total}"),
        ("1", "1"),
        _FILED,
        again=("{last.total}",),
    ),
    Question(
        "reading-rollover",
        ("بدهی {bill}", "40"),
        ("1", "1"),
        _BALANCE,
        again=("40",),
        who="rollover",
    ),
    Question(
        "reading-already-sent",
        (f"قرائت {{bill}} {_MORE}", "1", "قرائت {bill}"),
        ("1", "{last.total+95}", "1"),
        _FILED,
        again=("{bill}",),
    ),
    Question("reading-check", (f"قرائت {{bill}} {_MORE}",), ("1",), _FILED, again=(_MORE,)),
    Question(
        "reading-which",
        ("قرائت {bill} {last.normal+60} {last.peak+20} {last.low+30}", "2"),
        ("2", "{last.peak+25}", "1"),
        _FILED,
        again=("2",),
        who="multi",
    ),
    Question("debt-check", (f"بدهی {{bill}} {_MORE}",), ("1",), _BALANCE, again=(_MORE,)),
    Question("code", ("پرداخت {bill}",), ("{otp}", "2"), _PAID, again=("{bill}",)),
    Question(
        "code-spent",
        ("پرداخت {bill}", "54321", "54321", "54321"),
        ("1", "{otp}", "2"),
        _PAID,
    ),
    Question("payments", _PAYMENTS, ("1", "1"), _LAST_PAGE),
    Question("consumption", ("مصرف {bill}", "{otp}"), ("1", "1"), _LAST_PAGE),
    Question("history-page", (*_PAYMENTS, "1"), ("1",), _LAST_PAGE, again=("1",)),
    Question(
        "track",
        (f"قرائت {{bill}} {_MORE}", "1", "پیگیری"),
        ("{code}",),
        _STAGE,
        again=("پیگیری",),
        lost=("پیگیری",),
    ),
    Question(
        "settle-which",
        ("تسویه حساب",),
        ("2", "{bill}", _MORE, "1"),
        _BALANCE,
        again=("تسویه حساب",),
        lost=("تسویه حساب",),
    ),
    Question("settings", ("تنظیمات",), ("1", "1"), _PERSIAN, again=("تنظیمات",), lost=("تنظیمات",)),
    Question("settings-language", ("تنظیمات", "1"), ("1",), _PERSIAN, again=("1",)),
    Question("erase", (_ERASE,), ("2",), _KEPT, again=(_ERASE,), lost=(_ERASE,)),
    Question(
        "resume-offer",
        ("قرائت {bill}", "سلام"),
        ("1", _MORE, "1"),
        _FILED,
        again=("ادامه",),
        left=1,
        wait="45m",
    ),
)


@dataclass(frozen=True)
class KeyedQuestion:
    """A question on the phone, and how a caller gets there."""

    message: str
    keys: str
    """What is pressed from the beginning of a call, as in the conversation files."""
    after: str | None = None
    """The question of the next call when the caller hangs up; None for the same one."""
    who: str = "single"
    speaks: bool = False
    """A recording leads there."""
    wait: str | None = None
    """After this time the caller calls again."""
    operators: bool = True


_FIGURE = f"{_MORE}#"
_REGISTERS = "1 {bill}# {last.normal+60}# {last.peak+20}#"

KEYED_QUESTIONS = (
    KeyedQuestion("menu", ""),
    KeyedQuestion("bill", "1", "menu"),
    KeyedQuestion("bill-choose", f"1 {{bill}}# {_FIGURE} 1 1 {{to.declare_debt_balance}}", "menu"),
    KeyedQuestion("reading", "1 {bill}#"),
    KeyedQuestion("reading-register", "1 {bill}# {last.normal+60}#", who="multi"),
    KeyedQuestion("reading-lower", "1 {bill}# {last.total-9}#"),
    KeyedQuestion("reading-high", "1 {bill}# {last.total+9000}#"),
    KeyedQuestion(
        "reading-high-demand",
        f"{_REGISTERS} {{last.low+20}}# {{last.reactive+20}}# 99999#",
        who="demand",
    ),
    KeyedQuestion("reading-zero", "1 {bill}# {last.total}#"),
    KeyedQuestion("reading-rollover", "{to.declare_debt_balance} {bill}# 40#", who="rollover"),
    KeyedQuestion("reading-already-sent", f"1 {{bill}}# {_FIGURE} 1 1 1 1"),
    KeyedQuestion("reading-check", f"1 {{bill}}# {_FIGURE}"),
    KeyedQuestion("reading-which", f"{_REGISTERS} {{last.low+30}}# 2", who="multi"),
    KeyedQuestion("debt-check", f"{{to.declare_debt_balance}} {{bill}}# {_FIGURE}"),
    KeyedQuestion("code", "{to.payment_history} {bill}#"),
    KeyedQuestion("code-spent", "{to.payment_history} {bill}# 54321 54321 54321", "code"),
    KeyedQuestion("payments", "{to.payment_history} {bill}# {otp}", "code"),
    KeyedQuestion("consumption", "{to.consumption_history} {bill}# {otp}", "code"),
    KeyedQuestion("history-page", "{to.consumption_history} {bill}# {otp} 1", "code"),
    KeyedQuestion("track", "{to.track_request}", "menu"),
    KeyedQuestion("settle-which", "{to.settle_account}", "menu"),
    KeyedQuestion("settings", "{to.my_settings}", "menu"),
    KeyedQuestion("settings-language", "{to.my_settings} 1"),
    KeyedQuestion("erase", "{to.my_settings} 2", "menu"),
    KeyedQuestion("resume-offer", "1 {bill}#", "reading", wait="45m"),
    KeyedQuestion("anything-else", f"1 {{bill}}# {_FIGURE} 1", "menu"),
    KeyedQuestion("call-back-number", "0", "menu", operators=False),
    KeyedQuestion("call-back-phone", "0 2", operators=False),
    KeyedQuestion("call-back-message", "0 1", operators=False),
    KeyedQuestion("voice-check", "0 1", operators=False, speaks=True),
)
_IN_CASES = {"phone-ask", "subscription-do", "subscription-name", "settings-news"}
_OF_FORMS = {"form-debt-paid", "form-long", "person-id", "consolidate-saved"}
_OF_REQUESTS = {"terms", "terms-free", "terms-decline", "track-do", "continue-code"}
ELSEWHERE = {*_IN_CASES, *_OF_FORMS, *_OF_REQUESTS, "which-service"}
"""Questions that are played by others: ``cases/``, ``services/``, ``tests/gooya``."""
TEXT_ONLY = {"bill-saved"}
"""Questions that a caller is asked otherwise."""


async def reach(play: Play, question: Question) -> Asked:
    """Go to the question, and make sure it is the one that is open."""
    for text in question.reach[:-1]:
        await play.turn(Turn(send=text))
    await play.turn(Turn(send=question.reach[-1], wait=question.wait))
    asked = await open_question(play.world, play.phone)
    assert asked.ask.message == question.message
    return asked


async def open_question(world: World, of: str) -> Asked:
    """The question of the conversation ``of`` that waits for the customer's answer."""
    conversation, event, today = await world.conversation(of)
    assert conversation.top is not None
    run = Run(conversation, event, today).advance(conversation.top)
    stops: list[Stop] = []

    def through() -> Generator[Effect, Any, None]:
        stops.append((yield from run))

    assert not list(through()), "a replay does its effects once more"
    [stop] = stops
    assert isinstance(stop, Asked)
    return stop


def asked_in_flows() -> tuple[set[str], list[re.Pattern[str]]]:
    """Message ids of the questions in the flow files, and patterns of those that are put together."""
    plain: set[str] = set()
    patterns: list[re.Pattern[str]] = []
    for path in sorted(FLOWS.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Ask":
                [message] = [k.value for k in node.keywords if k.arg == "message"]
                if isinstance(message, ast.JoinedStr):
                    parts = (
                        re.escape(str(p.value)) if isinstance(p, ast.Constant) else ".+"
                        for p in message.values
                    )
                    patterns.append(re.compile("".join(parts)))
                    continue
                choices = (message, *ast.iter_child_nodes(message))
                plain |= {
                    n.value
                    for n in choices
                    if isinstance(n, ast.Constant) and isinstance(n.value, str)
                }
    return plain, patterns
