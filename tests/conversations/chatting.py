"""Plays a conversation in a messenger's chat: buttons for numbers, and what is shown for what is sent."""

from __future__ import annotations

import asyncio
import io
import uuid
from collections.abc import Iterable

import PIL.Image

from dialogs import commands
from dialogs.ids import is_mobile
from dialogs.messages import MESSAGES
from dialogs.services.catalogue import LANGUAGES
from dialogs.text import latin_digits, match_key
from tests.conversations.case import Case, Turn
from tests.conversations.messengers import Messenger, Person, Shown, numbered
from tests.conversations.play import Play
from tests.conversations.world import PATIENCE, World
from tests.servers.bot_api import Button

SLASHED = ("menu", "back", "cancel", "help")
"""Commands that a chat has as such; the others are words."""
LONGEST_DATA = 64
"""Bytes."""
_WITHOUT_PHOTO = {MESSAGES.text("option-skip", "telegram", language, {}) for language in LANGUAGES}


class Chat(Play):
    """A conversation in the chats of ``messenger``. See :mod:`tests.conversations.case` for what
    differs there.

    In the conversations of all ways a customer whom the chat asks for more than a phone would does
    without: the phone number that it wants is shared, a photo that it would like is not sent. The
    number is not the registered one, so that whatever needs that number still needs its code.
    """

    def __init__(self, world: World, case: Case, messenger: str) -> None:
        super().__init__(world, case)
        self.messenger = world.messengers[messenger]
        self._people: dict[tuple[str, str], Person] = {}
        """By messenger and by the phone from which they send SMS."""
        self._seen: dict[Person, int] = {}
        self._before = 0
        """How many of a turn's messages came before the chat had all that it wanted to know."""

    def at(self, phone: str, messenger: Messenger | None = None) -> Person:
        """Whoever has this phone, in a chat."""
        where = messenger or self.messenger
        person = self._people.get((where.name, phone))
        if person is None:
            number = self.fill(self.case.account)
            if phone != self.phone:
                number = f"+98938{phone[-7:]}"
            person = self._people[where.name, phone] = where.person(number)
        return person

    async def run(self) -> None:
        await super().run()
        self.check_end()

    def check_end(self) -> None:
        """What must be so of all chats at the end."""
        card = self.person
        for person in self._people.values():
            check_chat(person, card.bill_id, *filter(None, [card.mobile]))

    async def turn(self, turn: Turn) -> list[str]:
        if turn.sms_only:
            return []
        await self.happen(turn)
        phone = self.fill(turn.from_) if turn.from_ else self.phone
        messenger = self.messenger
        if turn.elsewhere:
            [messenger] = [m for m in self.world.messengers.values() if m is not messenger]
        person = self.at(phone, messenger)
        toasts = len(person.toasts)
        for again in range(turn.times):
            if again:
                await self._settle(person, phone)
                self._news(person)
            await self._act(turn, person)
        shown, sms = await self._answers(turn, person, phone)
        async with asyncio.timeout(PATIENCE):
            while turn.pending and not self._is_there(turn, shown, sms):
                await asyncio.sleep(0.01)
                shown += self._news(person)
                sms += await self._sms(phone)
        said = [*map(self._read, shown), *sms]
        self.check(turn, said)
        self.check_chat(turn, shown, sms, person.toasts[toasts:])
        return said

    def check_chat(self, turn: Turn, shown: list[Shown], sms: list[str], toasts: list[str]) -> None:
        """What is so of chats alone."""
        pictures = [message.photo for message in shown if message.photo]
        for text in map(self.fill, turn.absent):
            assert text not in "\n".join(m.written for m in shown), f"did not expect {text!r}"
        if turn.messages is not None:
            count = len(shown) + len(sms) - len(pictures) - self._before
            assert count == turn.messages, f"{count} messages: {[*shown, *sms]!r}"
        if self.case.in_chat:
            assert len(pictures) == turn.pictures, f"{len(pictures)} pictures"
        for picture in pictures:
            check_picture(picture)
        if turn.sms is not None:
            assert sms or not turn.sms, f"expected SMS {turn.sms!r}"
            assert turn.sms or not sms, f"expected no SMS, got {sms!r}"
        for text in map(self.fill, turn.sms or []):
            assert text in "\n".join(sms), f"expected SMS {text!r} in {sms!r}"
        if turn.toast is not None:
            assert toasts[-1:] == [self.fill(turn.toast)], f"the toasts are {toasts!r}"

    async def _act(self, turn: Turn, person: Person) -> None:
        """What the customer does."""
        if turn.repeat_delivery:
            person.messenger.deliver_again()
        for text in map(self.fill, turn.together):
            await self._say(person, text)
        if turn.by_sms is not None:
            await self.world.send(self.phone, self.fill(turn.by_sms), uuid.uuid4().hex)
        if turn.send is not None and self.case.in_chat:
            await person.writes(self.fill(turn.send))
        elif turn.send is not None:
            await self._say(person, self.fill(turn.send))
        if turn.press is not None:
            await self._press(person, self.fill(turn.press), turn.taps)
        if turn.press_old is not None:
            await self._press_old(person, self.fill(turn.press_old))
        if turn.contact:
            somebody = self.messenger.person("+989390000000") if turn.contact == "other" else None
            await person.shares_contact(somebody)
        album = uuid.uuid4().hex if turn.photos > 1 else ""
        for number in range(turn.photos):
            await person.sends_photo(photo(number), album=album)
        if turn.file:
            content = b"\xff\xd8\xff" + bytes(20 << 20) if turn.file == "large" else b"no picture"
            await person.sends_document(content, "meter.jpg", "image/jpeg")
        if turn.sends:
            await person.sends(turn.sends)
        if turn.edits is not None:
            last = [message for message in person.chat if not message.by_bot][-1]
            await person.edits(last, self.fill(turn.edits))
        if turn.blocks == "told":
            await person.blocks()
        person.blocked = person.blocked or turn.blocks == "untold"

    # What a person does with a screen ---------------------------------------------------------

    async def _say(self, person: Person, text: str) -> None:
        """Press what an SMS text means, or write it."""
        number = latin_digits(text).strip()
        open_ = _open_buttons(person)
        options = numbered(open_)
        labelled = [b for b in open_ if match_key(b.text) == match_key(text)]
        sign = commands.by_sign(number, "sms")
        if number.isdecimal() and int(number) in options:
            await person.presses(options[int(number)])
        elif labelled:
            await person.presses(labelled[0])
        elif sign is not None:
            await self._command(person, sign, open_)
        else:
            await person.writes(text)

    async def _command(self, person: Person, name: str, open_: Iterable[Button]) -> None:
        for button in open_:
            if button.data.endswith(f":command:{name}"):
                await person.presses(button)
                return
        words = next(c.words for c in commands.COMMANDS if c.name == name)
        await person.writes(f"/{name}" if name in SLASHED else words[0])

    async def _press(self, person: Person, what: str, taps: int) -> None:
        open_ = _open_buttons(person)
        options = numbered(open_)
        number = latin_digits(what)
        found = [options[int(number)]] if number.isdecimal() and int(number) in options else []
        found += [button for button in open_ if button.text == what]
        assert found, f"no button {what!r} is shown, only {[b.text for b in open_]!r}"
        [message] = [m for m in person.answers if m.keyboard][-1:]
        for _ in range(taps):
            await person.presses(found[0], message)

    async def _press_old(self, person: Person, label: str) -> None:
        for shown in person.shown:
            for button in shown.buttons:
                if button.text == label:
                    await person.presses(button, person.messages[shown.id])
                    return
        raise AssertionError(f"no button {label!r} was ever shown")

    # What comes of it -------------------------------------------------------------------------

    async def _answers(
        self, turn: Turn, person: Person, phone: str
    ) -> tuple[list[Shown], list[str]]:
        """What was shown and received, once nothing more is on its way; of a ``pending`` turn, once
        what the customer did was handled."""
        self._before = 0
        if turn.pending:
            async with asyncio.timeout(PATIENCE):
                while not await self.world.has_taken_all():
                    await asyncio.sleep(0.01)
            return self._news(person), await self._sms(phone)
        await self._settle(person, phone)
        shown, sms = self._news(person), await self._sms(phone)
        while not self.case.in_chat and await self._does_without(person, shown):
            self._before = len(shown) + len(sms)
            await self._settle(person, phone)
            shown += self._news(person)
            sms += await self._sms(phone)
        return shown, sms

    async def _does_without(self, person: Person, shown: list[Shown]) -> bool:
        """Answer what only a chat asks for; whether there was something."""
        if not shown:
            return False
        if shown[-1].contact and person.reply_keyboard:
            await person.shares_contact()
            return True
        for button in shown[-1].buttons:
            if button.text in _WITHOUT_PHOTO and button in _open_buttons(person):
                await person.presses(button)
                return True
        return False

    async def _settle(self, person: Person, phone: str) -> None:
        door = self.world.running.parts.door
        async with asyncio.timeout(PATIENCE):
            while True:
                own = await door.whose(f"{person.messenger.name}:{person.id}")
                if await self.world.rests(own) and await self.world.rests(phone):
                    return
                await asyncio.sleep(0.01)

    def _news(self, person: Person) -> list[Shown]:
        """What the chat has shown since the last look."""
        news = person.shown[self._seen.get(person, 0) :]
        self._seen[person] = len(person.shown)
        return news

    async def _sms(self, phone: str) -> list[str]:
        return await self.world.inbox(phone) if is_mobile(phone) else []

    def _read(self, shown: Shown) -> str:
        written = self.world.screens.written(shown)
        return shown.written if self.case.in_chat else written

    def _is_there(self, turn: Turn, shown: list[Shown], sms: list[str]) -> bool:
        said = "\n".join([*map(self._read, shown), *sms])
        return all(self.fill(text) in said for text in turn.expect)


