"""Files go to the backend before the request that names them, whole and as often as needed."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import random
from collections.abc import AsyncIterator

import msgspec
import pytest

from backend_adapter.port import AttachmentMissing, ContractViolation, Unavailable
from backend_adapter.rest import RestBackend, Timeouts
from backend_adapter.sandbox.contract import MAX_FILE_BYTES
from dialogs.values import Attachment, ContentType, ServiceRequest
from tests.backend.conftest import API_KEY, Playground, Start

PHOTO = random.Random(4).randbytes(3_000_000)  # more than one write, and more than a JSON body


def described(
    content: bytes, id_: str = "5" * 32, content_type: ContentType = "image/jpeg"
) -> Attachment:
    return Attachment(
        id=id_,
        kind="meter_photo",
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def with_files(request: ServiceRequest, *attachments: Attachment) -> ServiceRequest:
    return msgspec.structs.replace(request, attachments=attachments)


async def put(
    ground: Playground, content: bytes, content_type: str, id_: str = "5" * 32
) -> tuple[int, object]:
    return await ground.call(
        "PUT",
        f"/v1/attachments/{id_}",
        data=_stream(content),
        headers={"Authorization": f"Bearer {API_KEY}", "Content-Type": content_type},
    )


async def _stream(content: bytes) -> AsyncIterator[bytes]:
    yield content


@pytest.mark.parametrize(
    "content_type", ["image/jpeg", "image/png", "application/pdf", "audio/wav"]
)
async def test_a_request_comes_with_the_files_that_were_put_before(
    ground: Playground, content_type: ContentType
) -> None:
    photo = described(PHOTO, content_type=content_type)
    await ground.backend.attach(photo, PHOTO)
    request = with_files(ground.request(None), photo)
    progress = await ground.backend.submit(request, idempotency_key="k")
    assert progress.status == "accepted"
    _, held = await ground.call("GET", "/sandbox/requests")
    assert held[0]["request"]["attachments"] == [msgspec.to_builtins(photo)]


async def test_a_file_put_twice_is_one_file(ground: Playground) -> None:
    assert await put(ground, b"photo", "image/jpeg") == (201, None)
    assert await put(ground, b"photo", "image/jpeg") == (200, None)


async def test_the_largest_file_is_taken_and_a_larger_one_refused(ground: Playground) -> None:
    largest = bytes(MAX_FILE_BYTES)
    await ground.backend.attach(described(largest), largest)
    with pytest.raises((ContractViolation, Unavailable)):
        await ground.backend.attach(described(largest), largest + b"0")
    status, problem = await put(ground, largest + b"0", "image/jpeg")
    assert (status, problem["status"]) == (413, 413)  # type: ignore[index]


@pytest.mark.parametrize("content_type", ["text/html", "image/svg+xml", "application/json"])
async def test_a_file_of_another_type_is_refused(ground: Playground, content_type: str) -> None:
    status, problem = await put(ground, b"<svg/>", content_type)
    assert (status, problem["status"]) == (415, 415)  # type: ignore[index]


async def test_a_file_needs_an_id_and_the_key(ground: Playground) -> None:
    assert (await put(ground, b"photo", "image/jpeg", "7"))[0] == 400
    path = f"/v1/attachments/{'5' * 32}"
    headers = {"Content-Type": "image/jpeg"}
    assert (await ground.call("PUT", path, data=b"photo", headers=headers))[0] == 401


@pytest.mark.parametrize(
    "named",
    [
        pytest.param(described(PHOTO, "6" * 32), id="never put"),
        pytest.param(described(PHOTO[:-1]), id="other bytes"),
        pytest.param(described(PHOTO, content_type="image/png"), id="other type"),
    ],
)
async def test_a_request_with_a_file_that_is_not_here_waits_until_it_is_put(
    ground: Playground, named: Attachment
) -> None:
    await ground.backend.attach(described(PHOTO), PHOTO)
    request = with_files(ground.request(None), described(PHOTO), named)
    with pytest.raises(AttachmentMissing):
        await ground.backend.submit(request, idempotency_key="k")
    assert (await ground.call("GET", "/sandbox/requests"))[1] == []
    await ground.backend.attach(named, PHOTO[: named.size])
    request = with_files(request, named)
    assert (await ground.backend.submit(request, idempotency_key="k")).status == "accepted"


async def test_a_submission_repeated_without_an_erased_file_gets_the_first_answer(
    ground: Playground,
) -> None:
    photo = described(PHOTO)
    await ground.backend.attach(photo, PHOTO)
    request = ground.request(None)
    first = await ground.backend.submit(with_files(request, photo), idempotency_key="k")
    assert await ground.backend.submit(request, idempotency_key="k") == first


async def test_files_outlive_a_restart_of_the_sandbox(start: Start) -> None:
    photo = described(PHOTO)
    first = await start()
    await first.backend.attach(photo, PHOTO)
    await first.sandbox.close()
    second = await start()
    request = with_files(second.request(None), photo)
    assert (await second.backend.submit(request, idempotency_key="k")).status == "accepted"


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_backend_that_can_take_no_file_now_is_unavailable(
    ground: Playground, status: int
) -> None:
    await ground.fault("error", status=status, match="putAttachment")
    with pytest.raises(Unavailable):
        await ground.backend.attach(described(PHOTO), PHOTO)
    await ground.backend.attach(described(PHOTO), PHOTO)


@pytest.mark.parametrize("status", [400, 403, 404, 413, 415])
async def test_a_file_that_is_refused_needs_an_operator(ground: Playground, status: int) -> None:
    await ground.fault("error", status=status, match="putAttachment")
    with pytest.raises(ContractViolation) as caught:
        await ground.backend.attach(described(PHOTO), PHOTO)
    assert caught.value.http_status == status


async def test_files_have_a_time_limit_of_their_own(start: Start) -> None:
    ground = await start(timeouts=Timeouts(attach=0.3, submit=20))
    await ground.fault("latency", seconds=20, match="putAttachment")
    with pytest.raises(Unavailable, match="in time"):
        await ground.backend.attach(described(PHOTO), PHOTO)


async def test_a_file_cut_off_by_a_stale_connection_is_sent_again_from_its_beginning() -> None:
    """The second connection gets the whole file although the first one took a part of it."""
    bodies: list[bytes] = []
    connections: list[asyncio.Task[None] | None] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(asyncio.current_task())
        with contextlib.suppress(asyncio.IncompleteReadError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                if len(connections) == 1 and bodies:
                    await reader.readexactly(100_000)
                    break
                length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
                bodies.append(await reader.readexactly(length))
                writer.write(b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")
        writer.transport.abort()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    backend = RestBackend(f"http://127.0.0.1:{port}", "k")
    try:
        await backend.attach(described(b"first"), b"first")
        await backend.attach(described(PHOTO), PHOTO)
    finally:
        await backend.close()
        server.close()
        await asyncio.wait([task for task in connections if task is not None])
    assert len(connections) == 2
    assert bodies == [b"first", PHOTO]
