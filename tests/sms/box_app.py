"""An application to be killed: ``box_app.py PORT FILE COUNT``.

Connects to bearerbox, "commits" each message as a JSON line in FILE and, after COUNT of them, never
returns from the next ones.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

from bots.sms.gateway import DeliveryReport, InboundSms
from bots.sms.kannel_box import KannelBox


async def main(port: int, path: Path, count: int) -> None:
    handled = 0
    with path.open("a", encoding="utf-8") as journal:

        async def receive(sms: InboundSms) -> None:
            nonlocal handled
            if handled >= count:
                await asyncio.Event().wait()
            handled += 1
            journal.write(json.dumps([sms.sender, sms.text]) + "\n")
            journal.flush()
            os.fsync(journal.fileno())

        async def report(_: DeliveryReport) -> None:
            return

        box = KannelBox(
            host="127.0.0.1",
            port=port,
            box_id="gooya",
            line="30001234",
            receive=receive,
            report=report,
            reconnect=(0.05, 0.2),
            settle=2.0,  # a slow bearerbox may pause between two messages of its backlog
        )
        await box.start()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])))
