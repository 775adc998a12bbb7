"""Everything a process is made of, built from the settings in one place."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from backend_adapter.forwarder import Forwarder
from backend_adapter.port import Backend
from backend_adapter.rest import RestBackend
from bots.sms.optout import opt
from dialogs.events import Event
from dialogs.ids import draw_tracking_code
from dialogs.messages import MESSAGES
from dialogs.store import Outbound, Store
from dialogs.store.open import open_store
from gooya.clock import Clock, instant
from gooya.continuing import Continuing
from gooya.database.attachments import Attachments
from gooya.database.customers import Customers
from gooya.database.engine import Database, open_database
from gooya.database.events import Events, Notification
from gooya.database.handoffs import Handoffs
from gooya.database.outbox import SqlOutbox
from gooya.database.requests import RequestReader
from gooya.database.submissions import RequestWriter
from gooya.database.transcript import TranscriptWriter
from gooya.database.unclear import UnclearTexts
from gooya.effects import Effects
from gooya.news import Newsboy
from gooya.nlu import understanding
from gooya.operators import Operators
from gooya.proving import Proving
from gooya.quiet import QuietHours
from gooya.settings import Settings
from gooya.turns import Door

Dispatch = Callable[[list[Outbound]], None]


@dataclass(frozen=True)
class Parts:
    settings: Settings
    clock: Clock
    database: Database
    store: Store
    backend: Backend
    transcript: TranscriptWriter
    events: Events
    outbox: SqlOutbox
    forwarder: Forwarder
    reader: RequestReader
    customers: Customers
    handoffs: Handoffs
    attachments: Attachments
    door: Door
    newsboy: Newsboy
    """Brings what this process records, from when it runs."""


@contextlib.asynccontextmanager
async def assemble(
    settings: Settings,
    *,
    backend_url: str,
    clock: Clock,
    dispatch: Dispatch | None,
    draw_code: Callable[[], int] | None = None,
    mine: Callable[[Notification], bool] = lambda news: True,
    dispatches: Callable[[str], bool] = lambda channel: channel == "sms",
) -> AsyncIterator[Parts]:
    """Open database, store and backend and put the door in front; closes them in reverse.
    ``mine`` says whose news this process brings, ``dispatches`` the messages of which channels it may
    send at once.

    Migrates an embedded database by itself; a PostgreSQL one is migrated by ``gooya db upgrade``.
    Raises ``ValueError``, ``DatabaseError`` and ``StoreUnavailable``.
    """
    async with contextlib.AsyncExitStack() as stack:
        database = open_database(settings.database_url)
        stack.push_async_callback(database.close)
        if database.engine.dialect.name == "sqlite":
            await database.upgrade()
        if not settings.state:
            settings.folder.mkdir(parents=True, exist_ok=True)
        store = await open_store(settings.state_url)
        stack.push_async_callback(store.close)
        backend = RestBackend(backend_url, settings.backend_key)
        stack.push_async_callback(backend.close)
        transcript = TranscriptWriter(database)
        stack.push_async_callback(transcript.close)
        events = Events(database, tell=lambda recorded: newsboy.tell(recorded))
        stack.push_async_callback(events.close)
        outbox = SqlOutbox(database, tell=lambda recorded: newsboy.tell(recorded))
        forwarder = Forwarder(outbox, backend, clock=lambda: instant(clock()))
        requests = RequestWriter(
            database,
            lambda: draw_tracking_code(secrets.randbelow),
            on_created=forwarder.wake,
        )
        stack.push_async_callback(requests.close)
        reader, customers = RequestReader(database), Customers(database)
        handoffs, attachments = Handoffs(database), Attachments(database)
        proving = Proving(
            backend=backend,
            store=store,
            reader=reader,
            messages=MESSAGES,
            key=settings.key(),
            clock=clock,
            speaks_codes=bool(settings.spoken_codes),
            draw_code=draw_code,
        )
        effects = Effects(
            backend=backend,
            store=store,
            requests=requests,
            reader=reader,
            customers=customers,
            handoffs=handoffs,
            operators=Operators(settings.operator_hours),
            nlu=await stack.enter_async_context(understanding(settings.nlu, settings.nlu_token)),
            continuing=Continuing(store, attachments, settings.key()),
            messages=MESSAGES,
            proving=proving,
            clock=clock,
        )
        door = Door(
            store=store,
            effects=effects,
            customers=customers,
            messages=MESSAGES,
            transcript=transcript,
            inbox=UnclearTexts(database) if settings.nlu_inbox else None,
            language=settings.language,
            dispatch=dispatch,
            dispatches=dispatches,
        )
        newsboy = Newsboy(events, door, clock, mine, QuietHours(settings.quiet_hours))
        yield Parts(
            settings=settings,
            clock=clock,
            database=database,
            store=store,
            backend=backend,
            transcript=transcript,
            events=events,
            outbox=outbox,
            forwarder=forwarder,
            reader=reader,
            customers=customers,
            handoffs=handoffs,
            attachments=attachments,
            door=door,
            newsboy=newsboy,
        )


def sms_event(id_: str, sender: str, text: str, at: float) -> Event:
    """An inbound SMS as an event of its sender's conversation.

    Lone surrogates (a broken JSON escape) become question marks: no store takes them.
    """
    text = text.encode("utf-8", "replace").decode()
    return Event(kind=opt(text) or "text", id=id_, channel="sms", address=sender, at=at, text=text)
