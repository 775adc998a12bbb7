### Prompts of the dialog in English; kinds and budgets as in the Persian file.

## Menu and commands

# @list options: option-service*5
menu =
    Electricity company
    Send the number of a service:
option-service = { SERVICE($service) }
# @receipt
help =
    menu #, previous question *, repeat 9, cancel 0
    "operator": talk to a colleague. "continue": back to what is unfinished
    Example: reading BILL-ID FIGURE
cancelled = Cancelled. Send "menu" to start.
cancelled-one = Cancelled.
ended = The end. Send "menu" to start.
nothing-to-cancel = Nothing is unfinished. Send "menu" to start.
nothing-to-resume = Nothing is unfinished.
back-to = Back to "{ SERVICE($service) }":
back-later = Send "continue" to go on with "{ SERVICE($service) }".
# @question options: option-go-on, option-start-over
resume-offer = Your "{ SERVICE($service) }" is unfinished.
option-go-on = Go on
option-start-over = Start over
offer-operator = Send "operator" to talk to a colleague.
operator = Your conversation is noted and a colleague will look at it. For a quick answer call 1521.
language-set = English it is.
opted-out = We no longer message this number. Send 12 to turn messages on again.
opted-in = Messages are on again.
sorry = Something went wrong and this was not finished. Send "menu" or call 1521.
# @receipt
filed =
    Your request has been filed. Tracking code:
    { ID($code) }
too-many-turns = Too many messages. Please write again later or call 1521.
too-many-segments = Your messages are used up for now. Write again later or call 1521.
option-yes = Yes
option-no = No

## Which subscription

bill = Send the electricity bill id (up to 13 digits, on top of the bill).
# @question options: option-bill*5
bill-saved = Send a number or another bill id:
option-bill = { ID($bill) }
bill-unknown = We don't know the bill id { ID($bill) }.
too-many-unknown = Too many unknown ids. Write again in an hour or call 1521.

## Reading

reading = Send the meter figure (black digits only, without decimals).
reading-register =
    { $register ->
        [normal] Send the normal-load figure (row 1).
        [peak] Send the peak-load figure (row 2).
        [low] Send the low-load figure (row 3).
        [friday] Send the Friday figure (row 4).
        [reactive] Send the reactive figure.
        [demand] Send the maximeter (demand) figure.
       *[total] Send the total figure.
    }
option-register =
    { $register ->
        [normal] Normal load
        [peak] Peak load
        [low] Low load
        [friday] Friday
        [reactive] Reactive
        [demand] Maximeter
       *[total] Total
    }
register-figure =
    { $register ->
        [total] Meter figure
       *[other] { option-register }
    }
row-reading = Figure: { NUMBER($value) }
row-reading-register = { option-register }: { NUMBER($value) }
reading-unchecked = Our billing system does not answer now; we take the figure and check it later.
# @question options: option-yes, option-no
reading-already-sent = You sent a reading in this period ({ DATE($date) }). Send another?
reading-kept = Your earlier reading stands.
# @question options: option-right, option-correct
reading-lower = { register-figure }: { NUMBER($value) } is below the last reading ({ NUMBER($last) }).
# @question options: option-right, option-correct
reading-rollover = { register-figure }: from { NUMBER($last) } to { NUMBER($value) }. Did the counter start again? Use { NUMBER($kwh) }
# @question options: option-right, option-correct
reading-high =
    { $register ->
        [total] Use
       *[other] { option-register }
    }: { KWH($kwh) } is far above your usual use. Figure { NUMBER($value) }:
# @question options: option-right, option-correct
reading-high-demand = Maximeter { NUMBER($value) } is far above your usual ({ NUMBER($last) }).
# @question options: option-right, option-correct
reading-zero = { register-figure }: { NUMBER($value) } equals the last reading (no use).
option-right = It is right
option-correct = Correct it
# @list rows: row-reading-register*6 options: option-send, option-correct
reading-check = Bill { ID($bill) }
option-send = Right, send it
# @question options: option-register*6
reading-which = Which figure is wrong?
# @receipt
reading-done =
    Your reading is filed. Tracking code:
    { ID($code) }
# @receipt
reading-done-bill =
    Your reading is filed. Tracking code:
    { ID($code) }
    Provisional bill: { RIAL($amount) }, due { DATE($due) }
    Bill id:
    { ID($bill) }
    Payment id:
    { ID($payment) }
    We never ask for card data.
