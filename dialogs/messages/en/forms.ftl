### What every form of the catalogue says. INPUT, OPTION, DOCUMENT, INFO and FEE are texts of the services' files.

## Beginning

form-info = { INFO($service) }
# @list options: option-service*7, option-more-services
menu-group = { GROUP($group) }:
    .voice = { "" }
# @list options: option-service*5, option-more-services
menu-topic = { GROUP($group) }:
    .voice = { "" }
option-group = { GROUP($group) }

## Proof by national id

person-id = Send the subscriber's national id (a company's: 11 digits).
    .telegram = Please write the subscriber's national id; for a company, its own.
    .voice = Enter the national number of the subscriber, person or company, then hash.
person-id-wrong = This number does not belong to the subscriber.
person-id-limited = Your identity was not confirmed. We asked our staff to look at it; phone 1521
    .voice = Your identity was not confirmed. We asked our staff to look at it.
person-id-away = { backend-away }
    .voice = { backend-away.voice }

## What comes first

# @receipt
form-debt =
    Please pay what is owed first: { RIAL($amount) }
    Bill id:
    { ID($bill) }
    Payment id:
    { ID($payment) }
    .voice = What is owed must be paid before this request. The debt is: { RIAL($amount) }
# @question options: option-paid
form-debt-paid = After paying (within 7 days it goes on here):
    .telegram = After paying, press the button below. For seven days you can go on from here.
    .voice = After paying, call again within seven days and it goes on here.
option-paid = I have paid
    .voice = going on after payment
# @list rows: row-stage
form-open =
    "{ SERVICE($service) }" is under way since { DATE($date) }. Tracking code:
    { ID($code) }
    .voice =
        { SERVICE($service) } is under way since { DATE($date) }. Tracking code:
        { ID($code) }
row-stage = Stage: { STAGE($stage) }
    .voice = The stage now: { STAGE($stage) }
form-names-differ = Applicant and resident have different names. Please ask for "Change of name" first.
    .voice = Applicant and resident have different names. Please ask for a change of name first.

## Questions, by type of answer

ask-text = { INPUT($field) }: please write it.
    .voice = After the tone, say the { INPUT($field) }, then hash.
ask-national_id = { INPUT($field) } (10 digits):
    .voice = Enter the { INPUT($field) }.
ask-legal_id = { INPUT($field) } (11 digits):
    .voice = Enter the { INPUT($field) }. It has eleven digits.
ask-mobile = { INPUT($field) } (11 digits):
    .voice = Enter the { INPUT($field) }, then hash.
ask-landline = { INPUT($field) }, with its area code:
    .voice = Enter the { INPUT($field) } with its area code, then hash.
ask-postal_code = { INPUT($field) } (10 digits):
    .voice = Enter the { INPUT($field) }. It has ten digits.
ask-bill_id = { INPUT($field) }:
    .voice = Enter the { INPUT($field) }, then hash.
ask-tracking_code = { INPUT($field) } (10 digits):
    .voice = Enter the { INPUT($field) }. It has ten digits.
ask-number = { INPUT($field) } ({ NUMBER($min) } to { NUMBER($max) }):
    .voice = Enter the { INPUT($field) }, from { NUMBER($min) } to { NUMBER($max) }, then hash.
ask-money = { INPUT($field) }, in rial:
    .telegram = { INPUT($field) }, for example "200000 toman":
    .voice = Enter the { INPUT($field) } in toman, then hash.
ask-jalali_date = { INPUT($field) } (year/month/day):
    .voice = Enter the { INPUT($field) } in eight digits: year, month, day.
# @question options: option-input*5
ask-choice = { INPUT($field) }:
    .voice = { INPUT($field) }
# @question options: option-yes, option-no
ask-yes_no = { INPUT($field) }:
    .voice = { INPUT($field) }
# @question options: option-all-given
ask-another = The next one:
    .voice = Enter the next one, then hash.
row-hint = ({ HINT($field) })
    .voice = { HINT($field) }
option-input = { OPTION($option) }
option-skip-input = I have none
    .voice = going on without it
option-all-given = That was all
    .voice = the end of the list
given-twice = You gave this one before.
# @question options: option-use-kept, option-skip-document
ask-document = Send a photo or PDF: { DOCUMENT($document) }
    .voice = { DOCUMENT($document) }
option-skip-document = I'll send it later
    .voice = sending it later

## Read-back

# @form rows: row-text*5, row-fee options: option-send, option-correct-answer
form-check = { SERVICE($service) }, bill { ID($bill) }
    .voice =
        { SERVICE($service) }
        The bill with the middle digits { MIDDLE($bill) }
