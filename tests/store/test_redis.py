"""What only the Redis engine promises: round trips, outages, lost answers, lifetimes."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
import redis

from dialogs.store import Committed, Snapshot, Store, StoreUnavailable, Verdict
from dialogs.store.contract import MARK_DAYS, STATE_DAYS
from dialogs.store.redis import RedisStore
from tests.servers.ports import reserved_port
from tests.servers.redis import RedisServer
from tests.store.proxy import Proxy
from tests.store.turns import ANNA, BABAK, NOW, message, take_turn, timer, turn

DAY = 86_400
T = TypeVar("T")


@pytest.fixture
async def proxy(redis_server: RedisServer, redis_url: str) -> AsyncIterator[Proxy]:
    async with Proxy(redis_server.port) as proxy:
        yield proxy


@pytest.fixture
async def store(proxy: Proxy) -> AsyncIterator[Store]:
    store = RedisStore(f"redis://127.0.0.1:{proxy.port}/0")
    yield store
    await store.close()


@pytest.fixture
def own_server() -> Iterator[RedisServer]:
    with RedisServer(persistent=True) as server:
        yield server


async def full_turn(store: Store, conversation: str) -> None:
    await take_turn(
        store,
        conversation,
        outbound=(message("a", conversation), message("b", conversation)),
        timers=(timer("expiry", NOW + 60, conversation),),
        cancel=("older",),
        lease=30.0,
    )


async def test_a_turn_is_two_round_trips(store: Store, proxy: Proxy) -> None:
    await full_turn(store, ANNA)
    proxy.round_trips = 0
    await full_turn(store, BABAK)
    assert proxy.round_trips == 2
    assert proxy.connections == 1


async def test_turns_of_the_same_moment_share_round_trips(store: Store, proxy: Proxy) -> None:
    await full_turn(store, ANNA)
    proxy.round_trips = 0
    await asyncio.gather(*(full_turn(store, f"c{n}") for n in range(100)))
    assert proxy.round_trips <= 10  # 2 when nothing interferes; 200 without sharing
    assert await store.outbound_depth("sms") == 101


async def test_what_comes_in_one_moment_shares_a_round_trip(store: Store, proxy: Proxy) -> None:
    await store.enqueue(message("first"), now=NOW)
    proxy.round_trips = 0
    await asyncio.gather(*(store.enqueue(message("u", f"c{n}"), now=NOW) for n in range(100)))
    assert proxy.round_trips <= 5  # 1 when nothing interferes
    assert await store.outbound_depth("sms") == 101


async def test_a_receipt_costs_no_round_trip_of_its_own(store: Store, proxy: Proxy) -> None:
    await store.enqueue(message("a", ANNA), now=NOW)
    proxy.round_trips = 0
    await store.sent("sms", ANNA, ("a",), now=NOW, receipt="71")
    assert proxy.round_trips == 1


async def test_an_enqueue_whose_answer_is_lost_can_be_tried_again(
    store: Store, proxy: Proxy
) -> None:
    await store.enqueue(message("a"), now=NOW)
    proxy.swallow = True
    with pytest.raises(StoreUnavailable):
        await store.enqueue(message("b"), now=NOW)
    await store.enqueue(message("b"), now=NOW)
    (batch,) = await store.claim_outbound("sms", now=NOW, lease=30)
    assert [m.id for m in batch.messages] == ["a", "b"]


async def test_a_commit_whose_answer_is_lost_shows_as_duplicate_when_tried_again(
    store: Store, proxy: Proxy
) -> None:
    await take_turn(store)
    commit = turn(ANNA, 1, state=b"taken effect")
    proxy.swallow = True
    with pytest.raises(StoreUnavailable):
        await store.commit(commit)
    assert await store.commit(commit) == Committed(Verdict.DUPLICATE)
    assert await store.load(ANNA, commit.mark) == Snapshot(2, b"taken effect", seen=True)


async def test_scripts_that_the_server_forgot_are_sent_again(store: Store, redis_url: str) -> None:
    await take_turn(store)
    with redis.Redis.from_url(redis_url) as client:
        client.script_flush()
    await take_turn(store, state=b"after")
    assert (await store.load(ANNA, "")).state == b"after"


async def sooner_or_later(call: Callable[[], Awaitable[T]]) -> T:
    """What the store answers once it does."""
    async with asyncio.timeout(20):
        while True:
            try:
                return await call()
            except StoreUnavailable:
                await asyncio.sleep(0.01)


async def test_a_redis_that_crashes_is_unavailable_and_serves_again_after_its_restart(
    own_server: RedisServer,
) -> None:
    store = RedisStore(own_server.url, timeout=5.0)
    try:
        await take_turn(store, state=b"before")
        own_server.stop()
        for _ in range(3):
            with pytest.raises(StoreUnavailable):
                await store.load(ANNA, "")
        own_server.start()
        snapshot = await sooner_or_later(lambda: store.load(ANNA, ""))
        assert snapshot == Snapshot(1, b"before", seen=False)
        await take_turn(store, state=b"after")
    finally:
        await store.close()


async def test_a_redis_that_falls_silent_costs_its_callers_no_more_than_the_time_limit(
    own_server: RedisServer,
) -> None:
    store = RedisStore(own_server.url, timeout=0.3, batches=1)
    try:
        await sooner_or_later(lambda: store.commit(turn(ANNA, mark="first")))
        own_server.signal(signal.SIGSTOP)
        async with asyncio.timeout(5):
            under_way = asyncio.create_task(store.commit(turn(ANNA, 1, mark="silent")))
            await asyncio.sleep(0)
            gathering = asyncio.create_task(store.load(ANNA, ""))
            outcomes = await asyncio.gather(under_way, gathering, return_exceptions=True)
        assert all(isinstance(outcome, StoreUnavailable) for outcome in outcomes)
        own_server.signal(signal.SIGCONT)
        again = await sooner_or_later(lambda: store.commit(turn(ANNA, 1, mark="silent")))
        # Whether Redis had read the first try before it was cut off is not ours to know.
        assert again.verdict in (Verdict.DONE, Verdict.DUPLICATE)
        assert (await sooner_or_later(lambda: store.load(ANNA, "silent"))).seen
    finally:
        own_server.signal(signal.SIGCONT)
        await store.close()


async def test_a_store_without_a_redis_fails_fast_and_names_no_password(
    redis_server: RedisServer,
) -> None:
    async with Proxy(redis_server.port) as proxy:
        port = proxy.port  # nobody listens there once the proxy is closed
    store = RedisStore(f"redis://:very-secret@127.0.0.1:{port}/0")
    with pytest.raises(StoreUnavailable) as first:
        await store.load(ANNA, "")
    with pytest.raises(StoreUnavailable):
        await store.load(ANNA, "")
    await store.close()
    assert "very-secret" not in str(first.value)


async def test_a_wrong_password_is_an_unavailable_store(redis_server: RedisServer) -> None:
    store = RedisStore(f"redis://gooya:very-secret@127.0.0.1:{redis_server.port}/0")
    with pytest.raises(StoreUnavailable, match="WRONGPASS"):
        await store.load(ANNA, "")
    await store.close()
    assert not [task for task in asyncio.all_tasks() if task.get_name() == "redis-connect"]


async def test_the_right_name_and_password_let_in(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        client.execute_command("ACL", "SETUSER", "gooya", "on", ">p@ss/word", "~*", "+@all")
        store = RedisStore(redis_url.replace("//", "//gooya:p%40ss%2Fword@"))
        try:
            await take_turn(store)
        finally:
            await store.close()
            client.acl_deluser("gooya")


async def test_a_unix_socket_is_another_way_to_the_same_server(
    redis_server: RedisServer, redis_url: str
) -> None:
    stores = [RedisStore(redis_url), RedisStore(redis_server.socket_url)]
    await take_turn(stores[0])
    assert (await stores[1].load(ANNA, "")).version == 1
    for store in stores:
        await store.close()


async def test_rediss_is_encrypted_and_the_server_must_prove_itself(tmp_path: Path) -> None:
    certificate, key = str(tmp_path / "cert.pem"), str(tmp_path / "key.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-keyout", key, "-out", certificate, "-days", "2",
         "-subj", "/CN=gooya", "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True,
        capture_output=True,
    )  # fmt: skip
    with reserved_port() as port:
        options = ["--tls-port", str(port), "--tls-cert-file", certificate, "--tls-key-file", key,
                   "--tls-auth-clients", "no"]  # fmt: skip
        with RedisServer(options=options):
            url = f"rediss://127.0.0.1:{port}/0"
            for trusting, expected in ((url, False), (f"{url}?ssl_ca_certs={certificate}", True)):
                store = RedisStore(trusting)
                if expected:
                    await take_turn(store)
                else:
                    with pytest.raises(StoreUnavailable, match="CERTIFICATE_VERIFY_FAILED"):
                        await take_turn(store)
                await store.close()


@pytest.mark.parametrize(
    ("begin", "end", "word"),
    [
        ("REPLICAOF 127.0.0.1 1", "REPLICAOF NO ONE", "READONLY"),
        ("CONFIG SET maxmemory 1", "CONFIG SET maxmemory 0", "OOM"),
        ("ACL SETUSER default -evalsha", "ACL SETUSER default +evalsha", "NOPERM"),
    ],
)
async def test_a_redis_that_refuses_to_write_is_unavailable_until_it_does_again(
    redis_server: RedisServer, redis_url: str, begin: str, end: str, word: str
) -> None:
    store = RedisStore(redis_url)
    commit = turn(ANNA, outbound=(message("a"),))
    with redis.Redis.from_url(redis_url) as client:
        client.execute_command(*begin.split())
        try:
            with pytest.raises(StoreUnavailable, match=word):
                await store.commit(commit)
        finally:
            client.execute_command(*end.split())
    assert await store.load(ANNA, commit.mark) == Snapshot(0, None, seen=False)
    assert await store.commit(commit) == Committed(Verdict.DONE)
    assert await store.outbound_depth("sms") == 1
    await store.close()


async def test_databases_of_one_server_are_apart(redis_server: RedisServer, redis_url: str) -> None:
    stores = [RedisStore(f"redis://127.0.0.1:{redis_server.port}/{n}") for n in (0, 3)]
    await take_turn(stores[0])
    assert (await stores[1].load(ANNA, "")).version == 0
    for store in stores:
        await store.close()


async def test_a_server_that_is_no_redis_is_an_unavailable_store() -> None:
    ended = asyncio.Event()

    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            await reader.read()
        writer.close()
        await asyncio.gather(writer.wait_closed(), return_exceptions=True)
        ended.set()

    server = await asyncio.start_server(babble, "127.0.0.1", 0)
    store = RedisStore(f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}/0")
    with pytest.raises(StoreUnavailable):
        await store.load(ANNA, "")
    await store.close()
    await ended.wait()
    server.close()
    await server.wait_closed()


@pytest.mark.parametrize("url", ["redis://h/0?no_such_option=1", "http://h/"])
async def test_a_url_that_is_not_understood_is_refused(url: str) -> None:
    with pytest.raises(ValueError):
        RedisStore(url)


async def test_everything_lies_under_one_prefix_and_what_names_a_person_expires(
    store: Store, redis_url: str
) -> None:
    await full_turn(store, ANNA)
    await store.put_off("sms", ANNA, until=NOW)
    await store.enqueue(message("c", ANNA), now=NOW)
    await store.hit("k", limit=1, window=90, now=NOW)
    with redis.Redis.from_url(redis_url, decode_responses=True) as client:
        keys = set(client.keys())
        assert all(key.startswith("gooya:") for key in keys)
        assert 0 <= STATE_DAYS * DAY - client.ttl(f"gooya:state:{ANNA}") < 60
        assert 0 <= MARK_DAYS * DAY - client.ttl(f"gooya:marks:{ANNA}") < 60
        assert 30 < client.ttl("gooya:hits:k") <= 90
        await store.sent("sms", ANNA, ("a", "b", "c"), now=NOW, receipt="71")
        assert 0 <= STATE_DAYS * DAY - client.ttl(f"gooya:receipt:sms:{ANNA}") < 60
        await store.erase(ANNA)
        assert set(client.keys()) == {"gooya:hits:k", f"gooya:receipt:sms:{ANNA}"}


async def test_a_cancelled_timer_leaves_no_key_behind(store: Store, redis_url: str) -> None:
    await take_turn(store, timers=(timer("a", NOW), timer("b", NOW)))
    await take_turn(store, cancel=("a", "b"))
    with redis.Redis.from_url(redis_url, decode_responses=True) as client:
        assert client.keys("gooya:timer*") == []


async def test_marks_of_a_conversation_that_goes_on_are_forgotten_one_by_one(store: Store) -> None:
    await take_turn(store, mark="old", now=NOW)
    await take_turn(store, mark="newer", now=NOW + DAY)
    await take_turn(store, mark="newest", now=NOW + MARK_DAYS * DAY)
    seen = [(await store.load(ANNA, mark)).seen for mark in ("old", "newer", "newest")]
    assert seen == [False, True, True]
