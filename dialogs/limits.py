"""Every limit of a conversation, by name, in one place.

A loop (a robot that answers our messages, a flow that never asks) must run into one of these before
it costs money: the limits bound steps, turns and paid SMS segments, not only time.
"""

from __future__ import annotations

from typing import Final

MESSAGE_LENGTH: Final = 1_000
"""Characters of one inbound message that are looked at; the rest is cut."""

STEPS_PER_TURN: Final = 200
"""Steps a flow may take in one turn, replayed ones included."""

TURNS_PER_SESSION: Final = 100
"""Turns until a session is closed with one last message; fewer than it has segments, so that a robot
that is answered in one segment each time meets this limit first."""

SEGMENTS_PER_SESSION: Final = 120
SEGMENTS_PER_DAY: Final = 200
"""Outbound segments of one customer per calendar day in Tehran, over all sessions."""

TOLD: Final = 10
"""Bills, balances and stages of which a conversation remembers that its customer was told."""

HELD: Final = 20
"""News that are kept for the end of the quiet hours; of more, the oldest go."""

AWAKE: Final = 15 * 60.0
"""Seconds after a customer did something for which news come in the quiet hours, too."""

STACK_DEPTH: Final = 3
"""Interrupted flows a customer can come back to; the oldest is dropped."""

TYPE_AHEAD: Final = 12
"""Answers that one message may carry beyond its keyword."""

POSSIBLE: Final = 0.01
UNCLEAR: Final = 0.15
LIKELY: Final = 0.4
SURE: Final = 0.5
CHANGES_SUBJECT: Final = 0.8
"""Confidence of an understood text: from which a service is worth offering; below which nothing is made
of the text; from which a service is opened without asking back; from which an act, a yes or a no, is
taken as said; and from which a text leads away from an open question."""

CLEARLY: Final = 3.0
"""How many times likelier than the next one a wish is that is followed without asking which."""

CANDIDATES: Final = 3
"""Services that are offered when it isn't clear which one is meant."""

PHRASE: Final = 6
"""Words of a text in which a keyword counts that isn't all of it; in longer ones it is one word of many."""

NO_MATCH_LEVELS: Final = 3
"""Short message, message with an example, offer of an operator (which then repeats)."""

NO_INPUT_LEVELS: Final = 3
"""Short message, message with an explanation, good-bye."""

KEPT: Final = 5
"""Texts that are sent in writing after one call."""

CALL_SILENCE: Final = 180.0
"""Seconds without any event after which a call is taken for ended: its process died with it."""

SESSION_IDLE: Final = 30 * 60.0
"""Seconds of silence after which a customer is asked "go on where you were?"."""

RESUME_WINDOW: Final = 7 * 24 * 3600.0
"""Seconds after which an unfinished dialog is no longer offered."""

PROOF_LIFE: Final = 15 * 60.0
"""Seconds for which a proved phone number counts (facts.md section 7)."""

CODE_LIFE: Final = 150.0
"""Seconds a one-time code is valid (facts.md section 7: at most two to three minutes)."""

CODE_TRIES: Final = 3
CODE_SENDS: Final = 3
"""One-time codes sent per hour, per bill and per number."""

LINK_CODES_PER_DAY: Final = 5
"""One-time codes sent per day to a number that somebody wrote as theirs, beside :data:`CODE_SENDS` an
hour: whoever writes the numbers of others must not flood them."""

CODES_ASKED: Final = 6
"""One-time codes that one conversation may ask for per hour, whoever they go to."""

WRONG_LOOKUPS: Final = 10
"""Unknown bill ids or tracking codes that one conversation may try per hour (enumeration)."""

WITHHELD: Final = 20
"""Limits of one customer that all callers without a number may use up together."""

HOUR: Final = 3600.0
DAY: Final = 24 * HOUR

SAVED_SUBSCRIPTIONS: Final = 5

MY_REQUESTS: Final = 20
"""Own requests that a customer is shown, newest first."""

WRONG_IDENTITIES: Final = 5
"""Wrong national ids that may be tried per day for one subscription: ten digits with a check digit are
few enough to try."""

CONTINUE_DIGITS: Final = 8
CONTINUE_LIFE: Final = 24 * 3600.0
"""Digits of the code with which an unfinished dialog is taken to another phone, and the seconds for
which it can be."""

LONG_FORM: Final = 8
"""Questions from which on a caller is offered to go on in writing."""

NAME_LENGTH: Final = 20
"""Characters of what a customer calls a subscription."""

FILES: Final = 5
"""Photos or documents that one question takes, and that are kept when none was asked for."""

FILES_PER_DAY: Final = 60
"""Files of one customer that are fetched and kept within a day: each may have 10 MB."""

FILE_TROUBLE: Final = ("large", "type", "failed", "limited")
"""Why a file that a customer sent can't be used."""

FILES_KEPT: Final = 3600.0
"""Seconds for which a file that came when none was asked for is offered."""

TURN_SECONDS: Final = 8.0
"""How long one turn may take with all its look-ups, below the gateways' time-outs (Kannel: 10 s)."""

LOOKING_SECONDS: Final = 4.5
"""How long a turn begins to look things up: one more look-up of three seconds must fit into its time. To what
it has not asked by then, the backend counts as away."""

OUTCOME_SECONDS: Final = 6.0
"""How long a receipt waits for the backend's answer before it goes out without it."""

SEGMENT_BUDGETS: Final = {
    "question": 2,
    "list": 4,
    "receipt": 4,
    "code": 1,
    "form": 8,
    "refused": 5,
    "helped": 6,
}
"""Most SMS segments a message of each kind may need in the worst case (``gooya check``); ``refused``
and ``helped`` count a question together with the refusal or the help that it is repeated under. A
``form`` is read back once."""