# @form rows: row-text*5, row-fee options: option-send, option-correct-answer
form-check-new = { SERVICE($service) }
form-fee = Fee: { FEE($service) }
    .voice = Fee: { FEE($service) }
option-correct-answer = Correct
    .voice = correcting an answer
# @form options: option-field*5
form-which = Which one is to be corrected?
    .voice = Which answer is to be corrected?
option-field = { INPUT($field) }
row-fee = Fee: { FEE($service) }
    .voice = { "" }
row-text = { INPUT($field) }: { TEXT($text) }
row-recording = { INPUT($field) }: { RECORDING($recording) }
row-yes = { INPUT($field) }: { option-yes }
row-no = { INPUT($field) }: { option-no }
row-date = { INPUT($field) }: { DATE($date) }
row-number = { INPUT($field) }: { NUMBER($value) }
row-money = { INPUT($field) }: { RIAL($value) }
row-option = { INPUT($field) }: { OPTION($option) }
row-id = { INPUT($field) }: { ID($id) }
# Nobody beside the caller should hear it (facts.md section 7).
row-person = { INPUT($field) }: { ID($id) }
    .voice = { INPUT($field) } was taken.

## Receipt

# @receipt rows: row-next, row-duration, row-to-send, row-document*2
form-done =
    "{ SERVICE($service) }" was filed. Tracking code:
    { ID($code) }
    .voice =
        { SERVICE($service) } was filed. Tracking code:
        { ID($code) }
# Where the receipt comes in writing after the call.
form-done-brief = { SERVICE($service) } is filed. You get the tracking code and the next steps by text message.
row-duration = It usually takes { NUMBER($days) } days.
    .voice = It usually takes { NUMBER($days) } days.
row-to-send = Please give these papers in the messenger or at an office, with this code:
    .voice = Please give these papers in the messenger or at an office, with this code:
row-document = { DOCUMENT($document) }
# @receipt
alert-change =
    A change of your subscription's mobile was asked for. If it wasn't you, call 1521. Tracking code:
    { ID($code) }
    .voice = { "" }

## Services with a flow of their own

# @question options: option-settle-with-visit, option-balance-only
settle-which = Settlement:
    .voice = Which kind of settlement?
option-settle-with-visit = Full settlement with a visit (6 days)
    .voice = a full settlement with a visit and a meter test
option-balance-only = Only the balance (5 minutes)
    .voice = only the balance, from the figures of the meter
prepayment-owed = You owe { RIAL($amount) } now; a prepayment is taken off it.
    .voice = You owe { RIAL($amount) } now. A prepayment is taken off it.
prepayment-credit = You are { RIAL($amount) } in credit now.
# @receipt
prepayment-done =
    Prepayment { RIAL($amount) }, until { DATE($due) }
    Bill id:
    { ID($bill) }
    Payment id:
    { ID($payment) }
    We never ask for card data. Tracking: { ID($code) }
    .voice =
        Prepayment: { RIAL($amount) }
        To be paid until: { DATE($due) }
        Tracking code: { ID($code) }
# @list rows: option-bill-named*4 options: option-just-these, option-other-bills
consolidate-saved = One bill with these of yours?
option-just-these = Yes, just these
    .voice = just these bills
option-other-bills = Other bills
row-sum = Debt in all: { RIAL($amount) }
withdraw-which = Send the tracking code of the request to withdraw.
    .voice = Enter the tracking code of the request to withdraw. It has ten digits.
withdraw-completed = "{ SERVICE($service) }" { ID($code) } has been carried out and can't be withdrawn.
    .voice = { SERVICE($service) } has been carried out and can't be withdrawn any more.
withdraw-rejected = "{ SERVICE($service) }" { ID($code) } was closed before.
    .voice = { SERVICE($service) } was closed before.
row-withdrawn = Request: { SERVICE($service) }, { DATE($date) }
    .voice = Request: { SERVICE($service) }, filed on { DATE($date) }

## A long form by phone

# @question options: option-in-this-call, option-in-writing
form-long = { SERVICE($service) } has several questions.
    .voice = This request has several questions.
option-in-this-call = going on in this call
option-in-writing = going on by SMS or messenger
# @receipt
form-continue =
    To go on with "{ SERVICE($service) }" send "continue" from this number; from another one or a messenger:
    continue { ID($code) }
    .voice =
        To go on, write continue in an SMS or a messenger, and then this code:
        { ID($code) }
continue-code = Send the code to continue (8 digits).
    .voice = Enter the code to continue.
continue-unknown = This code is not known. To start send "menu".
    .voice = This code is not known.
