"""What steps do: to the conversation, and through the effects that they need of the host."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import msgspec

from dialogs import limits, policy
from dialogs.capabilities import CHANNELS
from dialogs.effects import Effect, Effectful, Effects, Transfer
from dialogs.events import Event
from dialogs.journal import answers
from dialogs.prompts import Prompt
from dialogs.services import SERVICES
from dialogs.session import Challenge, Conversation, Frame
from dialogs.steps import (
    CheckCode,
    Erase,
    Fetch,
    Forget,
    HandOff,
    HangUp,
    Identify,
    Leave,
    Link,
    Match,
    MyRequests,
    Prefer,
    Proved,
    Recall,
    Remember,
    Say,
    SendCode,
    Speak,
    Step,
    Submit,
    Understand,
)
from dialogs.values import FOLLOW_UPS


class Performing:
    """The steps of one turn, and what they leave for its end."""

    def __init__(self, conversation: Conversation, event: Event, today: dt.date) -> None:
        self.conversation = conversation
        self.event = event
        self.today = today
        self.prompts: list[Prompt] = []
        self.hangs_up = False
        """Whether good-bye was said."""
        self.erases = False
        """Whether nothing is to be left of the customer."""
        self.transfer: Transfer | None = None
        """Who takes the call over."""

    def perform(self, frame: Frame, step: Step, position: int) -> Effects:
        """Do what the flow of ``frame`` wants at this position of its journal.

        Returns what the journal keeps of it, or ``{"failed": name}`` (:data:`dialogs.steps.FAILURES`).
        Raises :class:`dialogs.policy.Denied` for a flow that forgot to ask for a proof.
        """
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
                    fresh=step.wrong,
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
        assert isinstance(step, Effectful)
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
        return (yield from self.perform(frame, HandOff(reason), len(frame.journal)))

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


def _recall(conversation: Conversation, what: str, now: float, today: dt.date) -> Any:
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
