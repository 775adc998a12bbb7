"""Between bearerbox's fields and our values: texts, senders, parts, references of delivery reports."""

from __future__ import annotations

import time
import uuid
import zlib
from typing import Final

from bots.sms import boxc
from bots.sms.addresses import normalise_mobile
from bots.sms.gateway import DeliveryStatus, SmsOut

DLR_STATUS: Final[dict[int, DeliveryStatus]] = {
    1: "delivered",
    2: "failed",
    4: "buffered",
    8: "accepted",
    16: "rejected",
}
"""Kannel's report types; their sum is the mask that asks for all of them."""
DLR_ALL: Final = sum(DLR_STATUS)


def outbound_part(
    sms: SmsOut,
    part: str,
    number: int,
    count: int,
    *,
    coding: boxc.Coding,
    line: bytes,
    box_id: bytes,
    smsc_id: bytes | None,
) -> boxc.Sms:
    """Part ``number`` of ``count`` of ``sms`` as bearerbox takes it, under an id of its own.

    bearerbox holds 7-bit text as UTF-8 and 16-bit text as it goes over the air.
    """
    ucs2 = coding is boxc.Coding.UCS2
    return boxc.Sms(
        id=uuid.uuid4(),
        sender=line,
        receiver=sms.to.encode(),
        udhdata=concatenation_header(sms.id, number, count) if count > 1 else None,
        msgdata=part.encode("utf-16-be" if ucs2 else "utf-8", "replace"),
        charset=b"UTF-16BE" if ucs2 else b"UTF-8",
        coding=coding,
        time=int(time.time()),
        sms_type=boxc.SmsType.MT_PUSH,
        smsc_id=smsc_id,
        boxc_id=box_id,
        dlr_mask=DLR_ALL,
        dlr_url=f"{number}/{count}/{sms.id}".encode(),
    )


def concatenation_header(id_: str, number: int, count: int) -> bytes:
    """User data header (3GPP TS 23.040 9.2.3.24.1) of part ``number`` of ``count``.

    The 8-bit reference comes from our id: a part sent again after a crash replaces itself in the
    phone instead of becoming half of another message.
    """
    return bytes((5, 0, 3, zlib.crc32(id_.encode()) & 0xFF, count, number))


def parse_reference(reference: bytes) -> tuple[int, int, str] | None:
    """``b"2/3/<our id>"`` as (2, 3, id); ``None`` when it is none of ours."""
    number, _, rest = reference.decode("utf-8", "replace").partition("/")
    count, _, id_ = rest.partition("/")
    if not (number.isdecimal() and count.isdecimal() and id_):
        return None
    return int(number), int(count), id_


def sender_of(sms: boxc.Sms) -> str:
    return normalise_mobile((sms.sender or b"").decode("utf-8", "replace"))


def text_of(sms: boxc.Sms) -> str | None:
    """The text of an inbound message; ``None`` for binary data that is not UTF-8.

    Undecodable places become U+FFFD: the customer gets "not understood", not silence. NUL can't be
    stored by PostgreSQL and says nothing.
    """
    data = sms.msgdata or b""
    if sms.coding == boxc.Coding.UCS2:
        text = data.decode("utf-16-be", "replace")
    elif sms.coding == boxc.Coding.BINARY:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            return None
    else:
        text = data.decode("utf-8", "replace")
    return text.replace("\0", "")
