"""What the dialog asks of the world, done: look-ups, submissions, one-time codes, hand-offs."""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
from collections.abc import Callable
from typing import Any

import msgspec

from backend_adapter.port import Backend, BackendError, NotFound
from bots.sms.presenter import present
from dialogs import limits
from dialogs.calendar import tehran_today
from dialogs.ids import is_mobile, tracking_code_is_valid
from dialogs.messages import Messages
from dialogs.nlu import Engine
from dialogs.prompts import Prompt
from dialogs.replay import Effect, answers
from dialogs.services import CATALOGUE, SERVICES
from dialogs.session import Conversation
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
from gooya.operators import Operators
from gooya.spoken_codes import SpokenCode

log = logging.getLogger(__name__)

CODE_DIGITS = 5


class Done(msgspec.Struct, frozen=True):
    """The result of an effect in the journal's form, and a message it sends to somebody else."""

    result: Any
    outbound: tuple[Outbound, ...] = ()


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
        key: bytes,
        clock: Clock,
        speaks_codes: bool,
        draw_code: Callable[[], int] | None = None,
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
        self._key = key
        self._clock = clock
        self._speaks_codes = speaks_codes
        self._draw_code = draw_code or (lambda: secrets.randbelow(10**CODE_DIGITS))

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
            return await self._send_code(effect, step)
        if isinstance(step, CheckCode):
            return Done(self._right_code(effect, step))
        if isinstance(step, Match):
            return Done(await self._match(effect, step))
        if isinstance(step, Identify):
            return Done(await self._identify(step))
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
        who, factor = _who(effect.conversation)
        known = await self._store.hit(
            f"unknown:{who}",
            limit=limits.WRONG_LOOKUPS * factor,
            window=limits.HOUR,
            now=self._clock(),
        )
        return {"failed": "missing" if known else "limited"}

    async def _look(self, effect: Effect, step: Look) -> Any:
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

    async def _match(self, effect: Effect, step: Match) -> bool:
        """Whether the number that the account has proved is the registered one."""
        try:
            mobile = await self._number_of(step.bill_id)
        except BackendError:
            return False  # a code is the other way
        return mobile == effect.conversation.owned

    async def _identify(self, step: Identify) -> str:
        """The same answer for a subscriber or an applicant whose id nobody knows."""
        tries = f"identity:{step.of}"
        limit, window, now = limits.WRONG_IDENTITIES, limits.DAY, self._clock()
        if not await self._store.hit(tries, limit=limit, window=window, now=now, counts=False):
            return "limited"
        try:
            if step.person_id and await self._is_whose(step.of, step.person_id):
                return "right"
        except NotFound:
            pass
        except BackendError as error:
            log.warning("look-up failed", extra={"resource": "identity", "error": str(error)})
            return "away"
        wrong = await self._store.hit(tries, limit=limit, window=window, now=now)
        return "wrong" if wrong else "limited"

    async def _is_whose(self, of: str, person_id: str) -> bool:
        """Whether a national id is that of a subscriber, or of a request's applicant."""
        if not tracking_code_is_valid(of):
            return await self._backend.identify(of, person_id)
        fields = await self._applied_with(of)
        known = [str(fields.get(key) or "") for key in ("national_id", "company_id")]
        same = [hmac.compare_digest(one.encode(), person_id.encode()) for one in known]
        return any(same)

    async def _applied_with(self, tracking_code: str) -> dict[str, Any]:
        """What was filled in for a request that has no subscription yet; nothing for any other."""
        request = await self._request(tracking_code)
        return request.fields if request is not None and request.bill_id is None else {}

    async def _alert(self, effect: Effect, step: Alert) -> Done:
        try:
            mobile = await self._number_of(step.bill_id)
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

    # -- one-time codes --------------------------------------------------------------------------

    async def _send_code(self, effect: Effect, step: SendCode) -> Done:
        """The same answer whether a number is registered or not (facts.md section 7).

        Whoever calls from a mobile is offered no call: it may be the registered one, whose line is
        busy, and the answer must not tell.
        """
        who, factor = _who(effect.conversation)
        asker = f"code:asker:{who}"
        if not await self._may_send(
            asker, limits.CODES_ASKED * factor
        ) or not await self._may_send_for(step.of):
            return Done({"status": "limited"})
        try:
            mobile = await self._number_of(step.of)
        except BackendError as error:
            log.warning("look-up failed", extra={"resource": "contact", "error": str(error)})
            return Done({"status": "away"})
        on_a_mobile = bool(effect.conversation.call) and is_mobile(effect.conversation.phone)
        speakable = self._speaks_codes and not on_a_mobile
        if mobile is None or (
            mobile != step.of and not await self._may_send(f"code:number:{mobile}")
        ):
            return Done({"status": "sent", "seal": "", "speakable": speakable})
        code = f"{self._draw_code():0{CODE_DIGITS}d}"
        id_, language = f"code-{effect.key}", effect.conversation.profile.language
        if step.spoken:
            until = self._clock() + limits.CODE_LIFE
            message = SpokenCode(code, step.purpose, language, until).outbound(id_, mobile)
        else:
            text = self._messages.text(
                "code-sms" if step.purpose in SERVICES else f"code-sms-{step.purpose}",
                "sms",
                language,
                {"code": code, "service": step.purpose},
            )
            message = Outbound(id_, "sms", mobile, text)
        seal = self._seal(effect, step.of, code)
        return Done({"status": "sent", "seal": seal, "speakable": speakable}, (message,))

    async def _number_of(self, of: str) -> str | None:
        """The mobile that proves a right to ``of``: the one registered for a bill id, the applicant's of
        a request without one, or a number itself."""
        if of.startswith("+"):
            return of
        if tracking_code_is_valid(of):
            mobile = (await self._applied_with(of)).get("mobile")
            return mobile if mobile and is_mobile(mobile) else None
        try:
            return (await self._backend.contact(of)).mobile
        except NotFound:
            return None

    async def _may_send_for(self, of: str) -> bool:
        """A number has limits of its own, or whoever writes it here could use up its owner's codes for
        bills."""
        if not of.startswith("+"):
            return await self._may_send(f"code:bill:{of}")
        return await self._may_send(f"code:link:{of}") and await self._may_send(
            f"code:link-day:{of}", limits.LINK_CODES_PER_DAY, limits.DAY
        )

    async def _may_send(
        self, key: str, limit: int = limits.CODE_SENDS, window: float = limits.HOUR
    ) -> bool:
        return await self._store.hit(key, limit=limit, window=window, now=self._clock())

    def _right_code(self, effect: Effect, step: CheckCode) -> bool:
        challenge = effect.conversation.challenge
        if challenge is None or not challenge.seal or step.code is None:
            return False
        return hmac.compare_digest(challenge.seal, self._seal(effect, step.of, step.code))

    def _seal(self, effect: Effect, of: str, code: str) -> str:
        content = f"{effect.conversation.id}|{of}|{code}".encode()
        return hmac.new(self._key, content, hashlib.sha256).hexdigest()


def _who(conversation: Conversation) -> tuple[str, int]:
    """Whose limits count, and how many times: all callers who withhold their number share theirs, or
    each call would begin with fresh ones."""
    number = conversation.phone
    if number or not conversation.call:
        return number or conversation.id, 1
    return "withheld", limits.WITHHELD


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
