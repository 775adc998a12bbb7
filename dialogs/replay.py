"""Run one flow: replay its journal, take one answer, go on to the next stop.

This is where a flow meets its journal. It does no I/O: what has to be looked up or written leaves as
an :class:`Effect` and comes back as builtins, and everything the flow sees went through the journal's
form first, so that a replay can't differ from the first run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator
from typing import Any

import msgspec

from dialogs import limits, policy
from dialogs.answers.base import Answer, Wrong
from dialogs.answers.choice import Labelled
from dialogs.capabilities import CHANNELS
from dialogs.events import Event
from dialogs.flows.registry import FLOWS
from dialogs.messages import MESSAGES
from dialogs.notices import payable
from dialogs.prompts import Prompt
from dialogs.services import SERVICES
from dialogs.session import Challenge, Conversation, Entry, Frame
from dialogs.steps import (
    FAILURES,
    Alert,
    Ask,
    CheckCode,
    ContinueCode,
    Erase,
    Fetch,
    Flow,
    Forget,
    HandOff,
    HangUp,
    Identify,
    Leave,
    Link,
    Look,
    Match,
    MyRequests,
    Open,
    Prefer,
    Proved,
    Recall,
    Remember,
    Revise,
    Say,
    SendCode,
    Speak,
    Step,
    Submit,
    TakeOver,
    Understand,
    Wait,
    Write,
)
from dialogs.store.contract import Timer
from dialogs.values import FOLLOW_UPS, Progress

_Effectful = (
    Fetch
    | Look
    | MyRequests
    | Submit
    | Match
    | SendCode
    | CheckCode
    | Identify
    | HandOff
    | Link
    | Remember
    | Forget
    | Write
    | Alert
    | ContinueCode
    | TakeOver
    | Understand
)


class Effect(msgspec.Struct, frozen=True):
    """Something for the host to do. It answers with builtins, or ``{"failed": name}``."""

    step: _Effectful
    conversation: Conversation
    service: str
    """The flow that wants it."""
    key: str
    """The same when the turn runs again, and different for any other step or content."""


class Asked(msgspec.Struct, frozen=True):
    """The flow waits for the answer to ``ask``; ``wrong`` says why the given one is none."""

    ask: Ask
    wrong: Wrong | None = None


class Waits(msgspec.Struct, frozen=True):
    """The flow waits for the backend."""


class Ended(msgspec.Struct, frozen=True):
    value: Any = None


class Opened(msgspec.Struct, frozen=True):
    flow: str
    ahead: tuple[str, ...] = ()
    heard: dict[str, list[str]] = {}


class Moves(msgspec.Struct, frozen=True):
    """The flow goes on in another conversation, that of ``phone``."""

    phone: str


class Leaves(msgspec.Struct, frozen=True):
    """The caller goes on elsewhere."""


class Takes(msgspec.Struct, frozen=True):
    """A flow of another conversation goes on in this one."""

    frame: Frame
    conversation: str


Stop = Asked | Waits | Ended | Opened | Moves | Leaves | Takes
Effects = Generator[Effect, Any, Any]


class Transfer(msgspec.Struct, frozen=True):
    """A call for the operators, and what they should know."""

    reason: str
    service: str
    answers: dict[str, Any]


class TooManySteps(Exception):
    """A flow ran in circles without asking anything."""


class Run:
    """What the flows of one turn share: the event they may use up, and what they produced."""

    def __init__(self, conversation: Conversation, event: Event, today: Any) -> None:
        self.conversation = conversation
        self.event = event
        self.today = today
        self.prompts: list[Prompt] = []
        self.timers: list[Timer] = []
        self.cancelled: list[str] = []
        self.given: str | None = None
        """The customer's answer, until a question takes it."""
        self.unread = False
        """Whether the answer was given to another question than the one that comes now."""
        self.outcome = event.progress
        """The backend's news, until a wait takes it."""
        self.ends_wait = False
        """Whether the event ends the wait that the flow stands at."""
        self.secret = False
        """Whether a question took the answer that must not be kept."""
        self.hangs_up = False
        """Whether good-bye was said."""
        self.erases = False
        """Whether nothing is to be left of the customer."""
        self.transfer: Transfer | None = None
        """Who takes the call over."""
        self._steps = 0

    def advance(self, frame: Frame) -> Generator[Effect, Any, Stop]:
        """Replay ``frame`` and go on until it stops. Raises :class:`TooManySteps`."""
        frame.waiting = ""
        while True:
            stop = yield from self._once(frame)
            if stop is not None:
                return stop

    def _once(self, frame: Frame) -> Generator[Effect, Any, Stop | None]:
        flow = FLOWS[frame.flow](**frame.args)
        journal = frame.journal
        position = 0
        result: Any = None
        failure: Exception | None = None
        while True:
            self._steps += 1
            if self._steps > limits.STEPS_PER_TURN:
                raise TooManySteps(frame.flow)
            try:
                step = _resume(flow, result, failure)
            except StopIteration as end:
                return Ended(end.value)
            failure = None
            if position < len(journal):
                try:
                    result, failure = _replayed(journal[position], step)
                    position += 1
                    continue
                except _NoLongerFits:
                    if any(e.key.startswith("submit:") for e in journal[position:]):
                        self.prompts += filed(frame)
                        return Ended()  # the request is filed; its outcome comes as news
                    del journal[position:]
                    self._set_aside()
            if isinstance(step, Revise):
                _cut_to_revise(frame, step)
                return None
            if isinstance(step, Open):
                return Opened(step.flow, tuple(frame.ahead), frame.heard)
            if isinstance(step, Link) and step.phone != self.conversation.id:
                return Moves(step.phone)
            if isinstance(step, Leave) and self.event.call and frame.left in ("", self.event.call):
                frame.left = self.event.call
                return Leaves()
            if isinstance(step, Ask):
                stop = self._ask(frame, step)
            elif isinstance(step, Wait):
                stop = self._wait(frame, step, position)
            else:
                stop = yield from self._do(frame, step, position)
            if stop is not None:
                return stop
            result, failure = _replayed(journal[position], step)
            if isinstance(step, Ask) and step.secret:
                result = self._passing
            position += 1

    _passing: Any = None
    """The answer just given: a secret one exists nowhere else."""

    def _ask(self, frame: Frame, ask: Ask) -> Stop | None:
        if ask.ahead == "drop":
            frame.ahead.clear()
        elif not ask.secret and ask.key in frame.kept:
            raw = frame.kept.pop(ask.key)
            try:
                self._passing = ask.answer.load(raw)
            except msgspec.ValidationError:
                pass
            else:
                frame.journal.append(Entry(ask.key, raw, "answer"))
                return None
        if frame.asked not in ("", ask.key):
            self._set_aside()
        text, self.given = self.given, None
        if text is None and ask.ahead == "take":
            text = self._beforehand(frame, ask)
        frame.asked = ask.key
        if text is None:
            return Asked(ask)
        self.secret = self.secret or ask.secret
        try:
            self._passing = self._labelled(ask.answer, text).parse(text, today=self.today)
        except Wrong as wrong:
            frame.ahead.clear()
            return Asked(ask, wrong)
        frame.misses = frame.silences = 0
        frame.journal.append(Entry(ask.key, ask.dump(self._passing), "answer"))
        return None

    def _set_aside(self) -> None:
        """The flow was changed meanwhile, or goes on in another channel: nobody saw the question that
        comes now."""
        self.unread = self.unread or self.given is not None
        self.given = None

    def _beforehand(self, frame: Frame, ask: Ask) -> str | None:
        """An answer that came before the question was seen."""
        if frame.ahead:
            return frame.ahead.pop(0)
        heard = frame.heard.get(ask.answer.type) if ask.hears else None
        return heard.pop(0) if heard else None

    def _labelled(self, answer: Answer[Any], text: str) -> Answer[Any]:
        """A choice also takes the texts of its labels, as the customer sees them."""
        if not isinstance(answer, Labelled) or text.strip().isdecimal():
            return answer
        variant = CHANNELS[self.conversation.channel].variant
        language = self.conversation.profile.language
        return answer.with_labels(
            MESSAGES.text(option.label, variant, language, option.args) for option in answer.options
        )

    def _wait(self, frame: Frame, wait: Wait, position: int) -> Stop | None:
        timer = wait_timer(frame, position)
        conversation = self.conversation
        progress = self.outcome or conversation.news
        if progress is not None and progress.tracking_code == wait.tracking_code:
            raw = msgspec.to_builtins(progress)
            remember_told(conversation, progress)
            self.outcome = conversation.news = None
        elif wait.quits and (self.event.of_customer or conversation.listens):
            self.cancelled.append(timer)
            return Ended()
        elif self.ends_wait or self.event.timer == timer:
            raw = None
        else:
            frame.waiting = wait.tracking_code
            due = self.event.at + wait.seconds
            self.timers.append(Timer(conversation.id, timer, due))
            return Waits()
        self.ends_wait = False
        self.cancelled.append(timer)
        frame.journal.append(Entry(wait.key, raw))
        return None

    def _do(self, frame: Frame, step: Step, position: int) -> Generator[Effect, Any, Stop | None]:
        raw = yield from self._perform(frame, step, position)
        if isinstance(raw, dict) and "failed" in raw:
            frame.ahead.clear()
            frame.journal.append(Entry(step.key, raw["failed"], "failed"))
        elif isinstance(step, TakeOver):
            return Takes(msgspec.convert(raw["frame"], Frame), raw["conversation"])
        else:
            frame.journal.append(Entry(step.key, raw, step.kind))
        return None

    def _perform(self, frame: Frame, step: Step, position: int) -> Effects:
        conversation, now = self.conversation, self.event.at
        if isinstance(step, Say):
            self.prompts.append(
                Prompt(
                    message=step.message,
                    args=step.args,
                    rows=step.rows,
                    keep=step.keep,
                    brief=step.brief,
                    drawing=step.drawing,
                )
            )
            return None
        if isinstance(step, Leave):
            frame.left = ""
            return None
        if isinstance(step, HangUp):
            self.hangs_up = True
            return None
        if isinstance(step, Erase):
            self._check_own()
            self.erases = self.hangs_up = True
            del conversation.frames[:-1]  # nobody comes back to what was interrupted
            return None
        if isinstance(step, Speak):
            conversation.profile.language = step.language
            return None
        if isinstance(step, Prefer):
            conversation.profile.preferred = step.channel
            return None
        if isinstance(step, Recall) and step.what == "corrections":
            return frame.corrections
        if isinstance(step, Recall):
            return _recall(conversation, step.what, self.event.at, self.today)
        if isinstance(step, Proved):
            return policy.proved(step.bill_id, conversation.proofs, now) >= step.level
        if isinstance(step, CheckCode):
            return (yield from self._check_code(frame, step, position))
        if isinstance(step, Match):
            return (yield from self._match(frame, step, position))
        if isinstance(step, Identify):
            return (yield from self._identify(frame, step, position))
        if isinstance(step, Fetch):
            bill = None if step.resource == "progress" else step.of
            policy.check(policy.RESOURCES[step.resource], bill, conversation.proofs, now)
        elif isinstance(step, MyRequests):
            self._check_own()
        elif isinstance(step, Submit) and step.service not in FOLLOW_UPS:
            level = policy.Level.named(SERVICES[step.service].sensitivity)
            policy.check(level, step.subject, conversation.proofs, now)
            if step.bill_id is not None:
                _remember(conversation, step.bill_id)
        elif isinstance(step, Remember):
            _remember(conversation, step.bill_id, step.name)
        elif isinstance(step, Forget):
            _forget(conversation, step.bill_id)
        assert isinstance(step, _Effectful)
        answer = yield self._effect(frame, step, position)
        if isinstance(step, SendCode):
            if answer["status"] == "sent":
                expires = now + limits.CODE_LIFE
                conversation.challenge = Challenge(step.of, answer["seal"], expires)
                return "speakable" if answer["speakable"] else "sent"
            return answer["status"]
        if isinstance(step, Link):
            conversation.accounts[conversation.medium] = now
        elif isinstance(step, Submit):
            for document in step.fields.get("documents", ()):
                conversation.files.pop(document["attachment"], None)  # the request has it now
        if isinstance(step, HandOff) and answer == "transfer":
            self.transfer = Transfer(step.reason, frame.flow, answers(frame))
        return answer

    def understand(self, text: str) -> Effect:
        """What a text means, for whoever yields it: builtins of an ``Understanding``."""
        source = f"{self.conversation.id}|{self.event.id}|{text}".encode()
        key = hashlib.blake2b(source, digest_size=16).hexdigest()
        return Effect(Understand(text), self.conversation, "", key)

    def hand_off(self, frame: Frame, reason: str) -> Effects:
        """Ask for a person in the middle of a flow; what became of it, as for ``HandOff``."""
        return (yield from self._perform(frame, HandOff(reason), len(frame.journal)))

    def _check_code(self, frame: Frame, step: CheckCode, position: int) -> Effects:
        conversation = self.conversation
        challenge = conversation.challenge
        if challenge is None or challenge.of != step.of or challenge.expires < self.event.at:
            return "spent"
        challenge.tries += 1
        if (yield self._effect(frame, step, position)):
            conversation.challenge = None
            self._prove(step.of, step.level)
            return "right"
        if challenge.tries >= limits.CODE_TRIES:
            conversation.challenge = None
            return "spent"
        return "wrong"

    def _match(self, frame: Frame, step: Match, position: int) -> Effects:
        conversation = self.conversation
        if policy.proved(step.bill_id, conversation.proofs, self.event.at) >= step.level:
            return True
        if not conversation.owned or step.level > policy.Level.REGISTERED_MOBILE:
            return False
        if (yield self._effect(frame, step, position)):
            self._prove(step.bill_id, step.level)
            return True
        return False

    def _identify(self, frame: Frame, step: Identify, position: int) -> Effects:
        proofs = self.conversation.proofs
        policy.check(policy.Level.REGISTERED_MOBILE, step.of, proofs, self.event.at)
        verdict = yield self._effect(frame, step, position)
        if verdict == "right":
            # For what is left of its life: the code is the older half of the proof.
            proofs[step.of][0] = float(policy.Level.REGISTERED_MOBILE_AND_NATIONAL_ID)
        return verdict

    def _prove(self, of: str, level: policy.Level) -> None:
        until = self.event.at + limits.PROOF_LIFE
        self.conversation.proofs[of] = [float(level), until]

    def _check_own(self) -> None:
        """Raise :class:`dialogs.policy.Denied` unless whoever is there has proved to be the customer:
        an account is its own proof, a number is proved by a code."""
        conversation = self.conversation
        if conversation.medium not in (conversation.id, *conversation.accounts):
            level, phone = policy.Level.REGISTERED_MOBILE, conversation.phone
            policy.check(level, phone, conversation.proofs, self.event.at)

    def _effect(self, frame: Frame, step: Any, position: int) -> Effect:
        content = msgspec.json.encode(step, order="deterministic")
        source = f"{self.conversation.id}|{frame.uid}|{position}|".encode() + content
        if isinstance(step, SendCode):
            # After *back* the same place sends another code: gateways send one id only once.
            source += self.event.id.encode()
        key = hashlib.blake2b(source, digest_size=16).hexdigest()
        return Effect(step, self.conversation, frame.flow, key)


