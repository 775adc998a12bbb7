"""Kannel spoken to as a box: bearerbox keeps a message until our turn is committed.

The stock smsbox acknowledges when it *starts* its HTTP request and loses what it holds when it ends;
a box of our own acknowledges after :data:`~bots.sms.gateway.Receive` returned (shared lab notes on
Kannel, "the point that decides the design"). What bearerbox must be configured with: a
``smsbox-route`` group for ``box_id``, ``store-type = spool``, ``dlr-storage = spool``,
``sms-combine-concatenated-mo-timeout = 120`` and ``smsbox-max-pending = 1000`` (see
:class:`KannelBox` on order).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import socket
from collections import OrderedDict
from collections.abc import Sequence
from typing import Final

import msgspec
from aiohttp import web

from bots.sms import boxc
from bots.sms.addresses import mask, replyable
from bots.sms.box_link import Link
from bots.sms.box_messages import DLR_STATUS, outbound_part, parse_reference, sender_of, text_of
from bots.sms.gateway import DeliveryReport, InboundSms, Receive, Report, SendError, SmsOut
from bots.sms.lanes import Lanes
from bots.sms.segments import encoding_of, split

log = logging.getLogger(__name__)

_REMEMBERED_PARTIAL_SENDS: Final = 10_000


class Job(msgspec.Struct, frozen=True, eq=False):
    """A message or report in work and the connection it must be acknowledged on."""

    link: Link
    sms: boxc.Sms


class KannelBox:
    """The gateway ``kannel``: one connection to one bearerbox, reconnecting by itself.

    **Order.** Messages of one sender are handled one after the other, others beside them. After a
    connection bearerbox repeats what was not acknowledged in no order at all, so what arrives within
    ``settle`` seconds of quiet is first sorted by its time (whole seconds, as the network gives it).
    bearerbox sends at most ``smsbox-max-pending`` messages ahead: what exceeds it is not sorted.

    **Failure.** A ``receive`` that raises is called again every ``retry_delay`` seconds, up to
    ``hold_attempts`` times, with the sender's later messages waiting behind it; then all of them go
    back to bearerbox ("failed for now"), which keeps them and sends them again.

    **Delivery reports.** Each part of a long message is reported by itself: a failure of any part
    is reported at once, success by the last part alone. "Failed" is therefore final.

    ``line`` is the number that messages are sent from, ``smsc_id`` binds them to one carrier.
    Times are in seconds.
    """

    def __init__(
        self,
        *,
        host: str,
        port: int,
        box_id: str,
        line: str,
        receive: Receive,
        report: Report,
        name: str = "kannel",
        smsc_id: str | None = None,
        heartbeat: float = 30.0,
        ack_timeout: float = 10.0,
        retry_delay: float = 1.0,
        hold_attempts: int = 5,
        settle: float = 0.5,
        drain: float = 10.0,
        concurrency: int = 100,
        reconnect: tuple[float, float] = (0.5, 30.0),
    ) -> None:
        self.name = name
        self._address = (host, port)
        self._box_id = box_id.encode()
        self._line = line.encode()
        self._smsc_id = smsc_id.encode() if smsc_id else None
        self._receive = receive
        self._report = report
        self._heartbeat = heartbeat
        self._ack_timeout = ack_timeout
        self._retry_delay = retry_delay
        self._hold_attempts = hold_attempts
        self._settle = settle
        self._drain = drain
        self._reconnect = reconnect
        self._closing = asyncio.Event()
        self._link: Link | None = None
        self._runner: asyncio.Task[None] | None = None
        self._lanes: Lanes[Job] = Lanes(self._work, self._refuse, width=concurrency)
        # Parts of a long message that bearerbox has taken, so that a retry doesn't send them again.
        self._taken: OrderedDict[str, int] = OrderedDict()

    @property
    def connected(self) -> bool:
        """Whether a message could be sent now."""
        return self._link is not None and self._link.open

    def routes(self) -> Sequence[web.RouteDef]:
        """None: bearerbox speaks to us over our own connection."""
        return ()

    async def start(self) -> None:
        """Connect in the background and stay connected."""
        self._runner = asyncio.create_task(self._run(), name=f"{self.name}-box")

    async def close(self) -> None:
        """Take nothing more, finish and acknowledge what is in hand (at most ``drain`` s), leave."""
        self._closing.set()
        if self._link is not None:
            await self._leave(self._link)
            if self._runner is not None:
                # It ends by itself, with the connection closed; cancelled it might leave it open.
                await asyncio.wait([self._runner], timeout=1)
        if self._runner is not None:
            self._runner.cancel()
            await asyncio.gather(self._runner, return_exceptions=True)
        await self._lanes.cancel()

    # --- sending ---------------------------------------------------------------------------

    async def send(self, sms: SmsOut) -> None:
        """Hand all parts of ``sms`` to bearerbox, in order; returns when it has stored the last one.

        Raises :class:`SendError`: retryable when there is no connection, no answer or a full queue;
        final (with alarm) when bearerbox has no carrier for it or refuses it.
        """
        parts = split(sms.text)
        coding = boxc.Coding.GSM7 if encoding_of(sms.text) == "gsm7" else boxc.Coding.UCS2
        for number, part in enumerate(parts, 1):
            if number <= self._taken.get(sms.id, 0):
                continue
            await self._send_part(sms, part, coding, number, len(parts))
            if len(parts) > 1:
                self._remember_part(sms.id, number)
        self._taken.pop(sms.id, None)

    def _remember_part(self, id_: str, number: int) -> None:
        self._taken[id_] = number
        if len(self._taken) > _REMEMBERED_PARTIAL_SENDS:
            self._taken.popitem(last=False)

    async def _send_part(
        self, sms: SmsOut, part: str, coding: boxc.Coding, number: int, count: int
    ) -> None:
        link = self._link
        if link is None or not link.open:
            raise SendError("no connection to Kannel", retryable=True)
        message = outbound_part(
            sms,
            part,
            number,
            count,
            coding=coding,
            line=self._line,
            box_id=self._box_id,
            smsc_id=self._smsc_id,
        )
        nack = await link.ask(message, self._ack_timeout)
        if nack == boxc.Nack.FAILED_FOR_NOW:
            raise SendError("Kannel's queue is full", retryable=True)
        if nack not in (boxc.Nack.SUCCESS, boxc.Nack.BUFFERED):
            raise SendError("Kannel has no route for it or refuses it", retryable=False, alarm=True)

    # --- connection ------------------------------------------------------------------------

    async def _run(self) -> None:
        shortest, longest = self._reconnect
        delay = shortest
        while not self._closing.is_set():
            try:
                async with asyncio.timeout(10):
                    reader, writer = await asyncio.open_connection(*self._address)
            except (OSError, TimeoutError) as error:
                log.warning("%s: bearerbox can't be reached: %s", self.name, type(error).__name__)
            else:
                delay = shortest
                await self._session(reader, writer)
            with contextlib.suppress(TimeoutError):
                jittered = delay * secrets.SystemRandom().uniform(0.5, 1.5)
                async with asyncio.timeout(jittered):
                    await self._closing.wait()
            delay = min(delay * 2, longest)

    async def _session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        keep_alive(writer)
        link = self._link = Link(writer, settle=self._settle, deliver=self._put)
        link.write(boxc.Admin(boxc.Command.IDENTIFY, self._box_id))
        log.info("%s: connected to bearerbox", self.name)
        beating = asyncio.create_task(self._beat(link))
        leaving: list[asyncio.Task[None]] = []
        try:
            while True:
                body = await boxc.read_body(reader)
                try:
                    message = boxc.decode(body)
                except boxc.FrameError as error:
                    log.warning("%s: frame skipped: %s", self.name, error)
                    continue
                if isinstance(message, boxc.Ack):
                    link.answered(message)
                elif isinstance(message, boxc.Sms):
                    link.arrived(message)
                elif asks_to_leave(message) and not leaving:
                    leaving.append(asyncio.create_task(self._leave(link)))
        except boxc.FrameError as error:
            log.error("%s: connection given up: %s", self.name, error)
        except (OSError, asyncio.IncompleteReadError):
            level = logging.INFO if link.leaving.is_set() else logging.WARNING
            log.log(level, "%s: connection to bearerbox ended", self.name)
        finally:
            self._link = None
            link.lost()
            # What has not begun is not acknowledged and comes again, in a new order.
            self._lanes.drop_waiting()
            tasks = [beating, *leaving]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await link.close()

    async def _beat(self, link: Link) -> None:
        while True:
            link.write(boxc.Heartbeat(len(self._lanes)))
            await asyncio.sleep(self._heartbeat)

    async def _leave(self, link: Link) -> None:
        link.stop_taking()
        self._lanes.drop_waiting()
        if not await self._lanes.idle(self._drain):
            log.warning("%s: %d senders still in work at the end", self.name, len(self._lanes))
        await link.finish(self._ack_timeout)

    # --- inbound ---------------------------------------------------------------------------

    def _put(self, link: Link, sms: boxc.Sms) -> None:
        if sms.sms_type == boxc.SmsType.REPORT_MO:
            key = f"report {(sms.dlr_url or b'').decode('utf-8', 'replace')}"
        else:
            key = sender_of(sms)
        self._lanes.put(key, Job(link, sms))

    def _refuse(self, job: Job) -> None:
        job.link.ack(job.sms, boxc.Nack.FAILED_FOR_NOW)

    async def _work(self, job: Job) -> bool:
        """Handle one message or report and acknowledge it. ``False``: the lane must not go on."""
        is_report = job.sms.sms_type == boxc.SmsType.REPORT_MO
        for attempt in range(1, self._hold_attempts + 1):
            try:
                nack = await (self._take_report(job.sms) if is_report else self._take(job.sms))
            except Exception as error:
                # The text of a foreign exception may quote the message: only its type is logged.
                log.warning(
                    "%s: %s not handled, attempt %d: %s",
                    self.name,
                    "report" if is_report else "message",
                    attempt,
                    type(error).__name__,
                )
                if await self._pause(job.link):
                    return True
            else:
                job.link.ack(job.sms, nack)
                return True
        job.link.ack(job.sms, boxc.Nack.FAILED_FOR_NOW)
        return False

    async def _pause(self, link: Link) -> bool:
        """Wait before the next attempt; ``True`` when the message will come again by another way.

        That is so when its connection is gone. The wait also stands before "failed for now": bearerbox sends such a message again at once.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._retry_delay):
                await link.leaving.wait()
        return link.leaving.is_set()

    async def _take(self, sms: boxc.Sms) -> boxc.Nack:
        sender = sender_of(sms)
        if not replyable(sender):
            log.info("%s: dropped a message of %s: no phone to answer", self.name, mask(sender))
            return boxc.Nack.SUCCESS
        text = text_of(sms)
        if text is None:
            log.warning("%s: dropped a binary message of %s", self.name, mask(sender))
            return boxc.Nack.FAILED
        receiver = (sms.receiver or b"").decode("utf-8", "replace")
        await self._receive(InboundSms(self.name, str(sms.id), sender, receiver, text))
        return boxc.Nack.SUCCESS

    async def _take_report(self, sms: boxc.Sms) -> boxc.Nack:
        status = DLR_STATUS.get(sms.dlr_mask)
        part = parse_reference(sms.dlr_url or b"")
        if status is None or part is None:
            log.warning("%s: a delivery report that is not ours", self.name)
            return boxc.Nack.SUCCESS
        number, count, id_ = part
        if number == count or status in ("failed", "rejected"):
            await self._report(DeliveryReport(id_, status))
        return boxc.Nack.SUCCESS


def asks_to_leave(message: boxc.Message | None) -> bool:
    """Whether bearerbox is about to end: it waits for its boxes to close their connections."""
    last = (boxc.Command.SHUTDOWN, boxc.Command.RESTART)
    return isinstance(message, boxc.Admin) and message.command in last


def keep_alive(writer: asyncio.StreamWriter) -> None:
    """Notice a bearerbox that vanished without closing (power, cable) within about a minute."""
    sock: socket.socket = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in (("TCP_KEEPIDLE", 30), ("TCP_KEEPINTVL", 10), ("TCP_KEEPCNT", 3)):
        if hasattr(socket, option):
            sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)
