"""Work that stays in order for one key and runs side by side for different keys."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Lanes(Generic[T]):
    """One queue a key, each worked off item by item, at most ``width`` items at the same moment.

    ``work`` handles an item and returns whether the lane may go on; after ``False`` (or an exception)
    the items behind it are given to ``refuse``, in order, so that none overtakes the one that failed.
    """

    def __init__(
        self,
        work: Callable[[T], Awaitable[bool]],
        refuse: Callable[[T], None],
        *,
        width: int,
    ) -> None:
        self._work = work
        self._refuse = refuse
        self._slots = asyncio.Semaphore(width)
        self._queues: dict[str, deque[T]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        """Keys with work in hand."""
        return len(self._queues)

    def put(self, key: str, item: T) -> None:
        """Queue ``item`` behind the others of its key. Never blocks: the producer's window bounds it."""
        queue = self._queues.get(key)
        if queue is not None:
            queue.append(item)
            return
        self._queues[key] = deque([item])
        task = asyncio.create_task(self._run(key))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def drop_waiting(self) -> None:
        """Forget what has not begun; what has begun goes on."""
        for queue in self._queues.values():
            queue.clear()

    async def idle(self, seconds: float) -> bool:
        """Wait until nothing is in hand; ``False`` when that would take longer than ``seconds``."""
        if not self._tasks:
            return True
        _, pending = await asyncio.wait(self._tasks, timeout=seconds)
        return not pending

    async def cancel(self) -> None:
        """Stop what is still running."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, key: str) -> None:
        queue = self._queues[key]
        try:
            while queue:
                item = queue.popleft()
                async with self._slots:
                    go_on = await self._work(item)
                if not go_on:
                    while queue:
                        self._refuse(queue.popleft())
        finally:
            del self._queues[key]
