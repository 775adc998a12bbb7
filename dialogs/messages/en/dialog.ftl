### Prompts of the dialog in English; kinds, budgets and ".voice" as in the Persian file. An option's label
### fits behind "for"; a bill id is spoken as a bill number, because a voice reads "id" as a word.

## Menu and commands

# @list options: option-service, option-group*4
menu =
    Electricity company
    Send the number of a service:
    .telegram = Please choose a service:
    .voice = { "" }
option-service = { SERVICE($service) }
# @receipt
help =
    menu #, previous question *, repeat 9, cancel 0
    "operator": talk to a colleague. "continue": back to what is unfinished
    Example: reading BILL-ID FIGURE
    .telegram =
        To answer, press a button or write.
        Main menu: /menu
        Previous question: /back
        Track a request: /track
        Cancel: /cancel
        Help: /help
        Write "operator" to talk to a colleague, "continue" to go back to what is unfinished.
    .voice = To go back press star, to hear it again press nine, to talk to a colleague press zero.
cancelled = Cancelled. Send "menu" to start.
    .telegram = Cancelled. Press "Main menu" to start again.
    .voice = Cancelled.
cancelled-one = Cancelled.
ended = The end. Send "menu" to start.
    .telegram = All right. Press "Main menu" for anything else.
    .voice = All right.
nothing-to-cancel = Nothing is unfinished. Send "menu" to start.
    .telegram = Nothing is unfinished. Press "Main menu" to start.
    .voice = Nothing is unfinished.
nothing-to-resume = Nothing is unfinished.
back-to = Back to "{ SERVICE($service) }":
    .voice = Back to { SERVICE($service) }.
back-later = Send "continue" to go on with "{ SERVICE($service) }".
    .telegram = Your "{ SERVICE($service) }" is unfinished. Press "Continue" to go on with it.
    .voice = { SERVICE($service) } is still unfinished.
# @question options: option-go-on, option-start-over
resume-offer = Your "{ SERVICE($service) }" is unfinished.
    .voice = { SERVICE($service) } was left unfinished.
option-go-on = Go on
    .voice = going on where you were
option-start-over = Start over
    .voice = a fresh start
offer-operator = Send "operator" to talk to a colleague.
    .telegram = Write "operator" to talk to a colleague.
    .voice = To talk to a colleague, press zero.
operator = Your conversation is noted and a colleague will look at it. For a quick answer call 1521.
    .voice = Your conversation is noted and a colleague will look at it.
language-set = English it is.
opted-out = We no longer message this number. Send 12 to turn messages on again.
    .voice = We no longer message this number.
opted-in = Messages are on again.
sorry = Something went wrong and this was not finished. Send "menu" or call 1521.
    .telegram = We are sorry, something went wrong and your request is unfinished. Start again from the main menu or call 1521.
    .voice = We are sorry. Something went wrong and this was not finished.
# @receipt
filed =
    Your request has been filed. Tracking code:
    { ID($code) }
    .voice =
        Your request has been filed. Tracking code:
        { ID($code) }
too-many-turns = Too many messages. Please write again later or call 1521.
    .voice = This call has become long. Please call again later. Goodbye.
too-many-segments = Your messages are used up for now. Write again later or call 1521.
    .voice = Your messages are used up for now. Please call again later.
option-yes = Yes
option-no = No

## Calls

welcome = Welcome to the electricity company.
    .telegram =
        Hello. This is the electricity company.
        You can send a meter reading, see your debt and the history of use and payments, and track your requests.
        We use your data for these services only and never ask for card data.
    .voice = Hello from the electricity company.
option-more-services = Other services
option-more = More options
# @question options: option-menu, option-bye
anything-else = Is there anything else?
option-menu = Main menu
option-bye = End of the call
goodbye = Thank you. Goodbye.
    .voice = Thank you for your call. Goodbye.
please-wait = Please wait a moment.
    .voice = Please wait.
no-input = Nothing has arrived.
no-input-help = Still nothing has arrived. Previous question: *
    .voice = Still nothing has arrived. To go back press star, to talk to a colleague press zero.