def check_chat(person: Person, *ids: str) -> None:
    """What must be so of every chat at any time: only the last question can still be answered by a
    button, and no button gives back what names a customer (``ids``, and the account's number)."""
    asking = [message.id for message in person.answers if message.keyboard]
    last = next((shown.id for shown in reversed(person.shown) if shown.buttons), None)
    assert asking in ([], [last]), f"buttons under {asking!r}, the last question is {last!r}"
    for data in (button.data for shown in person.shown for button in shown.buttons):
        assert len(data.encode()) <= LONGEST_DATA, data
        for id_ in (*ids, person.phone):
            # A phone number also without what stands before it here or abroad.
            assert id_[-10:] not in data, f"{id_!r} in {data!r}"


def check_picture(content: bytes) -> None:
    """A picture is a PNG that can be read on a phone."""
    with PIL.Image.open(io.BytesIO(content)) as image:
        assert image.format == "PNG"
        assert 400 <= image.width <= 3000, image.size
        assert 300 <= image.height <= 6000, image.size


def photo(number: int) -> bytes:
    """A small JPEG, another one for each number."""
    content = io.BytesIO()
    PIL.Image.new("RGB", (64, 48), (40 * number % 256, 90, 60)).save(content, "JPEG")
    return content.getvalue()


def _open_buttons(person: Person) -> list[Button]:
    """Those of the last message that has some."""
    [message] = [m for m in person.answers if m.keyboard][-1:] or [None]
    return [button for row in message.keyboard for button in row] if message else []
