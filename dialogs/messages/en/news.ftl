### Where requests stand: tracking, news of their stages, the answer to terms, documents that come later.

## Tracking

track = Send the 10-digit tracking code.
    .voice = Enter the tracking code of ten digits.
track-unknown = There is no request with the code { ID($code) }.
    .voice = There is no request with this code.
# @list rows: row-next, row-scheduled, row-pay
track-stage =
    { SERVICE($service) } { ID($code) }, filed { DATE($date) }
    Stage { NUMBER($number) } of { NUMBER($count) }: { STAGE($stage) }
    .voice =
        { SERVICE($service) }
        Filed on: { DATE($date) }
        Stage { NUMBER($number) } of { NUMBER($count) }: { STAGE($stage) }
# A stage beside the usual way. @list rows: row-next, row-scheduled, row-pay
track-aside =
    { SERVICE($service) } { ID($code) }, filed { DATE($date) }
    Stage: { STAGE($stage) }
    .voice =
        { SERVICE($service) }
        Filed on: { DATE($date) }
        Present stage: { STAGE($stage) }
row-next = Then: { STAGE($stage) }
row-scheduled = Visit on { DATE($date) }
row-work-on = Work on { DATE($date) }
row-cost = Cost: { RIAL($amount) }
row-refund = Refund: { RIAL($amount) }
row-pay =
    To pay: { RIAL($amount) }, due { DATE($due) }
    Bill id: { ID($bill) }
    Payment id: { ID($payment) }
    .voice =
        Amount to pay: { RIAL($amount) }
        To be paid by: { DATE($due) }
# @receipt rows: row-refund
track-completed =
    { SERVICE($service) } { ID($code) }, filed { DATE($date) }
    Done: { STAGE($stage) }
    .voice =
        { SERVICE($service) }
        Filed on: { DATE($date) }
        This request is done. Last stage: { STAGE($stage) }
# @receipt rows: row-refund
track-ended =
    { SERVICE($service) } { ID($code) }, filed { DATE($date) }
    Ended: { STAGE($stage) }
    .voice =
        { SERVICE($service) }
        Filed on: { DATE($date) }
        This request has come to its end. Last stage: { STAGE($stage) }
# @receipt
track-rejected =
    { SERVICE($service) } { ID($code) }, filed { DATE($date) }
    { rejected }
    .voice =
        { SERVICE($service) }
        Filed on: { DATE($date) }
        { rejected.voice }
# @receipt
track-closed =
    { SERVICE($service) } { ID($code) }, filed { DATE($date) }
    Closed: { refusal }
    .voice =
        { SERVICE($service) }
        Filed on: { DATE($date) }
        This request is closed. { refusal.voice }
# Of a service that is no longer offered.
track-plain =
    Request { ID($code) }, { DATE($date) }: { $status ->
        [completed] it is done.
       *[other] it is under way.
    }
    .voice =
        Filed on: { DATE($date) }
        { $status ->
            [completed] This request is done.
           *[other] This request is under way.
        }
# @question options: option-reply-terms, option-send-documents, option-end
track-do = You can now:
    .voice = Please choose.
option-reply-terms = Reply to the terms
    .voice = a reply to its terms
option-send-documents = Send documents
    .voice = { "" }

## News

# @receipt
news-bill =
    { SERVICE($service) } { ID($code) }
    Bill: { RIAL($amount) }, due { DATE($due) }
    Bill id:
    { ID($bill) }
    Payment id:
    { ID($payment) }
    We never ask for card data.
    .voice =
        { SERVICE($service) }: the bill is issued. Amount: { RIAL($amount) }
        To be paid by: { DATE($due) }
news-scheduled = { SERVICE($service) } { ID($code) }: visit on { DATE($date) }
    .voice =
        { SERVICE($service) }
        Visit on: { DATE($date) }
news-date = { SERVICE($service) } { ID($code) }: work on { DATE($date) }
    .voice =
        { SERVICE($service) }
        Work on: { DATE($date) }
# @receipt
news-agreement =
    { SERVICE($service) } { ID($code) }
    The cost is { RIAL($amount) }; it waits for your reply. To reply, send:
    terms { ID($code) }
    .voice =
        { SERVICE($service) } waits for your reply. Its cost: { RIAL($amount) }
        To reply, follow the request by its tracking code.
# @receipt
news-agreement-free =
    { SERVICE($service) } { ID($code) }
    Its terms wait for your reply. To reply, send:
    terms { ID($code) }
    .voice =
        { SERVICE($service) }: its terms wait for your reply.
        To reply, follow the request by its tracking code.