# @receipt
rejected =
    Request { ID($code) } was refused: { $reason ->
        [reading_below_last] the figure is below the last reading.
        [reading_too_long] the figure has more digits than the meter.
        [unknown_register] the figures don't fit your meter; send every row.
        [missing_register] a row of your meter is missing; send every row.
        [already_billed] this period is billed already.
        [reading_date] the date of the reading is wrong.
        [unknown_subscription] we don't know the bill id.
       *[other] it could not be filed.
    }
    Send it again: "menu". Help: "operator" or call 1521

## Debt

# @list rows: row-reading-register*6 options: option-send, option-correct
debt-check =
    Compute the balance of bill { ID($bill) } with this? (fee on the next bill)
# @receipt
debt-due =
    Debt as of { DATE($date) }: { RIAL($amount) }, due { DATE($due) }
    Bill id:
    { ID($bill) }
    Payment id:
    { ID($payment) }
    Tracking: { ID($code) }
# @receipt
debt-credit =
    No debt. Credit as of { DATE($date) }: { RIAL($amount) }
    Tracking: { ID($code) }
# @receipt
debt-none =
    No debt as of { DATE($date) }.
    Tracking: { ID($code) }
debt-fee = A service fee of { RIAL($fee) } comes with the next bill.
# @receipt
debt-later =
    Filed. The balance follows by SMS within five minutes. Tracking code:
    { ID($code) }
# @receipt
debt-late =
    Sorry, the balance takes longer. It follows by SMS as soon as it is there. Tracking code:
    { ID($code) }

## Proof

code-sent = If a mobile is registered for this bill, a 5-digit code was sent to it.
code = Send the code.
code-wrong = The code is wrong.
# @question options: option-yes, option-no
code-spent = This code is no longer valid. Send a new one?
code-limited = Too many codes were sent within the hour. Please write again later.
code-away = Our billing system does not answer now. Please write again later.
# @code
code-sms =
    Code { ID($code) } for { SERVICE($service) }
    Tell nobody.

## Histories

backend-away = Our billing system does not answer now. Please write again later.
# @list rows: row-payment*4 options: option-next, option-end
payments = { NUMBER($count) } payments in two years, { RIAL($amount) } in all:
payments-none = No payment in the last two years.
row-payment = { DATE($date) } { RIAL($amount) }
# @list rows: row-consumption-estimated*4 options: option-next, option-end
consumption = { NUMBER($count) } periods, { KWH($kwh) } and { RIAL($amount) } in all (end, kWh, rial):
consumption-none = No bill in the last two years.
row-consumption = { DATE($date) }: { NUMBER($kwh) }, { NUMBER($amount) }
row-consumption-estimated = { DATE($date) }: { NUMBER($kwh) } est., { NUMBER($amount) }
# @list rows: row-consumption-estimated*4 options: option-next, option-end
history-page = Page { NUMBER($number) } of { NUMBER($pages) }:
option-next = Next
option-end = End

## Tracking and news

track = Send the 10-digit tracking code.
track-unknown = There is no request with the code { ID($code) }.
# @list rows: row-next, row-scheduled, row-pay
track-stage =
    { SERVICE($service) } { ID($code) }, filed { DATE($date) }
    Stage { NUMBER($number) } of { NUMBER($count) }: { STAGE($stage) }
row-next = Then: { STAGE($stage) }
row-scheduled = Visit on { DATE($date) }
row-pay =
    To pay: { RIAL($amount) }, due { DATE($due) }
    Bill id: { ID($bill) }
    Payment id: { ID($payment) }
# @receipt
track-completed =
    { SERVICE($service) } { ID($code) }, filed { DATE($date) }
    Done (stage { NUMBER($number) } of { NUMBER($count) }: { STAGE($stage) }).
# @receipt
track-rejected =
    { SERVICE($service) } { ID($code) }, filed { DATE($date) }
    { rejected }
# @receipt
news-bill =
    { SERVICE($service) } { ID($code) }
    Bill: { RIAL($amount) }, due { DATE($due) }
    Bill id:
    { ID($bill) }
    Payment id:
    { ID($payment) }
    We never ask for card data.
news-scheduled = { SERVICE($service) } { ID($code) }: visit on { DATE($date) }
news-completed = { SERVICE($service) } { ID($code) } is done.
news-stage = { SERVICE($service) } { ID($code) }: { STAGE($stage) }

## Tavanir's star code

linked = Bill { ID($bill) } is tied to this number.
linked-nothing-due = Bill { ID($bill) } is tied to this number. Nothing is due.
# @receipt
linked-due =
    Bill { ID($bill) } is tied to this number.
    Debt: { RIAL($amount) }, due { DATE($due) }
    Payment id:
    { ID($payment) }
    We never ask for card data.