goodbye-silence = Nothing has arrived. Send "continue" whenever you like.
    .voice = Nothing has arrived, so we end the call. Please call again whenever you like. Goodbye.
resumed = We go on with "{ SERVICE($service) }" where you were.
    .voice = We go on where you were with { SERVICE($service) }.
call-silent = We heard nothing in the call. Call again, or send "menu" to this number.
call-dropped = The call was cut off. "{ SERVICE($service) }" is unfinished. Send "continue" to go on, or call again.
    .voice = The call was cut off and { SERVICE($service) } is unfinished.
option-by-sms = The list by text message
sent-by-sms = The list was sent to this number by text message.
# @question options: option-keep, option-again
voice-check = We heard: { RECORDING($recording) }
option-keep = Keeping it
option-again = Recording it again

## Messenger

button-back = Back
    .voice = { "" }
button-menu = Main menu
    .voice = { "" }
button-resume = Continue
    .voice = { "" }
stale-button = This button belonged to an earlier question.
    .voice = { "" }
cannot-read =
    { $what ->
        [sticker] We can't read stickers.
        [location] We can't read places on a map.
        [venue] We can't read places on a map.
        [voice] We can't listen to voice messages.
        [audio] We can't listen to sound files.
        [video] We can't watch videos.
        [video_note] We can't watch videos.
        [animation] We can't watch animations.
        [edited] We don't see edited messages; your earlier answer stands.
       *[other] We can't read this kind of message.
    } Please write or press a button.
    .voice = { "" }
private-only = To protect your data we answer in private chats only. Please write to us there.
    .voice = { "" }
photo-kept = Your file arrived, but none is needed now. We keep it for an hour and offer it when a file is needed.
    .voice = { "" }
files-left-out =
    { $why ->
        [large] Files not accepted, because they are too large: { NUMBER($count) }.
        [type] Files not accepted, because they are neither a photo nor a PDF: { NUMBER($count) }.
        [many] Files not accepted, because there were too many: { NUMBER($count) }.
        [limited] Files not accepted, because you have sent too many today: { NUMBER($count) }.
       *[failed] Files that did not reach us: { NUMBER($count) }. Please send them again.
    }
    .voice = { "" }
option-use-kept = The one I sent
    .voice = the photo that you have sent
option-skip = No photo
    .voice = going on without a photo
command-start = Start
    .voice = { "" }
command-menu = Main menu
    .voice = { "" }
command-back = Back to the previous question
    .voice = { "" }
command-track = Track a request
    .voice = { "" }
command-cancel = Cancel what is going on
    .voice = { "" }
command-help = Help
    .voice = { "" }

## The customer's phone number

option-link-phone = Confirm my phone
    .voice = { "" }
phone-ask = Send your mobile number.
    .telegram =
        Share your mobile number with the button below, or write it.
        With it you can see your histories, and go on here with what you began by SMS or phone.
        To leave this: /cancel
    .voice = { "" }
option-share-phone = Share my number
    .voice = { "" }
phone-code-sent = A code of five digits was sent to this number.
phone-code-called = We call this number in a moment and say a new code.
phone-linked = Your number is confirmed.
    .voice = { "" }
phone-foreign = This is not the number of your account. We accept only your own.
    .voice = { "" }

## Operator and call-back

operator-transfer = We put you through to a colleague.
    .voice = We put you through to a colleague. Please stay on the line.
sorry-operator = We are sorry, something went wrong. We put you through to a colleague.
    .voice = We are sorry. Something went wrong. We put you through to a colleague. Please stay on the line.
operator-closed = No colleague can answer now. We take a request to call you back.
    .voice = No colleague can answer now. We take your request, and a colleague calls you back.
# @question options: option-yes, option-no
call-back-number = Shall we call { ID($number) }?
    .voice =
        Your number:
        { ID($number) }
        Shall we call this number?
call-back-phone = Send your phone number: a mobile, or a landline with its area code.
    .voice = Enter your mobile number, or a landline with its area code, then hash.
