"""The door: every event enters a conversation here, and a turn leaves as one commit.

Load, replay, effects, commit (DESIGN.md section 3). Requests are written to the database during the
turn, keyed by journal position; then the state store takes journal, mark, messages and timers in one
step. A lost race runs the pure turn again on the newer state, with the effects' results remembered.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Protocol
from weakref import WeakValueDictionary

import msgspec

from dialogs import engine, limits
from dialogs.events import Event
from dialogs.messages import Messages
from dialogs.session import Conversation, Profile, decode, encode, readable
from dialogs.steps import Fetch
from dialogs.store import Commit, Outbound, Snapshot, Store, StoreUnavailable, Timer, Verdict
from dialogs.wishes import Unclear
from gooya.clock import instant
from gooya.database.customers import Customers
from gooya.database.engine import DatabaseError
from gooya.database.transcript import Line
from gooya.database.unclear import UnclearTexts
from gooya.done import Done
from gooya.effects import Effects
from gooya.forgetting import ERASURE, ERASURE_SECONDS, forget
from gooya.metrics import TURNS
from gooya.moving import Elsewhere, Moving, NotLinked, is_strange, moving, pointer
from gooya.replying import reply
from gooya.transcribing import lines
from ivr.speech import Speech

log = logging.getLogger(__name__)

RACES = 50
"""Lost races after which a turn gives up; the gateway delivers the message again."""
LEASE = 60.0
"""Seconds for which this process alone sends what it just committed."""
MOVES_KNOWN = 100_000
"""Messenger accounts whose customer's conversation a process remembers."""


class Transcript(Protocol):
    def write(self, line: Line) -> None: ...

    async def forget(self, conversation: str) -> None: ...


class Taken(msgspec.Struct, frozen=True):
    """A turn that is ready to be committed."""

    commit: Commit
    speech: Speech | None
    """What the call hears whose event this was."""
    language: str
    secret: bool
    """What the customer entered is not to be written down."""
    is_on_the_line: bool
    """Whether a call of this process goes on."""
    erases: bool
    """Nothing of the customer is to be left."""
    took: tuple[str, str]
    """Conversation and flow that goes on here from now on."""
    unclear: Unclear | None
    chose: tuple[str, str]


class TurnFailed(Exception):
    """The event was not handled and nothing was committed: deliver it again later."""


class _Outside(Exception):
    """A turn on a remembered conversation wants more than words."""