news-terms = { SERVICE($service) } { ID($code) }: its cost is { RIAL($amount) }.
    .voice =
        { SERVICE($service) }
        Its cost: { RIAL($amount) }
news-refund = { SERVICE($service) } { ID($code) }: { STAGE($stage) } ({ RIAL($amount) })
    .voice =
        { SERVICE($service) }: { STAGE($stage) }
        Refund: { RIAL($amount) }
news-work = { SERVICE($service) } { ID($code) }: done ({ STAGE($stage) }).
    .voice =
        { SERVICE($service) }
        This is done: { STAGE($stage) }
news-archived = { SERVICE($service) } { ID($code) } is archived and goes no further.
    .voice = { SERVICE($service) } is archived and goes no further.
# @receipt
news-result =
    { SERVICE($service) } { ID($code) }: { $result ->
        [meter_accurate] The meter works right ({ STAGE($stage) }).
        [meter_faulty] The meter doesn't work right; you were right.
        [bill_confirmed] The bill is right and stays as it is.
        [bill_corrected] The bill was corrected.
        [settled] The account is settled.
        [credited] The amount was credited to you.
       *[households_confirmed] The number of households was confirmed.
    }
    .voice =
        { SERVICE($service) }
        { $result ->
            [meter_accurate] { STAGE($stage) }. The meter works right.
            [meter_faulty] The meter doesn't work right. You were right.
            [bill_confirmed] The bill is right and stays as it is.
            [bill_corrected] The bill was corrected.
            [settled] The account is settled.
            [credited] The amount was credited to you.
           *[households_confirmed] The number of households was confirmed.
        }
news-completed = { SERVICE($service) } { ID($code) } has come to its end: { STAGE($stage) }
    .voice =
        { SERVICE($service) } has come to its end.
        Last stage: { STAGE($stage) }
news-stage = { SERVICE($service) } { ID($code) }: { STAGE($stage) }
    .voice =
        { SERVICE($service) }
        New stage: { STAGE($stage) }
# @receipt
news-rejected =
    { SERVICE($service) }:
    { rejected }
    .voice =
        { SERVICE($service) }
        { rejected.voice }
# @receipt
news-closed = { SERVICE($service) } { ID($code) } is closed: { refusal }
    .voice = { SERVICE($service) } is closed. { refusal.voice }
# @receipt
news-reply-refused =
    { $service ->
        [send_documents] Your documents were refused:
       *[other] Your reply was refused:
    } { refusal }
    .voice =
        { $service ->
            [send_documents] Your documents were refused.
           *[other] Your reply was refused.
        }
        { refusal.voice }

## The answer to terms

# @question options: option-agree, option-disagree
terms = { SERVICE($service) } { ID($code) }: cost { RIAL($amount) }. Do you agree?
    .voice =
        { SERVICE($service) }
        Its cost: { RIAL($amount) }
        Do you agree to its terms and cost?
# @question options: option-agree, option-disagree
terms-free = { SERVICE($service) } { ID($code) }: do you agree to its terms?
    .voice =
        { SERVICE($service) }
        Do you agree to its terms?
option-agree = Yes
    .telegram = I agree
    .voice = yes, I agree
option-disagree = No
    .telegram = I don't agree
    .voice = no, I don't agree
# @question options: option-decline, option-keep-request
terms-decline = Request { ID($code) } will be archived. Are you sure?
    .voice = This request will be archived. Are you sure?
option-decline = Yes, I don't agree
    .voice = yes, archive the request
option-keep-request = Back to the question
terms-agreed = You agreed to the terms of { ID($code) }. We tell you of the next stage.
    .voice = Your agreement is noted. We tell you of the next stage.
terms-declined = Your reply is noted. Request { ID($code) } will be archived.
    .voice = Your reply is noted. This request will be archived.
# @form options: option-request-code*4
terms-which = Which request do you reply to?
option-request-code = { SERVICE($service) } { ID($code) }
terms-code = Send the tracking code of the request that waits for your reply.
    .voice = Enter the tracking code of the request that waits for your reply. It has ten digits.
terms-none = Request { ID($code) } waits for no reply.
    .voice = This request waits for no reply.

## Documents that come later

# @list rows: row-document*2
documents-missing = If you haven't given these documents yet, send them in the messenger or bring them with the code:
    .voice = If you have not given these documents yet, send them in the messenger or bring them with the code:
documents-none = Nothing was sent. Whenever you like, track the request again.
    .voice = { "" }
documents-sent = The documents of request { ID($code) } are filed.
    .voice = { "" }
