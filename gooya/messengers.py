"""The messengers, wired: chats on the dialog, their files, and what becomes of messages nobody got."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Final

from aiohttp import web

from bots.telegram import webhook
from bots.telegram.account import Account, Draw
from bots.telegram.chat import Act, Picture, Post, Toast, decode, encode, pressed
from bots.telegram.html import plain
from bots.telegram.inbound import File, Inbound
from bots.telegram.inbox import Inbox
from bots.telegram.limiter import Limiter
from bots.telegram.pictures import draw
from bots.telegram.platform import PLATFORMS
from bots.telegram.poller import Poller
from bots.telegram.port import Later, Messenger, MessengerError, TooLarge
from bots.telegram.sender import ChatSender, What
from dialogs import limits
from dialogs.calendar import tehran_today
from dialogs.events import Event, Kind
from dialogs.messages import MESSAGES
from dialogs.services.catalogue import LANGUAGES
from dialogs.store import Outbound
from gooya.clock import instant
from gooya.database.attachments import MAX_BYTES, Attachment, checked
from gooya.metrics import CHAT_ACTS, SET_ASIDE
from gooya.parts import Parts
from gooya.settings import Settings

log = logging.getLogger(__name__)

COMMANDS: Final = ("start", "menu", "back", "cancel", "help", "track")
"""Those shown in the messenger's own menu."""
_KINDS: Final[dict[str, Kind]] = {"other": "unreadable"}
"""What the dialog calls an inbound kind, where it has another name for it."""
_AGAIN: Final = (2.0, 60.0)
"""Seconds between attempts to reach the messenger at the start: the first, and the longest."""
ALBUMS: Final = 4
"""Albums of an account that are fetched at the same time: each may be 50 MB in memory until it is kept."""
GREETINGS: Final = 1
"""How often in an hour a group is told that only private chats are answered."""


class Chats:
    """One messenger account in this process: what comes in, and what goes out.

    ``rates`` are messages a second to one chat and to all.
    """

    def __init__(
        self, parts: Parts, messenger: Messenger, *, rates: tuple[float, float] = (1.0, 30.0)
    ) -> None:
        self.name = messenger.name
        self._parts = parts
        self._messenger = messenger
        self._albums = asyncio.Semaphore(ALBUMS)
        self.sender = ChatSender(
            parts.store,
            messenger,
            limiter=Limiter(per_chat=rates[0], overall=rates[1]),
            clock=parts.clock,
            outcome=self._outcome,
        )
        self.inbox = Inbox(
            parts.store,
            self.name,
            self.handle,
            clock=parts.clock,
            set_aside=SET_ASIDE.labels(self.name).inc,
        )

    async def close(self) -> None:
        """Return when what is in hand has ended."""
        await self.inbox.close()
        await self.sender.close()

    async def handle(self, inbound: Inbound) -> None:
        """Bring what a customer did to its conversation; raises what ``Door.enter`` raises."""
        if inbound.kind == "group":
            await self._decline(inbound)
            return
        conversation, id_ = f"{self.name}:{inbound.chat}", f"{self.name}:{inbound.id}"
        text = inbound.text
        if inbound.files:
            owner = await self._parts.door.whose(conversation)
            if (await self._parts.store.load(owner, id_)).seen:
                return
            # Who waits so long that the inbox's lease ends may be handled twice, and is answered once.
            async with self._albums:
                text = await self._kept(owner, inbound.files)
        kind = _KINDS.get(inbound.kind, inbound.kind)
        if kind == "contact" and text and not PLATFORMS[self.name].contact_proof:
            kind = "text"  # a number that was written: a code by SMS proves it
        event = Event(
            kind=kind,  # type: ignore[arg-type]
            id=id_,
            channel=self.name,
            address=inbound.chat,
            at=self._parts.clock(),
            text=text,
            asked=inbound.asked,
            source=inbound.source,
        )
        await self._parts.door.enter(conversation, event)

    async def _kept(self, conversation: str, files: tuple[File, ...]) -> str:
        """Ids of the attachments that could be kept, then ``!<why>:<count>`` of those that were not."""
        # All at once: one after the other they could outlast the inbox's lease.
        fetched = await asyncio.gather(
            *(self._fetched(conversation, file) for file in files[: limits.FILES]),
            return_exceptions=True,
        )
        usable: list[Attachment] = []
        left_out = Counter[str]()
        for found in fetched:
            if isinstance(found, BaseException):
                raise found
            if isinstance(found, Attachment):
                usable.append(found)
            else:
                left_out[found] += 1
        now = instant(self._parts.clock())
        kept: list[str] = []
        for each in usable:
            if await self._may_keep(conversation, counts=True):
                kept.append(await self._parts.attachments.add(conversation, each, now))
            else:
                left_out["limited"] += 1
        left_out["many"] = max(0, len(files) - limits.FILES)
        return " ".join([*kept, *(f"!{why}:{count}" for why, count in left_out.items() if count)])

    async def _may_keep(self, conversation: str, *, counts: bool = False) -> bool:
        return await self._parts.store.hit(
            f"files:{conversation}",
            limit=limits.FILES_PER_DAY,
            window=limits.DAY,
            now=self._parts.clock(),
            counts=counts,
        )

    async def _fetched(self, conversation: str, file: File) -> Attachment | str:
        """The file, or why it can't be used, one of ``limits.FILE_TROUBLE``. Raises :class:`Later`."""
        if not await self._may_keep(conversation):
            return "limited"
        try:
            if file.size > MAX_BYTES:
                return "large"
            content = await self._messenger.download(file.id, limit=MAX_BYTES)
            return Attachment(content_type=checked(content), content=content)
        except TooLarge:
            return "large"
        except ValueError as error:
            return "large" if str(error) == "too-large" else "type"
        except Later:
            raise
        except MessengerError as error:
            log.warning("a file can't be fetched: %s", error)
            return "failed"

    async def _decline(self, inbound: Inbound) -> None:
        """In a group everybody would read the answer."""
        now, store = self._parts.clock(), self._parts.store
        key = f"group:{self.name}:{inbound.chat}"
        act: Act
        language = self._parts.settings.language
        text = MESSAGES.text("private-only", "telegram", language, {})
        if inbound.source:
            act = Toast(pressed(inbound.source).query, text)
        elif await store.hit(key, limit=GREETINGS, window=limits.HOUR, now=now):
            act = Post(text)
        else:
            return
        message = Outbound(f"group-{inbound.id}", self.name, inbound.chat, encode(act))
        await store.enqueue(message, now=now)

    async def _outcome(self, message: Outbound, what: What) -> None:
        """Raises what ``Door.enter`` raises."""
        if what == "unreachable" and message.conversation:
            await self._write_instead(message)
        CHAT_ACTS.labels(self.name, what).inc()
        if what != "sent":
            self._parts.transcript.delivery(message.id, "failed")

    async def _write_instead(self, message: Outbound) -> None:
        """Tell the conversation that its customer can't be reached here any more, and of news (what
        nobody asked for has no buttons) what they were."""
        act = decode(message.text)
        news = isinstance(act, Post) and not act.keyboard and not act.contact
        event = Event(
            kind="unreachable",
            id=f"unreachable:{message.id}",
            channel=self.name,
            address=message.to,
            at=self._parts.clock(),
            text=plain(act.text) if news and isinstance(act, Post) else "",
        )
        await self._parts.door.enter(message.conversation, event)