class Door:
    """Takes the events of all conversations, one at a time for each of them.

    ``dispatch`` gets the messages that this process may send at once; None leaves all of them to
    the workers; ``dispatches`` says of which channels. ``inbox`` is where texts go that were not
    understood, None where nobody learns from them. ``language`` is that of a customer nobody knows yet.
    """

    def __init__(
        self,
        *,
        store: Store,
        effects: Effects,
        customers: Customers,
        messages: Messages,
        transcript: Transcript,
        inbox: UnclearTexts | None,
        language: str,
        dispatch: Callable[[list[Outbound]], None] | None,
        dispatches: Callable[[str], bool] = lambda channel: channel == "sms",
    ) -> None:
        self._store = store
        self._effects = effects
        self._customers = customers
        self._messages = messages
        self._transcript = transcript
        self._inbox = inbox
        self._language = language
        self._dispatch = dispatch
        self._dispatches = dispatches
        self._lanes: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._moved: dict[str, str] = {}
        """Where the conversations of messenger accounts went; the one there has the last word."""
        self._calls: dict[str, Snapshot] = {}
        """Conversations with a caller on the line, as this process committed them last: whoever presses
        a key need not wait for what is known. The commit's version check finds what others did."""

    async def enter(
        self,
        conversation: str,
        event: Event,
        early: Callable[[Speech], None] | None = None,
    ) -> Speech | None:
        """Handle one event for good: when this returns it is committed, now or by an earlier delivery.

        What a call's own event is answered comes back, since only this process has the caller; all
        other answers are queued with the commit. Raises :class:`TurnFailed`, ``StoreUnavailable`` or
        ``DatabaseUnavailable``: then nothing is committed and the event must come again.

        ``early`` gets the speech of a turn that did nothing but speak while its commit is still under
        way; the one that is returned has the last word.
        """
        read = refused = ""
        for _ in range(RACES):
            own = self._moved.get(conversation, conversation)
            try:
                went = await self._enter(own, event, early, refused=refused)
            except Elsewhere as moved:
                read = moved.conversation
                self._remember_move(conversation, read)
                continue
            except NotLinked:
                # Where this process only remembered it, the stores may lead elsewhere.
                self._moved.pop(conversation, None)
                refused = own if own == read else ""
                continue
            if not isinstance(went, Moving):
                return went
            await self.enter(went.to, went.joined)
            if await self._leave(own, event, went):
                self._remember_move(event.medium, went.to)
                return None
        raise TurnFailed("lost too many races")

    def _remember_move(self, conversation: str, to: str) -> None:
        self._moved[conversation] = to
        if len(self._moved) > MOVES_KNOWN:
            del self._moved[next(iter(self._moved))]

    async def _leave(self, conversation: str, event: Event, went: Moving) -> bool:
        """Commit what stays of a conversation that has moved; False when somebody was faster."""
        committed = await self._store.commit(went.left)
        if committed.verdict is Verdict.CONFLICT:
            return False
        if conversation != event.medium:
            # The account had another number before: its own conversation leads to the new one now.
            account = await self._store.load(event.medium, event.id)
            moved = pointer(event, account, went.to)
            return (await self._store.commit(moved)).verdict is not Verdict.CONFLICT
        return True

    async def whose(self, conversation: str) -> str:
        """The conversation that one has become part of, or itself."""
        if conversation not in self._moved:
            known = readable((await self._store.load(conversation, "")).state)
            if known is None or not known.moved:
                return conversation
            self._remember_move(conversation, known.moved)
        return self._moved[conversation]

    async def _enter(
        self,
        conversation: str,
        event: Event,
        early: Callable[[Speech], None] | None,
        *,
        refused: str,
    ) -> Speech | Moving | None:
        async with self._lane(conversation):
            went = await self._in_lane(conversation, event, early, refused=refused)
        if not isinstance(went, Taken):
            return went
        if went.took[0] not in ("", conversation):
            # In no lane of ours: two that take from each other would wait for each other.
            await self._take_from(event, *went.took)
        return went.speech

    async def _in_lane(
        self,
        conversation: str,
        event: Event,
        early: Callable[[Speech], None] | None,
        *,
        refused: str,
    ) -> Taken | Moving | None:
        """Take the turn and commit it: what was taken, where the conversation moves, or nothing."""
        remembered: dict[str, Done] = {}
        kept = self._calls.pop(conversation, None) if event.call else None
        for _ in range(RACES):
            snapshot = kept or await self._store.load(conversation, event.id)
            if snapshot.seen:
                TURNS.labels("duplicate").inc()
                return None
            if event.kind == "timer" and event.timer == ERASURE:
                await self._erase(conversation, event)
                return None
            if event.kind == "hang_up" and snapshot.state is None:
                return None  # its customer was forgotten: nothing is begun for them again
            try:
                async with asyncio.timeout(limits.TURN_SECONDS):
                    taken = await self._turn(
                        conversation,
                        event,
                        snapshot,
                        remembered,
                        only_words=kept is not None,
                        refused=refused,
                    )
            except _Outside:
                kept = None
                continue
            except TimeoutError:
                raise TurnFailed("took too long") from None
            if isinstance(taken, Moving):
                return taken
            kept, commit = None, taken.commit
            if early is not None and taken.speech is not None and not remembered:
                early(taken.speech)
                await asyncio.sleep(0)  # the line gets it before the store is busy
            committed = await self._store.commit(commit)
            if committed.verdict is Verdict.CONFLICT:
                TURNS.labels("race").inc()
                continue
            if committed.verdict is Verdict.DONE:
                TURNS.labels(event.kind).inc()
                if taken.is_on_the_line and not taken.erases:
                    self._calls[conversation] = Snapshot(commit.version + 1, commit.state, False)
                if not taken.erases:
                    self._write_down(event, taken)
                if self._dispatch is not None and committed.leased:
                    self._dispatch([m for m in commit.outbound if m.id in committed.leased])
                if self._inbox is not None and not taken.erases:
                    await self._inbox.learn(event, conversation, taken.unclear, taken.chose)
                if taken.erases:
                    await self._erase_now(conversation, event)
                return taken
            return None
        raise TurnFailed("lost too many races")

    async def _take_from(self, event: Event, conversation: str, uid: str) -> None:
        """A flow goes on here: it ends where it was begun. Failing leaves it there for seven days."""
        taken = Event(
            kind="taken",
            id=f"taken:{uid}:{event.id}",
            channel="sms",
            address=conversation,
            at=event.at,
            text=uid,
        )
        try:
            await self.enter(conversation, taken)
        except (DatabaseError, StoreUnavailable, TurnFailed) as error:
            log.warning("a dialog goes on twice", extra={"error": type(error).__name__})

    async def _erase_now(self, conversation: str, event: Event) -> None:
        try:
            await self._erase(conversation, event)
        except (DatabaseError, StoreUnavailable) as error:
            log.warning("a customer is forgotten later", extra={"error": type(error).__name__})

    async def _erase(self, conversation: str, event: Event) -> None:
        """Forget the customer. What was just said to them is on its way and needs nothing of it."""
        await self._transcript.forget(conversation)
        await forget(
            conversation, store=self._store, customers=self._customers, now=instant(event.at)
        )

    def _lane(self, conversation: str) -> asyncio.Lock:
        """The conversation's turn to take a turn: within a process nobody needs to race."""
        return self._lanes.setdefault(conversation, asyncio.Lock())

    async def _turn(
        self,
        id_: str,
        event: Event,
        snapshot: Snapshot,
        remembered: dict[str, Done],
        *,
        only_words: bool,
        refused: str,
    ) -> Taken | Moving:
        """Run the pure turn, performing what it asks for, and make its commit.

        ``only_words``: the snapshot is from memory; what would reach out into the world on it raises
        :class:`_Outside`, since somebody else may have gone on with the conversation.
        """
        conversation = await self._conversation(id_, event, snapshot, refused=refused)
        profile = conversation.profile
        before = _kept(profile)
        sent: list[Outbound] = []
        time = asyncio.get_running_loop().time
        look_until = time() + limits.LOOKING_SECONDS
        steps = engine.turn(conversation, event)
        try:
            effect = next(steps)
            while True:
                done = remembered.get(effect.key)
                if only_words:
                    raise _Outside
                if done is None and isinstance(effect.step, Fetch) and time() >= look_until:
                    # It would fail when its time is over, come again and take as long: for ever.
                    done = remembered[effect.key] = Done({"failed": "away"})
                if done is None:
                    done = remembered[effect.key] = await self._effects.perform(effect)
                sent += done.outbound
                effect = steps.send(done.result)
        except StopIteration as end:
            turn: engine.Turn = end.value
        if turn.moves_to:
            return moving(conversation, event, snapshot, turn.moves_to)
        if before != _kept(profile):
            await self._save_profile(conversation, event)
        # Counts what it says: before the state.
        speech, outbound = reply(turn, conversation, event, sent, self._messages)
        takes = self._dispatch is not None and all(self._dispatches(m.channel) for m in outbound)
        left, timers = conversation, turn.timers
        if turn.erases:
            blank = Profile(language=profile.language)
            left = engine.start(event, blank, id_)
            timers = [Timer(id_, ERASURE, event.at + ERASURE_SECONDS)]
        commit = Commit(
            conversation=id_,
            version=snapshot.version,
            state=encode(left),
            mark=event.id,
            outbound=outbound,
            timers=tuple(timers),
            cancel=tuple(turn.cancelled),
            now=event.at,
            lease=LEASE if takes else 0.0,
        )
        return Taken(
            commit=commit,
            speech=speech,
            language=profile.language,
            secret=turn.secret,
            is_on_the_line=bool(event.call) and conversation.call == event.call,
            erases=turn.erases,
            took=turn.took,
            unclear=turn.unclear,
            chose=turn.chose,
        )

    async def _conversation(
        self, id_: str, event: Event, snapshot: Snapshot, *, refused: str
    ) -> Conversation:
        """The conversation as it was left, or a new one. Raises :class:`Elsewhere` where an account has
        moved, and :class:`NotLinked` where one that is not its own is asked for.

        ``refused`` is the conversation that said so: whatever leads there is void.
        """
        kind, value = event.channel, event.address
        conversation: Conversation | None = None
        if snapshot.state is not None:
            try:
                conversation = decode(snapshot.state)
            except msgspec.MsgspecError:
                log.error("a stored conversation is not understood: it starts anew")
        if conversation is not None:
            if conversation.moved and conversation.moved != refused:
                raise Elsewhere(conversation.moved)
            if not conversation.moved and not is_strange(conversation, event):
                return conversation
        if event.joins is not None:
            kind, value = "sms", id_  # it is the number's, whoever comes
        known = await self._customers.profile(kind, value)  # type: ignore[arg-type]
        if known.phone is not None and known.phone != refused and id_ == event.medium:
            raise Elsewhere(known.phone)
        if conversation is None or conversation.moved:
            language = event.joins.profile.language if event.joins is not None else self._language
            profile = Profile(
                language=known.language or language,
                subscriptions=list(known.bill_ids),
                names=known.names,
                opted_out=known.opted_out,
                preferred=known.preferred,
            )
            conversation = engine.start(event, profile, id_)
        if is_strange(conversation, event):
            if known.phone != id_:
                raise NotLinked
            conversation.accounts[event.medium] = event.at
        return conversation

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
        await self._customers.set_preferred(
            channel,  # type: ignore[arg-type]
            address,
            profile.preferred,
            at,
            language=profile.language,
        )

    def _write_down(self, event: Event, taken: Taken) -> None:
        said = lines(
            event, taken.commit, taken.speech, language=taken.language, secret=taken.secret
        )
        for line in said:
            self._transcript.write(line)


def _kept(profile: Profile) -> tuple[str, bool, str]:
    """What of a profile the database keeps by itself."""
    return profile.language, profile.opted_out, profile.preferred