def wait_timer(frame: Frame, position: int | None = None) -> str:
    """Name of the timer that ends the wait a flow stands at, or the one at ``position``."""
    return f"{frame.uid}:{len(frame.journal) if position is None else position}"


def answers(frame: Frame) -> dict[str, Any]:
    """What the customer answered so far, by question; nothing secret is among it."""
    return {e.key: e.value for e in frame.journal if e.kind == "answer" and e.value is not None}


def filed(frame: Frame) -> list[Prompt]:
    """Word of the request that this flow filed, unless it has said something since."""
    code = None
    for entry in frame.journal:
        if entry.key.startswith("submit:"):
            code = entry.value
        elif entry.key.startswith("say:"):
            code = None
    return [Prompt(message="filed", args={"code": code}, keep=True)] if code else []


class _NoLongerFits(Exception):
    """The journal comes from another version of the flow."""


def _resume(flow: Flow[Any], result: Any, failure: Exception | None) -> Step:
    return flow.send(result) if failure is None else flow.throw(failure)


def _replayed(entry: Entry, step: Step) -> tuple[Any, Exception | None]:
    if entry.key != step.key:
        raise _NoLongerFits
    if entry.kind == "failed":
        return None, FAILURES[entry.value]()
    try:
        return step.restore(entry.value), None
    except (msgspec.ValidationError, KeyError) as error:
        raise _NoLongerFits from error


