"""Group commit: work that is ready in the same moment shares one transaction.

A commit costs a round trip and a disk flush whether it carries one row or two hundred. While one
group is being committed the next one gathers, so groups grow with the load and a lone item waits for
nobody.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from gooya.database.engine import DatabaseUnavailable

Item = TypeVar("Item")
Result = TypeVar("Result")

GROUP_LIMIT = 200
"""Items in one transaction: beyond it, waiting grows faster than what a commit saves."""


class GroupCommit(Generic[Item, Result]):
    """Runs ``commit`` over groups of items, one group at a time, in the order they came.

    ``commit`` gets one or more items and returns one result for each, in order, having written all
    or none. When it raises anything but :class:`DatabaseUnavailable` over several items, each is
    tried in a transaction of its own, so that a bad item fails alone.
    """

    def __init__(
        self,
        commit: Callable[[Sequence[Item]], Awaitable[Sequence[Result]]],
        *,
        limit: int = GROUP_LIMIT,
    ) -> None:
        self._commit = commit
        self._limit = limit
        self._waiting: deque[tuple[Item, asyncio.Future[Result]]] = deque()
        self._worker: asyncio.Task[None] | None = None
        self._closed = False

    async def submit(self, item: Item) -> Result:
        """Return the item's result once its transaction is committed, or raise what it raised."""
        if self._closed:
            raise RuntimeError("closed")
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._worker is None:
            # runs after everything that is ready now, so that all of it joins the first group
            self._worker = asyncio.create_task(self._work())
        return await future

    async def close(self) -> None:
        """Take no more items; return when those taken are committed or have failed."""
        self._closed = True
        if self._worker is not None:
            await self._worker

    async def _work(self) -> None:
        try:
            while self._waiting:
                count = min(self._limit, len(self._waiting))
                group = [self._waiting.popleft() for _ in range(count)]
                # whoever was cancelled before the transaction began wants nothing written
                group = [entry for entry in group if not entry[1].done()]
                if group:
                    await self._commit_group(group)
        finally:
            self._worker = None

    async def _commit_group(self, group: Sequence[tuple[Item, asyncio.Future[Result]]]) -> None:
        try:
            results = await self._commit([item for item, _ in group])
        except Exception as error:
            if len(group) > 1 and not isinstance(error, DatabaseUnavailable):
                for entry in group:
                    await self._commit_group([entry])
                return
            for _, future in group:
                if not future.done():
                    future.set_exception(error)
        except BaseException:
            for _, future in group:
                future.cancel()
            raise
        else:
            for (_, future), result in zip(group, results, strict=True):
                if not future.done():
                    future.set_result(result)
