"""What the dialog asks of the world, done: look-ups, submissions, one-time codes, hand-offs."""

from __future__ import annotations

import logging
from typing import Any

import msgspec

from backend_adapter.port import Backend, BackendError, NotFound
from bots.sms.presenter import present
from dialogs import limits
from dialogs.calendar import tehran_today
from dialogs.effects import Effect
from dialogs.journal import answers
from dialogs.messages import Messages
from dialogs.nlu import Engine
from dialogs.prompts import Prompt
from dialogs.services import CATALOGUE, SERVICES
from dialogs.steps import (
    Alert,
    CheckCode,
    ContinueCode,
    Fetch,
    Filed,
    Forget,
    HandOff,
    Identify,
    Link,
    Look,
    Match,
    MyRequests,
    Remember,
    SendCode,
    Submit,
    TakeOver,
    Understand,
    Write,
)
from dialogs.store import Outbound, Store
from dialogs.values import FOLLOW_UPS, Progress
from gooya.clock import Clock, instant
from gooya.continuing import Continuing
from gooya.database.customers import Customers
from gooya.database.handoffs import Handoff, Handoffs
from gooya.database.requests import Request, RequestReader
from gooya.database.submissions import NewRequest, RequestWriter
from gooya.done import Done
from gooya.operators import Operators
from gooya.proving import Proving, asker

log = logging.getLogger(__name__)