call-back-message = Write your name and what it is about.
    .voice = After the tone, say your name and what it is about, and at the end press hash.
call-back-none = No call-back was noted. Please call in working hours.
    .voice = No call-back was noted. Please call again in working hours.
call-back-taken = Your request is noted. A colleague will call you.

kept-by-sms = You also get this by text message.
payment-spoken = Payment id: { ID($payment) }
    .voice = The payment number is: { ID($payment) }

## Which subscription

bill = Send the electricity bill id (up to 13 digits, on top of the bill).
    .telegram = Write the electricity bill id. It has up to 13 digits and is printed on top of the bill.
    .voice = Enter the bill number, then hash.
# @question options: option-bill*5
bill-saved = Send a number or another bill id:
    .telegram = Choose one of your bills or write another bill id:
    .voice = Choose one of your bills, or enter another bill number, then hash.
option-bill = { ID($bill) }
    .voice = the bill with the middle digits { MIDDLE($bill) }
# @question options: option-bill*5, option-other-bill
bill-choose = Choose a subscription:
    .voice = Which subscription?
option-other-bill = Another bill
bill-unknown = We don't know the bill id { ID($bill) }.
    .voice = We don't know the bill number with the middle digits { MIDDLE($bill) }.
too-many-unknown = Too many unknown ids. Write again in an hour or call 1521.
    .voice = Too many bill numbers were unknown. Please call again in an hour.

## Reading

