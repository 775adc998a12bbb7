### What is kept of a customer: requests, subscriptions, settings.

## Proof

own-no-number = For this, please write or call from your own mobile number.
    .voice = We don't have your mobile number. Please call from your own mobile.
# @code
code-sms-own =
    Code { ID($code) } opens what we keep of you
    Give it to nobody.
code-call-own = This is the electricity company. Your code that opens what we keep of you: { ID($code) }

## Requests

option-my-requests = My requests
# @form options: option-request*4
my-requests = Your requests:
    .voice = Choose the request.
option-request =
    { SERVICE($service) }: { $status ->
        [completed] ended
        [rejected] closed
       *[other] { STAGE($stage) }
    }
    .telegram = { SERVICE($service) }, { DATE($date) }
    .voice =
        { SERVICE($service) }, { $status ->
            [completed] which has ended
            [rejected] which is closed
           *[other] at the stage { STAGE($stage) }
        }
my-requests-none = You have no requests.
my-requests-none-here = There are no requests of yours in this chat. If you filed one by SMS or phone, verify your number.

## Saved subscriptions

option-subscriptions = My subscriptions
option-bill-named = { option-bill }
    .telegram = { TEXT($label) } ({ MIDDLE($bill) })
    .voice = { option-bill.voice }
# @question options: option-bill-named*5, option-add-bill
subscriptions = Your subscriptions:
    .telegram = Choose one of your subscriptions or add another bill:
    .voice = Choose one of your subscriptions.
option-add-bill = Add a bill
    .voice = another bill
# @question options: option-rename, option-remove
subscription-do = Bill { ID($bill) } { TEXT($label) }
    .voice = The bill with the middle digits { MIDDLE($bill) }
option-rename = Name it
option-remove = Remove it
    .voice = its removal from your list
option-keep-bill = Keep it
    .voice = no change
subscription-name = What shall we call this subscription? Write a short name, such as home or shop.
subscription-renamed = This subscription is now called "{ TEXT($label) }".
    .voice = The name of this subscription is noted.
subscription-removed = Bill { ID($bill) } was removed from your list.
    .voice = The bill with the middle digits { MIDDLE($bill) } was removed from your list.
subscription-added = "{ TEXT($label) }" was added to your list.
    .voice = This subscription was added to your list.
subscription-saved = Bill { ID($bill) } was added to your list.
    .voice = The bill with the middle digits { MIDDLE($bill) } was added to your list.

## Settings

option-my-settings = Settings
# @question options: option-language, option-news, option-erase
settings = Settings:
    .voice = Which setting?
option-language = Language
    .voice = the language
option-news = Where news go
    .voice = where news go
option-erase = Erase my data
    .voice = the erasure of your data
# @question options: option-persian, option-english
settings-language = Language:
    .voice = Choose the language.
option-persian = فارسی
    .voice = Persian
option-english = English
    .voice = English
# @question options: option-news-last, option-news-sms, option-news-telegram, option-news-bale
settings-news = Where shall news of your requests go?
option-news-last = Where I was last
    .voice = wherever you were last
option-news-sms = SMS
    .voice = text messages
option-news-telegram = Telegram
option-news-bale = Bale
    .voice = the messenger Bale
settings-saved = Noted.
# @list options: option-erase-all, option-keep-all
erase = Your conversations, subscriptions and settings are erased for good. Requests under way are carried out to the end. Erase?
    .voice = Your conversations, subscriptions and settings are erased for good. Requests under way are carried out to the end. Shall we erase them?
option-erase-all = Yes, erase
    .voice = yes, erase all
option-keep-all = No, keep
    .voice = no, keep it
erase-not = Nothing was erased.
erased = Your data are erased. Good-bye.
