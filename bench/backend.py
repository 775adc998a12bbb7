"""A utility backend that answers the contract at once, so that it is not what is measured."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, timedelta

import msgspec
from aiohttp import web

from dialogs.values import LastReading, Progress, Register, ServiceRequest


def main(port: int) -> None:
    registers = (Register(id="total", digits=6),)
    read_on = date.today() - timedelta(days=40)

    async def last_reading(request: web.Request) -> web.Response:
        last = LastReading(
            bill_id=request.match_info["bill"],
            read_on=read_on,
            registers=registers,
            values={"total": 45_000},
            daily_use={"total": 8.0},
        )
        return web.Response(body=msgspec.json.encode(last), content_type="application/json")

    async def submit(request: web.Request) -> web.Response:
        sent = msgspec.json.decode(await request.read(), type=ServiceRequest)
        progress = Progress(
            tracking_code=sent.tracking_code,
            sequence=1,
            status="accepted",
            stage=2,
            stages=4,
            at=datetime.now(UTC),
        )
        body = msgspec.json.encode(progress)
        return web.Response(status=201, body=body, content_type="application/json")

    app = web.Application()
    app.router.add_get("/v1/subscriptions/{bill}/last-reading", last_reading)
    app.router.add_post("/v1/requests", submit)
    web.run_app(app, host="127.0.0.1", port=port, print=None, access_log=None)


if __name__ == "__main__":
    main(int(sys.argv[1]))