def _cut_to_revise(frame: Frame, step: Revise) -> None:
    """Forget the answer to a question; keep the answers behind it for when they are asked."""
    at = max(i for i, e in enumerate(frame.journal) if e.key == step.question)
    frame.kept = {
        e.key: e.value
        for e in frame.journal[at + 1 :]
        if e.kind == "answer" and e.key.partition(".")[0] not in step.without
    }
    frame.corrections += step.corrects
    del frame.journal[at:]


def _recall(conversation: Conversation, what: str, now: float, today: Any) -> Any:
    if what == "subscriptions":
        return list(conversation.profile.subscriptions)
    if what == "names":
        return dict(conversation.profile.names)
    if what == "today":
        return today.isoformat()
    if what in ("phone", "owned"):
        return getattr(conversation, what)
    if what == "accounts":
        return list(dict.fromkeys(medium.partition(":")[0] for medium in conversation.accounts))
    if what == "files":
        return [id_ for id_, at in conversation.files.items() if now - at < limits.FILES_KEPT]
    if what == "written rows":
        return CHANNELS["sms"].rows
    return getattr(CHANNELS[conversation.channel], what)


def remember_told(conversation: Conversation, progress: Progress) -> None:
    """Keep in mind that the customer is told of what ``progress`` has to be paid."""
    due = payable(progress)
    if due is not None and due not in conversation.told:
        conversation.told.append(due)
        del conversation.told[: -limits.TOLD]


def _remember(conversation: Conversation, bill_id: str, name: str | None = None) -> None:
    saved, names = conversation.profile.subscriptions, conversation.profile.names
    if bill_id in saved:
        saved.remove(bill_id)
    saved.insert(0, bill_id)
    if name is not None:
        names[bill_id] = name
    for old in saved[limits.SAVED_SUBSCRIPTIONS :]:
        _forget(conversation, old)


def _forget(conversation: Conversation, bill_id: str) -> None:
    profile = conversation.profile
    profile.subscriptions = [saved for saved in profile.subscriptions if saved != bill_id]
    profile.names.pop(bill_id, None)