class Connection:
    """The way between a Bot API account and its chats: a webhook, or long polling."""

    def __init__(
        self, chats: Chats, account: Account, public_url: str, *, key: bytes, language: str
    ) -> None:
        self._chats = chats
        self._account = account
        self._language = language
        self._public_url = public_url.rstrip("/")
        self._path = _secret(key, f"{chats.name} path")
        self._token = (
            _secret(key, f"{chats.name} token") if PLATFORMS[chats.name].secret_token else ""
        )

    def routes(self) -> list[web.RouteDef]:
        return (
            webhook.routes(self._chats.inbox, self._path, self._token) if self._public_url else []
        )

    async def introduce(self) -> None:
        """Learn the account's own name, by which it is spoken to in groups."""
        await self._until_done(self._learn_name)

    async def run(self) -> None:
        """Tell the messenger where updates go, and fetch them where it can't bring them."""
        await self.introduce()
        await self._until_done(self._announce)
        if not self._public_url:
            await Poller(self._account, self._chats.inbox).run()

    async def _learn_name(self) -> None:
        self._chats.inbox.username = (await self._account.me()).get("username", "")

    async def _announce(self) -> None:
        if self._public_url:
            url = f"{self._public_url}/{self._chats.name}/{self._path}"
            await self._account.set_webhook(url, self._token)
        else:
            await self._account.delete_webhook()
        languages = {language: _commands(language) for language in LANGUAGES}
        await self._account.set_commands({"": languages[self._language], **languages})

    async def _until_done(self, work: Callable[[], Coroutine[None, None, None]]) -> None:
        pause, longest = _AGAIN
        while True:
            try:
                await work()
                return
            except MessengerError as error:
                log.warning("%s: %s", self._chats.name, error)
            await asyncio.sleep(pause)
            pause = min(2 * pause, longest)


def make_accounts(settings: Settings, clock: Callable[[], float]) -> list[tuple[Account, str]]:
    """The bot accounts that the settings name, each with the public URL of its webhook."""

    return [
        (Account(PLATFORMS[name], token, api, draw=drawing(clock)), public_url)
        for name, token, api, public_url in (
            ("telegram", settings.telegram_token, settings.telegram_api, settings.telegram_webhook),
            ("bale", settings.bale_token, settings.bale_api, settings.bale_webhook),
        )
        if token
    ]


def drawing(clock: Callable[[], float]) -> Draw:
    """Pictures as of the day they are sent."""

    async def drawn(picture: Picture) -> bytes:
        return await draw(picture, tehran_today(instant(clock())))

    return drawn


def _commands(language: str) -> list[tuple[str, str]]:
    return [(name, MESSAGES.text(f"command-{name}", "telegram", language, {})) for name in COMMANDS]


def _secret(key: bytes, purpose: str) -> str:
    """The same in every process that has the key."""
    return hmac.new(key, purpose.encode(), hashlib.sha256).hexdigest()[:48]
