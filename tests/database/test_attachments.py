"""What customers send is looked at before it is kept, and found again with its request."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from PIL import Image

from gooya.database.attachments import MAX_BYTES, Attachment, Attachments, Held, checked, named
from gooya.database.engine import Database
from gooya.database.submissions import RequestWriter
from tests.database.samples import NOW, codes, new_request

ONE, TWO = "1" * 32, "2" * 32


def picture(kind: str) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(made, kind)
    return made.getvalue()


JPEG, PNG, PDF = picture("JPEG"), picture("PNG"), b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        pytest.param(JPEG, "image/jpeg", id="JPEG"),
        pytest.param(PNG, "image/png", id="PNG"),
        pytest.param(PDF, "application/pdf", id="PDF"),
        pytest.param(JPEG + b"\0" * (MAX_BYTES - len(JPEG)), "image/jpeg", id="as large as may be"),
    ],
)
def test_a_file_is_what_its_first_bytes_say(content: bytes, content_type: str) -> None:
    assert checked(content) == content_type


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"<!DOCTYPE html><script>alert(1)</script>", id="HTML"),
        pytest.param(b"\n<html>%PDF-1.7", id="HTML with the mark of a PDF in it"),
        pytest.param(JPEG[:3], id="JPEG of three bytes"),
        pytest.param(JPEG[:12], id="JPEG cut in its header"),
        pytest.param(b"\xff\xd8\xff\xe0\0\0" + b"\0" * 40, id="JPEG segment without length"),
        pytest.param(PNG[:8], id="PNG signature alone"),
        pytest.param(PNG[:32], id="PNG cut in its header"),
        pytest.param(b"%PDF-", id="PDF without version"),
        pytest.param(b"GIF89a" + b"\0" * 40, id="GIF"),
        pytest.param(b"RIFF\x24\0\0\0WAVEfmt " + b"\0" * 40, id="sound"),
        pytest.param(b"PK\x03\x04" + b"\0" * 40, id="packed"),
    ],
)
def test_anything_but_a_photo_or_a_pdf_is_refused_by_type(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"^type$"):
        checked(content)


def test_a_file_that_is_too_large_is_refused_as_that() -> None:
    with pytest.raises(ValueError, match=r"^too-large$"):
        checked(JPEG + b"\0" * MAX_BYTES)


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({}, {}),
        ({"documents": [{"kind": "deed", "attachment": ONE}]}, {ONE: "deed"}),
        (
            {
                "address": {"street": f"recording:{TWO}"},
                "names": ["x", f"recording:{ONE}"],
                "documents": [],
            },
            {TWO: "recording", ONE: "recording"},
        ),
        ({"documents": [{"kind": "a", "attachment": ONE}] * 2}, {ONE: "a"}),
        ({"text": ONE, "other": f"my recording:{ONE}"}, {}),
        ({"documents": f"recording:{ONE}"}, {ONE: "recording"}),
        (
            {"documents": [None, 5, {"kind": "Deed!", "attachment": ONE}, {"attachment": ONE}]},
            {},
        ),
        ({"documents": [{"kind": "deed", "attachment": "../requests"}]}, {}),
    ],
)
def test_fields_name_their_documents_and_recordings(
    fields: dict[str, Any], found: dict[str, str]
) -> None:
    assert named(fields) == found


async def test_an_attachment_as_large_as_may_be_is_kept_whole(database: Database) -> None:
    attachments = Attachments(database)
    photo = Attachment(content_type="image/jpeg", content=JPEG.ljust(MAX_BYTES, b"\0"))
    id_ = await attachments.add("c-1", photo, NOW)
    assert await attachments.find(id_, "c-1") == photo


async def test_an_operator_sees_what_came_with_a_request(database: Database) -> None:
    attachments = Attachments(database)
    later = NOW + dt.timedelta(minutes=1)
    deed = await attachments.add(
        "c-1", Attachment(content_type="application/pdf", content=PDF), later
    )
    photo = await attachments.add("c-1", Attachment(content_type="image/png", content=PNG), NOW)
    await attachments.add("c-1", Attachment(content_type="image/png", content=PNG), NOW)
    documents = [{"kind": "deed", "attachment": deed}, {"kind": "card", "attachment": photo}]
    receipt = await RequestWriter(database, codes()).submit(
        new_request(fields={"documents": documents})
    )
    assert await attachments.of(receipt.tracking_code) == [
        Held(photo, "image/png", len(PNG), NOW),
        Held(deed, "application/pdf", len(PDF), later),
    ]
    assert await attachments.of("9999999999") == []