class Effects:
    """Performs one effect at a time; safe to repeat with the same ``Effect.key``."""

    def __init__(
        self,
        *,
        backend: Backend,
        store: Store,
        requests: RequestWriter,
        reader: RequestReader,
        customers: Customers,
        handoffs: Handoffs,
        operators: Operators,
        continuing: Continuing,
        nlu: Engine,
        messages: Messages,
        proving: Proving,
        clock: Clock,
    ) -> None:
        self._backend = backend
        self._store = store
        self._requests = requests
        self._reader = reader
        self._customers = customers
        self._handoffs = handoffs
        self._operators = operators
        self._continuing = continuing
        self._nlu = nlu
        self._messages = messages
        self._proving = proving
        self._clock = clock

    async def perform(self, effect: Effect) -> Done:
        """Do it. Failures of the backend are results; those of our own stores are raised."""
        step = effect.step
        if isinstance(step, Fetch):
            return Done(await self._fetch(effect, step))
        if isinstance(step, Look):
            return Done(await self._look(effect, step))
        if isinstance(step, MyRequests):
            return Done(await self._own_requests(effect))
        if isinstance(step, Submit):
            return Done(await self._submit(effect, step))
        if isinstance(step, SendCode):
            return await self._proving.send_code(effect, step)
        if isinstance(step, CheckCode):
            return Done(self._proving.right_code(effect, step))
        if isinstance(step, Match):
            return Done(await self._proving.match(effect, step))
        if isinstance(step, Identify):
            return Done(await self._proving.identify(step))
        if isinstance(step, Remember):
            await self._remember(effect, step)
        elif isinstance(step, Forget):
            await self._forget(effect, step)
        elif isinstance(step, Link):
            await self._link(effect, step)
        elif isinstance(step, HandOff):
            return Done(await self._hand_off(effect, step))
        elif isinstance(step, Write):
            return self._write(effect, step)
        elif isinstance(step, Understand):
            return Done(await self._understand(step))
        elif isinstance(step, ContinueCode):
            return Done(await self._continuing.code(effect, self._clock()))
        elif isinstance(step, TakeOver):
            return Done(await self._take_over(effect, step))
        elif isinstance(step, Alert):
            return await self._alert(effect, step)
        return Done(None)

    async def _fetch(self, effect: Effect, step: Fetch) -> Any:
        try:
            found = await getattr(self._backend, step.resource)(step.of)
        except NotFound:
            return await self._missing(effect)
        except BackendError as error:
            log.warning("look-up failed", extra={"resource": step.resource, "error": str(error)})
            return {"failed": "away"}
        return msgspec.to_builtins(found)

    async def _missing(self, effect: Effect) -> dict[str, str]:
        """An id that nobody knows: counted, so that nobody can try them all."""
        return {"failed": "missing" if await self._may_try(effect, counts=True) else "limited"}

    async def _may_try(self, effect: Effect, *, counts: bool = False) -> bool:
        """Whether whoever asks may be wrong once more; if not, a right code is not told either. A right
        bill id is: it stands on every bill."""
        who, factor = asker(effect.conversation)
        return await self._store.hit(
            f"unknown:{who}",
            limit=limits.WRONG_LOOKUPS * factor,
            window=limits.HOUR,
            now=self._clock(),
            counts=counts,
        )

    async def _look(self, effect: Effect, step: Look) -> Any:
        if not await self._may_try(effect):
            return {"failed": "limited"}
        request = await self._request(step.tracking_code)
        if request is None or request.service in FOLLOW_UPS:
            return await self._missing(effect)
        (filed,) = await self._filed([request])
        return msgspec.to_builtins(filed)

    async def _own_requests(self, effect: Effect) -> Any:
        requests = await self._reader.of_conversation(effect.conversation.id, limits.MY_REQUESTS)
        return msgspec.to_builtins(await self._filed(requests))

    async def _filed(self, requests: list[Request]) -> list[Filed]:
        later = await self._reader.sent_later(requests)
        return [_filed(request, later.get(request.tracking_code, [])) for request in requests]

    async def _request(self, tracking_code: str) -> Request | None:
        tracked = await self._reader.by_tracking_code(tracking_code)
        return tracked.request if tracked is not None else None

    async def _submit(self, effect: Effect, step: Submit) -> str:
        conversation = effect.conversation
        follows = step.service in FOLLOW_UPS
        bill_id = step.bill_id
        if bill_id is None and "request" in step.fields:
            about = await self._request(step.fields["request"])
            bill_id = about.bill_id if about is not None else None
        receipt = await self._requests.submit(
            NewRequest(
                idempotency_key=effect.key,
                service=step.service,
                bill_id=bill_id,
                conversation=conversation.id,
                channel=conversation.channel,  # type: ignore[arg-type]
                address=conversation.address,
                language=conversation.profile.language,
                fields=step.fields,
                stages=1 if follows else len(SERVICES[step.service].stages),
                submitted_at=instant(self._clock()),
                remember=step.bill_id is not None and not follows,
            )
        )
        return receipt.tracking_code

    async def _remember(self, effect: Effect, step: Remember) -> None:
        conversation = effect.conversation
        await self._customers.save_subscription(
            conversation.channel,  # type: ignore[arg-type]
            conversation.address,
            step.bill_id,
            instant(self._clock()),
            language=conversation.profile.language,
            label=step.name,
        )

    async def _forget(self, effect: Effect, step: Forget) -> None:
        conversation = effect.conversation
        await self._customers.forget_subscription(
            conversation.channel,  # type: ignore[arg-type]
            conversation.address,
            step.bill_id,
        )

    async def _link(self, effect: Effect, step: Link) -> None:
        conversation = effect.conversation
        await self._customers.link(
            conversation.channel,  # type: ignore[arg-type]
            conversation.address,
            step.phone,
            instant(self._clock()),
            language=conversation.profile.language,
        )

    async def _alert(self, effect: Effect, step: Alert) -> Done:
        try:
            mobile = await self._proving.number_of(step.bill_id)
        except BackendError as error:
            log.warning("an alert was not sent", extra={"error": str(error)})
            return Done(None)
        if mobile is None:
            return Done(None)
        language = effect.conversation.profile.language
        prompt = Prompt(message=step.message, args=step.args)
        text = present([prompt], language, self._messages)
        return Done(None, (Outbound(f"alert-{effect.key}", "sms", mobile, text),))

    async def _understand(self, step: Understand) -> Any:
        today = tehran_today(instant(self._clock()))
        return msgspec.to_builtins(await self._nlu.understand(step.text, today=today))

    async def _take_over(self, effect: Effect, step: TakeOver) -> Any:
        if not await self._may_try(effect):
            return {"failed": "limited"}
        found = await self._continuing.take(step.code, effect.conversation.id, self._clock())
        return await self._missing(effect) if found is None else found

    def _write(self, effect: Effect, step: Write) -> Done:
        conversation = effect.conversation
        prompt = Prompt(message=step.message, args=step.args, rows=step.rows)
        text = present([prompt], conversation.profile.language, self._messages)
        to = conversation.address
        return Done(None, (Outbound(f"write-{effect.key}", "sms", to, text, conversation.id),))

    async def _hand_off(self, effect: Effect, step: HandOff) -> str:
        conversation = effect.conversation
        at = instant(self._clock())
        became = "noted"
        if conversation.call and step.transfer:
            if not self._operators.open_at(at):
                return "closed"
            became = "transfer"
        top = conversation.top
        await self._handoffs.add(
            Handoff(
                key=effect.key,
                conversation=conversation.id,
                channel=conversation.channel,
                address=conversation.address,
                reason=step.reason,
                service=effect.service,
                step=top.journal[-1].key if top and top.journal else None,
                answers={**(answers(top) if top else {}), **step.details},
                created_at=at,
            )
        )
        return became


def _filed(request: Request, later: list[str]) -> Filed:
    """``later`` are kinds of documents that were sent after it."""
    progress = request.progress or Progress(
        tracking_code=request.tracking_code,
        sequence=0,
        status=request.status,
        stage=request.stage,
        stages=request.stages,
        at=request.submitted_at,
    )
    service = CATALOGUE.get(request.service)
    kinds = [document["kind"] for document in request.fields.get("documents", ())]
    return Filed(
        request.service,
        tehran_today(request.submitted_at).isoformat(),
        progress,
        tracking_code=request.tracking_code,
        bill_id=request.bill_id,
        documents=list(dict.fromkeys([*kinds, *later])),
        choices={
            field.key: request.fields[field.key]
            for field in (service.inputs if service else ())
            if field.possible() and field.key in request.fields
        },
    )
