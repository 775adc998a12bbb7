"""Who may tell us that a request changed."""

from __future__ import annotations

import pytest

from backend_adapter.signing import BadSignature, sign, verify

SECRET, BODY, NOW = "s3cret", b'{"event_id":"1"}', 1_800_000_000
GOOD = sign(SECRET, NOW, BODY)


def headers(timestamp: str = str(NOW), signature: str = GOOD) -> dict[str, str]:
    return {"Gooya-Timestamp": timestamp, "Gooya-Signature": signature}


def test_the_signature_is_hmac_sha256_of_timestamp_full_stop_body() -> None:
    # Computed with: printf '1800000000.{"event_id":"1"}' | openssl dgst -sha256 -hmac s3cret
    assert GOOD == "v1=793372dadefc9ef433227aa3cc951c25867463b6d37c14152caf49fdf8321ad2"


@pytest.mark.parametrize("late", [-300, 0, 300])
def test_an_event_signed_with_the_secret_is_believed(late: int) -> None:
    verify(SECRET, headers(), BODY, now=NOW + late)


def test_while_a_secret_is_replaced_one_of_two_signatures_is_enough() -> None:
    verify(SECRET, headers(signature=f"{sign('old', NOW, BODY)}, {GOOD}"), BODY, now=NOW)


@pytest.mark.parametrize(
    ("given", "body", "now"),
    [
        pytest.param(headers(), BODY + b" ", NOW, id="body tampered"),
        pytest.param(headers(timestamp=str(NOW + 1)), BODY, NOW, id="time stamp tampered"),
        pytest.param(headers(signature=sign("other", NOW, BODY)), BODY, NOW, id="wrong secret"),
        pytest.param(headers(signature=GOOD.removeprefix("v1=")), BODY, NOW, id="no version"),
        pytest.param(headers(signature="v1=ü"), BODY, NOW, id="no ASCII"),
        pytest.param(headers(signature=""), BODY, NOW, id="empty signature"),
        pytest.param({"Gooya-Timestamp": str(NOW)}, BODY, NOW, id="no signature"),
        pytest.param({"Gooya-Signature": GOOD}, BODY, NOW, id="no time stamp"),
        pytest.param(headers(timestamp="soon"), BODY, NOW, id="time stamp no number"),
        pytest.param(headers(timestamp="-1"), BODY, NOW, id="time stamp negative"),
        pytest.param(headers(timestamp="9" * 5000), BODY, NOW, id="time stamp endless"),
        pytest.param(headers(), BODY, NOW + 301, id="too old"),
        pytest.param(headers(), BODY, NOW - 301, id="from the future"),
    ],
)
def test_an_event_that_proves_nothing_is_refused(
    given: dict[str, str], body: bytes, now: int
) -> None:
    with pytest.raises(BadSignature):
        verify(SECRET, given, body, now=now)


def test_an_empty_secret_is_a_mistake_of_the_setup_and_believes_nobody() -> None:
    with pytest.raises(ValueError):
        verify("", headers(signature=sign("", NOW, BODY)), BODY, now=NOW)