reading = Send the meter figure (black digits only, without decimals).
    .voice = Enter the black digits of the meter, those before the decimal point, then hash.
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
    .voice =
        { $register ->
            [normal] Enter the normal load figure from row one of the meter, then hash.
            [peak] Enter the peak load figure from row two, then hash.
            [low] Enter the low load figure from row three, then hash.
            [friday] Enter the Friday figure from row four, then hash.
            [reactive] Enter the reactive figure, then hash.
            [demand] Enter the maximeter figure, then hash.
           *[total] Enter the total figure, then hash.
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
    .voice = Our billing system does not answer now. We take the figure and check it later.
# @question options: option-yes, option-no
reading-already-sent = You sent a reading in this period ({ DATE($date) }). Send another?
    .voice = In this period, on { DATE($date) }, you sent a reading. File another one?
reading-kept = Your earlier reading stands.
# @question options: option-use-kept, option-skip
reading-photo = If you can, send a photo of the meter: it makes checking quicker.
    .voice = You can send a photo of the meter in the messenger.
# @question options: option-right, option-correct
reading-lower = { register-figure }: { NUMBER($value) } is below the last reading ({ NUMBER($last) }).
    .voice =
        { register-figure }: { NUMBER($value) }
        The last reading was { NUMBER($last) } and this figure is lower.
# @question options: option-right, option-correct
reading-rollover = { register-figure }: from { NUMBER($last) } to { NUMBER($value) }. Did the counter start again? Use { NUMBER($kwh) }
    .voice =
        { register-figure } went from { NUMBER($last) } to { NUMBER($value) }.
        If the counter started again, your use is { NUMBER($kwh) }.
# @question options: option-right, option-correct
reading-high =
    { $register ->
        [total] Use
       *[other] { option-register }
    }: { KWH($kwh) } is far above your usual use. Figure { NUMBER($value) }:
    .voice =
        { register-figure }: { NUMBER($value) }
        With this figure your use is { KWH($kwh) }, far above your usual use.
# @question options: option-right, option-correct
reading-high-demand = Maximeter { NUMBER($value) } is far above your usual ({ NUMBER($last) }).
    .voice =
        Maximeter: { NUMBER($value) }
        The last reading was { NUMBER($last) } and this figure is far above your usual one.
# @question options: option-right, option-correct
reading-zero = { register-figure }: { NUMBER($value) } equals the last reading (no use).
    .voice =
        { register-figure }: { NUMBER($value) }
        This equals the last reading, so there was no use.
option-right = It is right
    .voice = keeping this figure
option-correct = Correct it
    .voice = a correction
# @list rows: row-reading-register*6 options: option-send, option-correct
reading-check = Bill { ID($bill) }
    .voice =
        Please check. { $known ->
            [yes] The bill with the middle digits { MIDDLE($bill) }
           *[no] Bill number: { ID($bill) }
        }
option-send = Right, send it
    .voice = confirming and filing
# @question options: option-register*6
reading-which = Which figure is wrong?
# @receipt
reading-done =
    Your reading is filed. Tracking code:
    { ID($code) }
    .voice =
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
    .voice =
        Your reading is filed. Tracking code:
        { ID($code) }
        Amount of the provisional bill: { RIAL($amount) }
        To be paid by: { DATE($due) }
# @receipt
rejected =
    Request { ID($code) } was refused: { refusal }
    Send it again: "menu". Help: "operator" or call 1521
    .voice =
        Your request was refused. { refusal.voice }
        To talk to a colleague, press zero.
# Why, by the backend's reasons (openapi.yaml, Progress.reason).
refusal =
    { $reason ->
        [reading_below_last] the figure is below the last reading.
        [reading_too_long] the figure has more digits than the meter.
        [reading_too_high] the figure is too high.
        [unknown_register] the figures don't fit your meter; send every row.
        [missing_register] a row of your meter is missing; send every row.
        [duplicate_register] a row was given twice.
        [already_billed] this period is billed already.
        [read_on_in_future] the date of the reading lies ahead.
        [read_on_before_last] the date is before the last reading.
        [unknown_subscription] we don't know the bill id.
        [debt] the debt has to be paid first.
        [open_request] a request of this kind is under way.
        [names_differ] applicant and resident have different names; first change the name.
        [invalid_amount] the amount is wrong.
        [other_subscriber] the bills are not of one subscriber.
        [unknown_request] the earlier request is unknown.
        [not_waiting] the request waits for no reply any more.
        [already_executed] the request has been carried out.
        [already_withdrawn] the request was withdrawn before.
        [already_closed] the request was closed before.
        [withdrawn] you withdrew it.
        [declined] you did not agree to its terms.
       *[other] it could not be filed.
    }
    .voice =
        { $reason ->
            [reading_below_last] The figure is below the last reading.
            [reading_too_long] The figure has more digits than the meter.
            [reading_too_high] The figure is too high.
            [unknown_register] The figures don't fit your meter. Please enter every row.
            [missing_register] A row of your meter is missing. Please enter every row.
            [duplicate_register] A row was given twice.
            [already_billed] This period is billed already.
            [read_on_in_future] The date of the reading lies ahead.
            [read_on_before_last] The date is before the last reading.
            [unknown_subscription] We don't know the bill number.
            [debt] The debt has to be paid first.
            [open_request] A request of this kind is under way.
            [names_differ] Applicant and resident have different names. First change the name.
            [invalid_amount] The amount is wrong.
            [other_subscriber] The bills are not of one subscriber.
            [unknown_request] The earlier request is unknown.
            [not_waiting] The request waits for no reply any more.
            [already_executed] The request has been carried out.
            [already_withdrawn] The request was withdrawn before.
            [already_closed] The request was closed before.
            [withdrawn] You withdrew it.
            [declined] You did not agree to its terms.
           *[other] It could not be filed.
        }

## Debt

# @list rows: row-reading-register*6 options: option-send, option-correct
debt-check =
    Compute the balance of bill { ID($bill) } with this? (fee on the next bill)
    .voice =
        { $known ->
            [yes] The bill with the middle digits { MIDDLE($bill) }
           *[no] Bill number: { ID($bill) }
        }
        Shall we compute the balance with this?
debt-notice = The fee comes with the next bill.
    .voice = Please note: the fee for this service comes with the next bill.
# @receipt
debt-due =
    Debt as of { DATE($date) }: { RIAL($amount) }, due { DATE($due) }
    Bill id:
    { ID($bill) }
    Payment id:
    { ID($payment) }
    Tracking: { ID($code) }
    .voice =
        Debt as of { DATE($date) }: { RIAL($amount) }
        To be paid by: { DATE($due) }
        Tracking code: { ID($code) }
# @receipt
debt-credit =
    No debt. Credit as of { DATE($date) }: { RIAL($amount) }
    Tracking: { ID($code) }
    .voice =
        You have no debt. Credit as of { DATE($date) }: { RIAL($amount) }
        Tracking code: { ID($code) }
# @receipt
debt-none =
    No debt as of { DATE($date) }.
    Tracking: { ID($code) }
    .voice =
        You have no debt as of { DATE($date) }. Tracking code:
        { ID($code) }
debt-fee = A service fee of { RIAL($fee) } comes with the next bill.
# @receipt
debt-later =
    Filed. The balance follows by SMS within five minutes. Tracking code:
    { ID($code) }
    .telegram =
        Your request is filed. The balance comes here within five minutes. Tracking code:
        { ID($code) }
    .voice =
        Your request is filed. Tracking code:
        { ID($code) }
        The balance follows within five minutes.
# @receipt
debt-later-ask =
    Filed. Ask for the result within five minutes by the tracking code:
    { ID($code) }
    .voice =
        Your request is filed. Tracking code:
        { ID($code) }
        The balance is ready within five minutes. Ask for it with this code, under request tracking.
# @receipt
debt-late =
    Sorry, the balance takes longer. It follows by SMS as soon as it is there. Tracking code:
    { ID($code) }
    .telegram =
        Sorry, the balance takes longer. It comes here as soon as it is there. Tracking code:
        { ID($code) }
    .voice =
        We are sorry. The balance takes longer and follows by text message as soon as it is there. Tracking code:
        { ID($code) }

## Proof

code-sent = If a mobile is registered for this bill, a 5-digit code was sent to it.
    .voice = If a mobile is registered, the code was sent to it.
code-called = If a mobile is registered for this bill, we call it in a moment and say a new code.
# @question options: option-code-by-call
code = Send the code.
    .voice = Enter the code.
option-code-by-call = Hear the code in a call
    .voice = hearing the code in a call
code-wrong = The code is wrong.
# @question options: option-yes, option-no
code-spent = This code is no longer valid. Send a new one?
code-limited = Too many codes were sent within the hour. Please write again later.
    .voice = Too many codes were sent within the hour. Please call again later.
code-away = Our billing system does not answer now. Please write again later.
    .voice = Our billing system does not answer now. Please call again later.
# @code
code-sms =
    Code { ID($code) } for { SERVICE($service) }
    Tell nobody.
# @code
code-sms-link-phone =
    Code { ID($code) } to confirm your number in the messenger
    Tell nobody.
# What is said in a call that brings a code, and then once more.
code-call = This is the electricity company. Your code for { SERVICE($service) }: { ID($code) }
code-call-link-phone = This is the electricity company. Your code to confirm your number in the messenger: { ID($code) }
code-call-again = Once more: { ID($code) }. Tell it to nobody.

## Histories

backend-away = Our billing system does not answer now. Please write again later.
    .voice = Our billing system does not answer now. Please call again later.
# @list rows: row-payment*4 options: option-next, option-end
payments = { NUMBER($count) } payments in two years, { RIAL($amount) } in all:
    .voice =
        Payments in the last two years: { NUMBER($count) }
        Newest first:
picture-of-payments = Payments of the last two years
    .voice = { "" }
payments-none = No payment in the last two years.
row-payment = { DATE($date) } { RIAL($amount) }
    .voice = { DATE($date) }, { RIAL($amount) }
# @list rows: row-consumption-estimated*4 options: option-next, option-end
consumption = { NUMBER($count) } periods, { KWH($kwh) } and { RIAL($amount) } in all (end, kWh, rial):
    .voice =
        Bills in the last two years: { NUMBER($count) }
        Newest first:
picture-of-consumption = Consumption of the last two years, each period beside that of a year before
    .voice = { "" }
consumption-none = No bill in the last two years.
row-consumption = { DATE($date) }: { NUMBER($kwh) }, { NUMBER($amount) }
    .voice = To { DATE($date) }: { KWH($kwh) }, { RIAL($amount) }
row-consumption-estimated = { DATE($date) }: { NUMBER($kwh) } est., { NUMBER($amount) }
    .voice = To { DATE($date) }, estimated: { KWH($kwh) }, { RIAL($amount) }
# @list rows: row-consumption-estimated*4 options: option-next, option-end
history-page = Page { NUMBER($number) } of { NUMBER($pages) }:
    .voice = Page { NUMBER($number) } of { NUMBER($pages) }
option-next = Next
    .voice = more
option-end = End

## Tavanir's star code

linked = Bill { ID($bill) } is tied to this number.
    .voice = The bill with the middle digits { MIDDLE($bill) } is tied to this number.
linked-nothing-due = Bill { ID($bill) } is tied to this number. Nothing is due.
    .voice = The bill with the middle digits { MIDDLE($bill) } is tied to this number. Nothing is due.
# @receipt
linked-due =
    Bill { ID($bill) } is tied to this number.
    Debt: { RIAL($amount) }, due { DATE($due) }
    Payment id:
    { ID($payment) }
    We never ask for card data.
    .voice =
        The bill with the middle digits { MIDDLE($bill) } is tied to this number. Debt: { RIAL($amount) }
        To be paid by: { DATE($due) }

## Pictures

# Nothing of a picture is spoken. @receipt
picture-consumption = Electricity used, kWh
    .voice = { "" }
# @receipt
picture-recent = Latest year (to { DATE($date) })
    .voice = { "" }
# @receipt
picture-before = Year before (to { DATE($date) })
    .voice = { "" }
# @receipt
picture-estimated = Estimated: the meter was not read
    .voice = { "" }
# @receipt
picture-as-of = As of { DATE($date) }
    .voice = { "" }
# @receipt
picture-month =
    { $month ->
        [1] Farvardin
        [2] Ordibehesht
        [3] Khordad
        [4] Tir
        [5] Mordad
        [6] Shahrivar
        [7] Mehr
        [8] Aban
        [9] Azar
        [10] Dey
        [11] Bahman
       *[12] Esfand
    }
    .voice = { "" }
# @receipt
picture-two-months = { TEXT($first) } &{ "\u00A0" }{ TEXT($last) }
    .voice = { "" }
# @receipt
picture-many-months = { TEXT($first) } to{ "\u00A0" }{ TEXT($last) }
    .voice = { "" }
# @receipt
picture-payments = Payments of electricity bills
    .voice = { "" }
# @receipt
picture-paid-on = Date
    .voice = { "" }
# @receipt
picture-amount = Amount (rial)
    .voice = { "" }
# @receipt
picture-paid-by = By
    .voice = { "" }
# @receipt
picture-via =
    { $via ->
        [bank] bank
        [ussd] USSD
        [app] mobile app
        [counter] counter
        [web] internet
       *[other] other
    }
    .voice = { "" }
# @receipt
picture-payment-id = Payment id
    .voice = { "" }
# @receipt
picture-reference = Reference
    .voice = { "" }
# @receipt
picture-total =
    { $count ->
        [one] { NUMBER($count) } payment
       *[other] { NUMBER($count) } payments
    }: { MONEY($amount) }
    .voice = { "" }
# @receipt
picture-older =
    { $count ->
        [one] { NUMBER($count) } older payment is not in this picture
       *[other] { NUMBER($count) } older payments are not in this picture
    }
    .voice = { "" }

## Free text

# @list options: option-service*3, option-none-of-these
which-service = Which one do you want?
option-none-of-these = None of these: menu
    .voice = the main menu
not-understood = We didn't get what you mean. We do things of electricity; write a few words or choose.
    .voice = We did not get what you mean.
you-are-welcome = You are welcome. For something else write what you want, or send "menu".
    .telegram = You are welcome. Write whenever you like.
    .voice = You are welcome.
