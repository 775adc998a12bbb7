"""What proves who somebody is: one-time codes, the account's own number, the national id."""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
from collections.abc import Callable
from typing import Any

from backend_adapter.port import Backend, BackendError, NotFound
from dialogs import limits
from dialogs.effects import Effect
from dialogs.ids import is_mobile, tracking_code_is_valid
from dialogs.messages import Messages
from dialogs.services import SERVICES
from dialogs.session import Conversation
from dialogs.steps import CheckCode, Identify, Match, SendCode
from dialogs.store import Outbound, Store
from gooya.clock import Clock
from gooya.database.requests import RequestReader
from gooya.done import Done
from gooya.spoken_codes import SpokenCode

log = logging.getLogger(__name__)

CODE_DIGITS = 5


class Proving:
    """Sends and checks what proves somebody. What the backend fails to say is a result; outages of our
    own stores are raised. Safe to repeat with the same ``Effect.key``."""

    def __init__(
        self,
        *,
        backend: Backend,
        store: Store,
        reader: RequestReader,
        messages: Messages,
        key: bytes,
        clock: Clock,
        speaks_codes: bool,
        draw_code: Callable[[], int] | None = None,
    ) -> None:
        self._backend = backend
        self._store = store
        self._reader = reader
        self._messages = messages
        self._key = key
        self._clock = clock
        self._speaks_codes = speaks_codes
        self._draw_code = draw_code or (lambda: secrets.randbelow(10**CODE_DIGITS))

    async def match(self, effect: Effect, step: Match) -> bool:
        """Whether the number that the account has proved is the registered one."""
        try:
            mobile = await self.number_of(step.bill_id)
        except BackendError:
            return False  # a code is the other way
        return mobile == effect.conversation.owned

    async def identify(self, step: Identify) -> str:
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
        tracked = await self._reader.by_tracking_code(tracking_code)
        if tracked is None or tracked.request.bill_id is not None:
            return {}
        return tracked.request.fields

    async def send_code(self, effect: Effect, step: SendCode) -> Done:
        """The same answer whether a number is registered or not (facts.md section 7).

        Whoever calls from a mobile is offered no call: it may be the registered one, whose line is
        busy, and the answer must not tell.
        """
        who, factor = asker(effect.conversation)
        key = f"code:asker:{who}"
        if not await self._may_send(
            key, limits.CODES_ASKED * factor
        ) or not await self._may_send_for(step.of):
            return Done({"status": "limited"})
        try:
            mobile = await self.number_of(step.of)
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

    async def number_of(self, of: str) -> str | None:
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

    def right_code(self, effect: Effect, step: CheckCode) -> bool:
        challenge = effect.conversation.challenge
        if challenge is None or not challenge.seal or step.code is None:
            return False
        return hmac.compare_digest(challenge.seal, self._seal(effect, step.of, step.code))

    def _seal(self, effect: Effect, of: str, code: str) -> str:
        content = f"{effect.conversation.id}|{of}|{code}".encode()
        return hmac.new(self._key, content, hashlib.sha256).hexdigest()


def asker(conversation: Conversation) -> tuple[str, int]:
    """Whose limits count, and how many times: all callers who withhold their number share theirs, or
    each call would begin with fresh ones."""
    number = conversation.phone
    if number or not conversation.call:
        return number or conversation.id, 1
    return "withheld", limits.WITHHELD
