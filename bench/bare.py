"""What Gooya is measured against: an aiohttp handler that does one Redis GET and SET by redis-py."""

from __future__ import annotations

import sys

import redis.asyncio as redis
from aiohttp import web


def main(port: int, redis_url: str) -> None:
    client = redis.Redis.from_url(redis_url, max_connections=200)

    async def handle(request: web.Request) -> web.Response:
        body = await request.json()
        state = await client.get(body["from"])
        await client.set(body["from"], (state or b"")[-500:] + body["text"].encode())
        return web.json_response({"id": body["id"]})

    app = web.Application()
    app.router.add_post("/sms/simulator", handle)
    web.run_app(app, host="127.0.0.1", port=port, print=None, access_log=None)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
