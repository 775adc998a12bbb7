"""A utility's backend as small as it can be, over real HTTP: it does the work once per key.

It takes no request whose attachments it doesn't have.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable

from aiohttp import web

from tests.database.samples import progress

Behaviour = Callable[[str], Awaitable[int]]
"""Gets the idempotency key or the attachment's id and returns the HTTP status to answer; 0 hangs
after the work is done."""


async def well(key: str) -> int:
    return 201


class Utility:
    """``effects`` are the keys and attachments in the order their work was done, ``calls`` counts
    what came in, ``files`` are the attachments it has and ``named`` those of the requests it took."""

    def __init__(self) -> None:
        self.effects: list[str] = []
        self.calls: Counter[str] = Counter()
        self.files: dict[str, bytes] = {}
        self.named: dict[str, list[dict[str, object]]] = {}
        self.behave: Behaviour = well
        self.now = 0
        self.most_at_once = 0
        self.url = ""
        self._hanging = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application(client_max_size=10 * 1024 * 1024)
        app.router.add_put("/v1/attachments/{id}", self._put)
        app.router.add_post("/v1/requests", self._submit)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"

    async def close(self) -> None:
        self._hanging.set()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _put(self, request: web.Request) -> web.Response:
        id_, content = request.match_info["id"], await request.read()
        self.calls[id_] += 1
        status = await self.behave(id_)
        if status in (0, 201):
            self.files[id_] = content
            if id_ not in self.effects:
                self.effects.append(id_)
        if status == 0:
            await self._hanging.wait()
        return web.Response(status=status or 503)

    async def _submit(self, request: web.Request) -> web.Response:
        key = request.headers["Idempotency-Key"]
        body = await request.json()
        code = body["tracking_code"]
        self.calls[key] += 1
        self.now += 1
        self.most_at_once = max(self.most_at_once, self.now)
        try:
            status = await self.behave(key)
        finally:
            self.now -= 1
        attachments = body.get("attachments", [])
        if status in (0, 201) and any(a["id"] not in self.files for a in attachments):
            status = 424
        if status in (0, 201) and key not in self.effects:
            self.effects.append(key)
            self.named[key] = attachments
        if status == 0:
            await self._hanging.wait()
        if status != 201:
            return web.Response(status=status or 503)
        told = progress(code)
        return web.json_response(
            {
                "tracking_code": told.tracking_code,
                "sequence": told.sequence,
                "status": told.status,
                "stage": told.stage,
                "stages": told.stages,
                "at": told.at.isoformat(),
            },
            status=201,
        )
