"""A turn as acts in a messenger's chat, and in the other chats that its question leaves."""

from __future__ import annotations

from bots.telegram.chat import Act, Closed, Post
from bots.telegram.html import plain
from bots.telegram.presenter import present
from dialogs.engine import Turn
from dialogs.events import Event
from dialogs.messages import Messages
from dialogs.session import Conversation
from dialogs.touching import COMMAND


def act(
    turn: Turn, conversation: Conversation, event: Event, messages: Messages
) -> list[tuple[str, Act]]:
    """What is done in which chat (``<channel>:<address>``), in order. Notes in ``conversation`` where
    buttons are left: a question that the customer left in another chat is open here, so those go, as
    do those above a question that news ask."""
    here = event.of_customer and not turn.stale
    open_ = conversation.keyboards
    medium = f"{conversation.channel}:{conversation.address}"
    asks_by_itself = bool(turn.asked) and not event.of_customer and medium in open_
    elsewhere = [medium for medium in open_ if medium != event.medium] if here else []
    # A command's button may stand under another message than the open question.
    leaves = not event.source or event.text.startswith(COMMAND)
    acts = present(
        turn.prompts,
        asked=turn.asked,
        source=event.source,
        closes=(here and leaves and event.medium in open_) or asks_by_itself,
        stale=turn.stale,
        commands=_commands(turn, conversation) if event.of_customer else (),
        language=conversation.profile.language,
        messages=messages,
    )
    if here:
        conversation.keyboards = []
    if any(isinstance(act, Post) and act.keyboard for act in acts):
        conversation.keyboards = list(dict.fromkeys([*conversation.keyboards, medium]))
    return [*((medium, act) for act in acts), *((other, Closed()) for other in elsewhere)]


def words(done: Act) -> str:
    """What an act says, as text; empty for one without words of its own."""
    return plain(done.text) if isinstance(done, Post) else ""


def _commands(turn: Turn, conversation: Conversation) -> tuple[str, ...]:
    """The commands that have buttons under the last message."""
    top = conversation.top
    if turn.asked:
        return () if top is None or top.flow == "main_menu" else ("back", "menu")
    return ("resume", "menu") if top is not None and top.paused else ("menu",)
