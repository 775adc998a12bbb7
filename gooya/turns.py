"""The door: every event enters a conversation here, and a turn leaves as one commit.

Load, replay, effects, commit (DESIGN.md section 3). Requests are written to the database during the
turn, keyed by journal position; then the state store takes journal, mark, messages and timers in one
step. A lost race runs the pure turn again on the newer state, with the effects' results remembered.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
from collections.abc import AsyncIterator, Callable
from typing import Protocol

import msgspec

from bots.sms.presenter import present
from bots.sms.segments import measure
from dialogs import engine, limits
from dialogs.calendar import tehran_today
from dialogs.events import Event
from dialogs.messages import Messages
from dialogs.session import Conversation, Profile, decode, encode
from dialogs.store import Commit, Outbound, Snapshot, Store, Verdict
from gooya.clock import instant
from gooya.database.customers import Customers
from gooya.database.transcript import Line
from gooya.effects import Done, Effects
from gooya.metrics import TURNS

log = logging.getLogger(__name__)

RACES = 50
"""Lost races after which a turn gives up; the gateway delivers the message again."""
LEASE = 60.0
"""Seconds for which this process alone sends what it just committed."""


class Transcript(Protocol):
    def write(self, line: Line) -> None: ...


class TurnFailed(Exception):
    """The event was not handled and nothing was committed: deliver it again later."""


class Door:
    """Takes the events of all conversations, one at a time for each of them.

    ``dispatch`` gets the messages that this process may send at once; None leaves all of them to
    the workers. ``language`` is that of a customer nobody knows yet.
    """

    def __init__(
        self,
        *,
        store: Store,
        effects: Effects,
        customers: Customers,
        messages: Messages,
        transcript: Transcript,
        language: str,
        dispatch: Callable[[list[Outbound]], None] | None,
    ) -> None:
        self._store = store
        self._effects = effects
        self._customers = customers
        self._messages = messages
        self._transcript = transcript
        self._language = language
        self._dispatch = dispatch
        self._lanes: dict[str, tuple[asyncio.Lock, int]] = {}

    async def enter(self, conversation: str, event: Event) -> None:
        """Handle one event for good: when this returns it is committed, now or by an earlier delivery.

        Raises :class:`TurnFailed`, ``StoreUnavailable`` or ``DatabaseUnavailable``: then nothing is
        committed and the event must come again.
        """
        async with self._lane(conversation):
            remembered: dict[str, Done] = {}
            for _ in range(RACES):
                snapshot = await self._store.load(conversation, event.id)
                if snapshot.seen:
                    TURNS.labels("duplicate").inc()
                    return
                try:
                    async with asyncio.timeout(limits.TURN_SECONDS):
                        commit = await self._turn(conversation, event, snapshot, remembered)
                except TimeoutError:
                    raise TurnFailed("took too long") from None
                committed = await self._store.commit(commit)
                if committed.verdict is Verdict.CONFLICT:
                    TURNS.labels("race").inc()
                    continue
                if committed.verdict is Verdict.DONE:
                    TURNS.labels(event.kind).inc()
                    self._write_down(event, commit)
                    if self._dispatch is not None and committed.leased:
                        self._dispatch([m for m in commit.outbound if m.id in committed.leased])
                return
            raise TurnFailed("lost too many races")

    @contextlib.asynccontextmanager
    async def _lane(self, conversation: str) -> AsyncIterator[None]:
        """The conversation's turn to take a turn: within a process nobody needs to race."""
        lock, users = self._lanes.get(conversation) or (asyncio.Lock(), 0)
        self._lanes[conversation] = (lock, users + 1)
        try:
            async with lock:
                yield
        finally:
            users = self._lanes[conversation][1] - 1
            if users:
                self._lanes[conversation] = (lock, users)
            else:
                del self._lanes[conversation]

    async def _turn(
        self, id_: str, event: Event, snapshot: Snapshot, remembered: dict[str, Done]
    ) -> Commit:
        """Run the pure turn, performing what it asks for, and make its commit."""
        conversation = await self._conversation(id_, event, snapshot)
        profile = conversation.profile
        before = (profile.language, profile.opted_out)
        outbound: list[Outbound] = []
        steps = engine.turn(conversation, event)
        try:
            effect = next(steps)
            while True:
                done = remembered.get(effect.key)
                if done is None:
                    done = remembered[effect.key] = await self._effects.perform(effect)
                outbound += done.outbound
                effect = steps.send(done.result)
        except StopIteration as end:
            turn: engine.Turn = end.value
        if before != (profile.language, profile.opted_out):
            await self._save_profile(conversation, event)
        text = present(turn.prompts, profile.language, self._messages)
        if text:
            outbound.append(self._reply(conversation, event, text))
        affordable = self._affordable(conversation, event, outbound)  # counts: before the state
        return Commit(
            conversation=id_,
            version=snapshot.version,
            state=encode(conversation),
            mark=event.id,
            outbound=affordable,
            timers=tuple(turn.timers),
            cancel=tuple(turn.cancelled),
            now=event.at,
            lease=LEASE if self._dispatch is not None else 0.0,
        )

    async def _conversation(self, id_: str, event: Event, snapshot: Snapshot) -> Conversation:
        if snapshot.state is not None:
            try:
                return decode(snapshot.state)
            except msgspec.MsgspecError:
                log.error("a stored conversation is not understood: it starts anew")
        known = await self._customers.profile(event.channel, event.address)  # type: ignore[arg-type]
        profile = Profile(
            language=known.language or self._language,
            subscriptions=list(known.bill_ids),
            opted_out=known.opted_out,
        )
        return engine.start(event, profile, id_)

    async def _save_profile(self, conversation: Conversation, event: Event) -> None:
        profile, at = conversation.profile, instant(event.at)
        channel, address = conversation.channel, conversation.address
        await self._customers.set_language(channel, address, profile.language, at)  # type: ignore[arg-type]
        await self._customers.set_opted_out(
            channel,  # type: ignore[arg-type]
            address,
            profile.opted_out,
            at,
            language=profile.language,
        )

    def _reply(self, conversation: Conversation, event: Event, text: str) -> Outbound:
        source = f"{conversation.id}|{event.id}".encode()
        id_ = hashlib.blake2b(source, digest_size=12).hexdigest()
        return Outbound(id_, conversation.channel, conversation.address, text, conversation.id)

    def _affordable(
        self, conversation: Conversation, event: Event, outbound: list[Outbound]
    ) -> tuple[Outbound, ...]:
        """Count what is sent; the answer that crosses the limit ends with saying so.

        A text behind the limit is not answered at all (``dialogs.engine``): nothing is done silently.
        """
        if not outbound:
            return ()
        today = tehran_today(instant(event.at))
        left = conversation.segments_left(today)
        cost = sum(measure(m.text).segments for m in outbound)
        if conversation.day != today.toordinal():
            conversation.day, conversation.day_segments = today.toordinal(), 0
        conversation.segments += cost
        conversation.day_segments += cost
        if 0 <= left < cost and event.kind == "text":
            language = conversation.profile.language
            last = self._messages.text("too-many-segments", "sms", language, {})
            text = outbound.pop().text + "\n" if outbound[-1].conversation else ""
            outbound.append(self._reply(conversation, event, text + last))
        return tuple(outbound)

    def _write_down(self, event: Event, commit: Commit) -> None:
        at = instant(event.at)
        conversation = commit.conversation
        if event.kind == "text":
            self._transcript.write(
                Line(
                    conversation=conversation,
                    channel=event.channel,
                    direction="in",
                    message_id=event.id,
                    text=event.text[: limits.MESSAGE_LENGTH],
                    segments=0,
                    at=at,
                )
            )
        for message in commit.outbound:
            self._transcript.write(
                Line(
                    conversation=message.conversation or conversation,
                    channel=message.channel,
                    direction="out",
                    message_id=message.id,
                    # a message without a conversation is a one-time code
                    text=message.text if message.conversation else "•",
                    segments=measure(message.text).segments,
                    at=at,
                )
            )
