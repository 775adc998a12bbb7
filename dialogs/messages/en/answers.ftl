# Answer types: what is wrong with an answer and what to do (wrong-<type>-<code>), and one example of a
# right answer (example-<type>). Plain values are the SMS wording: at most 134 characters in the worst case.
# ".voice" is said on the phone, where the example says where to find the answer or how to enter it.

## Bill id

example-bill_id = Example: 1234567800029 (printed at the top of the bill)
    .voice = The bill number is printed at the top of the electricity bill.
wrong-bill_id-letters = A bill id has digits only. Please send it without letters.
    .voice = A bill number has digits only. Please enter it on the phone's keys.
wrong-bill_id-short = A bill id has 6 to 13 digits. Please send all of them.
    .voice = A bill number has six to thirteen digits. Please enter all of them.
wrong-bill_id-long = A bill id has at most 13 digits; { NUMBER($count) } came. Please send it again.
    .voice = A bill number has at most thirteen digits and { NUMBER($count) } came. Please enter it again.
wrong-bill_id-check_digit = This bill id is not right. Please copy it from the bill again.
    .voice = This bill number is not right. Please enter it again from the bill.
wrong-bill_id-other_utility =
    This is a { $utility ->
        [water] water
        [gas] gas
        [landline] landline
        [mobile] mobile phone
        [municipality] municipality
       *[other] different
    } bill. Please send the id of an electricity bill.
    .voice =
        This is a { $utility ->
            [water] water
            [gas] gas
            [landline] landline
            [mobile] mobile phone
            [municipality] municipality
           *[other] different
        } bill. Please enter the number of an electricity bill.

## National id of a person

example-national_id = Example: 0012345679
    .voice = The national number has ten digits and is on the national card.
wrong-national_id-letters = A national id has digits only. Please send it without letters.
    .voice = A national number has digits only. Please enter it on the phone's keys.
wrong-national_id-short = A national id has 10 digits; { NUMBER($count) } came. Please send it again.
    .voice = A national number has ten digits and { NUMBER($count) } came. Please enter it again.
wrong-national_id-long = A national id has 10 digits; { NUMBER($count) } came. Please send it again.
    .voice = A national number has ten digits and { NUMBER($count) } came. Please enter it again.
wrong-national_id-check_digit = This national id is not right. Please check its digits.
    .voice = This national number is not right. Please enter it again.

## National id of an organisation

example-legal_id = Example: 10000123455
    .voice = The national number of a company has eleven digits and is in its registration notice.
wrong-legal_id-letters = A company's national id has digits only. Please send it without letters.
    .voice = A company's national number has digits only. Please enter it on the phone's keys.
wrong-legal_id-short = A company's national id has 11 digits; { NUMBER($count) } came. Please send it again.
    .voice = A company's national number has eleven digits and { NUMBER($count) } came. Please enter it again.
wrong-legal_id-long = A company's national id has 11 digits; { NUMBER($count) } came. Please send it again.
    .voice = A company's national number has eleven digits and { NUMBER($count) } came. Please enter it again.
wrong-legal_id-check_digit = This company id is not right. Please check its digits.
    .voice = This company number is not right. Please enter it again.

## National id of either

example-person_id = { example-national_id }
    .voice = A national number has ten digits, that of a company eleven.
wrong-person_id-letters = { wrong-national_id-letters }
    .voice = { wrong-national_id-letters.voice }
wrong-person_id-short = { wrong-national_id-short }
    .voice = { wrong-national_id-short.voice }
wrong-person_id-long = { wrong-legal_id-long }
    .voice = { wrong-legal_id-long.voice }
wrong-person_id-check_digit = This number is not right. Please check its digits.
    .voice = This number is not right. Please enter it again.

## Mobile

example-mobile = Example: 09121234567
    .voice = A mobile number has eleven digits and starts with zero nine. At the end press hash.
wrong-mobile-letters = A mobile number has digits only. Please send it without letters.
    .voice = A mobile number has digits only. Please enter it on the phone's keys.
wrong-mobile-short = The mobile number is incomplete. Please send 11 digits starting with 09.
    .voice = The mobile number is incomplete. Please enter eleven digits starting with zero nine.
wrong-mobile-long = The mobile number is too long. Please send 11 digits starting with 09.
    .voice = The mobile number is too long. Please enter eleven digits starting with zero nine.
wrong-mobile-not_mobile = This is no mobile number. Please send one that starts with 09.
    .voice = This is no mobile number. Please enter one that starts with zero nine.
wrong-mobile-foreign = Only Iranian mobiles are accepted. Please send a number that starts with 09.
    .voice = Only Iranian mobiles are accepted. Please enter a number that starts with zero nine.

## Landline

example-landline = Example: 02133334444 (area code and number)
    .voice = Enter the area code, such as zero two one, then the number of eight digits. At the end press hash.
wrong-landline-letters = A phone number has digits only. Please send it without letters.
    .voice = A phone number has digits only. Please enter it on the phone's keys.
wrong-landline-short = The number is incomplete. Please send the area code and 8 digits.
    .voice = The number is incomplete. Please enter the area code and eight digits.
wrong-landline-long = The number is too long. Please send the area code and 8 digits.
    .voice = The number is too long. Please enter the area code and eight digits.
wrong-landline-no_area_code = Please send the area code too, such as 021 for Tehran.
    .voice = Please enter the area code too, such as zero two one for Tehran.
wrong-landline-area_code = The area code or the number is not right. Please send it again.
    .voice = The area code or the number is not right. Please enter it again.
wrong-landline-mobile = This is a mobile. Please send a landline with its area code.
    .voice = This is a mobile. Please enter a landline with its area code.
wrong-landline-foreign = Only Iranian numbers are accepted. Please send the area code and 8 digits.
    .voice = Only Iranian numbers are accepted. Please enter the area code and eight digits.

## A mobile or a landline

example-phone = Example: 09121234567 or 02133334444
    .voice = A mobile number, or a landline with its area code, has eleven digits. At the end press hash.
wrong-phone-letters = { wrong-landline-letters }
    .voice = { wrong-landline-letters.voice }
wrong-phone-short = The phone number is incomplete. Please send all 11 digits.
    .voice = The phone number is incomplete. Please enter all eleven digits.
wrong-phone-long = The phone number is too long. Please send 11 digits only.
    .voice = The phone number is too long. Please enter eleven digits only.
wrong-phone-no_area_code = { wrong-landline-no_area_code }
    .voice = { wrong-landline-no_area_code.voice }
wrong-phone-area_code = { wrong-landline-area_code }
    .voice = { wrong-landline-area_code.voice }
wrong-phone-foreign = Only Iranian phones are accepted.
    .voice = Only Iranian phones are accepted. Please enter another number.

## Postal code

example-postal_code = Example: 1345678901
    .voice = A postal code has ten digits. Enter them one after the other.
wrong-postal_code-letters = A postal code has digits only. Please send it without letters.
    .voice = A postal code has digits only. Please enter it on the phone's keys.
wrong-postal_code-short = A postal code has 10 digits; { NUMBER($count) } came. Please send it again.
    .voice = A postal code has ten digits and { NUMBER($count) } came. Please enter it again.
wrong-postal_code-long = A postal code has 10 digits; { NUMBER($count) } came. Please send it again.
    .voice = A postal code has ten digits and { NUMBER($count) } came. Please enter it again.
wrong-postal_code-invalid = This postal code is not right. Please check its digits.
    .voice = This postal code is not right. Please enter it again.

## Meter reading

example-meter_reading = Example: 12345 (the black digits). Send low figures with their zeros, such as 00011
    .voice = Enter only the black digits, from left to right, with the zeros before them.
wrong-meter_reading-letters = Please send only the number on the meter, in digits.
    .voice = Please enter only the figure of the meter on the phone's keys.
wrong-meter_reading-decimal = Leave out the red digits after the decimal point; send a whole number.
    .voice = Please leave out the red digits after the decimal point.
wrong-meter_reading-too_long = Your meter has { NUMBER($digits) } digits. Leave out the red ones.
    .voice = Your meter has { NUMBER($digits) } digits. Please leave out the red ones.

## Number

example-number = Example: 25
    .voice = Enter the number on the phone's keys, then press hash.
wrong-number-letters = Please send one number, in digits only.
    .voice = Please enter one number on the phone's keys.
wrong-number-decimal = Please send a whole number without decimals.
    .voice = Please enter a whole number without decimals.
wrong-number-below = The least is { NUMBER($min) }. Please send it again.
    .voice = The least is { NUMBER($min) }. Please enter it again.
wrong-number-above = The most is { NUMBER($max) }. Please send it again.
    .voice = The most is { NUMBER($max) }. Please enter it again.

## Money

example-money = Example: 1200000 rial or 120000 toman
    .voice = Enter the amount in toman, then press hash.
wrong-money-letters = Please send the amount in digits, such as 1200000 rial.
    .voice = Please enter the amount in toman on the phone's keys.
wrong-money-decimal = Please send the amount without decimals, such as 1200000 rial.
    .voice = Please enter the amount in toman, without decimals.
wrong-money-unit = Rial or toman? Please send the amount with its unit.
    .voice = Please enter the amount in toman.
wrong-money-below = The least is { MONEY($min) }. Please send it again.
    .voice = The least is { MONEY($min) }. Please enter the amount in toman.
wrong-money-above = The most is { MONEY($max) }. Please send it again.
    .voice = The most is { MONEY($max) }. Please enter the amount in toman.

## Date

example-jalali_date = Example: 1405/8/30
    .voice = The date has eight digits: four for the year, two for the month and two for the day.
wrong-jalali_date-unclear = This date is not clear. Please send it as year/month/day: 1405/8/30
    .voice = This date is not clear. Please enter year, month and day in eight digits.
wrong-jalali_date-not_real = There is no such day in the calendar. Please send the date again.
    .voice = There is no such day in the calendar. Please enter the date again.
wrong-jalali_date-gregorian = Please send the date in the Iranian calendar, such as 1405/8/30
    .voice = Please enter the date in the Iranian calendar.
wrong-jalali_date-too_early = The date can't be before { DATE($earliest) }. Please send it again.
    .voice = The date can't be before { DATE($earliest) }. Please enter it again.
wrong-jalali_date-too_late = The date can't be after { DATE($latest) }. Please send it again.
    .voice = The date can't be after { DATE($latest) }. Please enter it again.

## Tracking code

example-tracking_code = Example: 7705602008
    .voice = The tracking code has ten digits and is in our text message.
wrong-tracking_code-letters = A tracking code has digits only. Please send it without letters.
    .voice = A tracking code has digits only. Please enter it on the phone's keys.
wrong-tracking_code-short = A tracking code has 10 digits; { NUMBER($count) } came. Please send it again.
    .voice = A tracking code has ten digits and { NUMBER($count) } came. Please enter it again.
wrong-tracking_code-long = A tracking code has 10 digits; { NUMBER($count) } came. Please send it again.
    .voice = A tracking code has ten digits and { NUMBER($count) } came. Please enter it again.
wrong-tracking_code-check_digit = This tracking code is not right. Please copy it from our message.
    .voice = This tracking code is not right. Please enter it again from our text message.
wrong-tracking_code-bill_id = This is a bill id. Please send the tracking code of 10 digits.
    .voice = This is a bill number. Please enter the tracking code of ten digits.

## Choice, yes or no

example-choice = Example: 1
    .telegram = Press the button of an option, or write its name.
    .voice = Listen to the options and press the number of one. To hear them again press nine, to go back press star.
wrong-choice-unknown = That is not one of the options. Please send the number of one.
    .telegram = That is not one of the options. Please press one of the buttons.
    .voice = That is not one of the options. Please press the number of one.
example-yes_no = 1 is the first option, 2 is the second
    .telegram = Press one of the two buttons, or write "yes" or "no".
    .voice = For the first option press one, for the second press two.
wrong-yes_no-unclear = Sorry, I did not get that. Please send only 1 or 2.
    .telegram = Sorry, we did not get that. Please press one of the two buttons.
    .voice = Sorry, we did not get that. Please press one or two.

## Text

example-text = Example: Tehran, Azadi street, no. 12
    .voice = After the tone say your answer, and at the end press hash.
wrong-text-short = This is too short. Please send at least { NUMBER($min) } characters.
    .voice = The answer was short. Please say a little more.
wrong-text-long = This is too long. Please send at most { NUMBER($max) } characters.
    .voice = The answer was long. Please say it in fewer words.
wrong-text-no_letters = Please answer in words.
    .voice = Please say your answer after the tone.

## One-time code

example-one_time_code = Example: 12345
    .voice = The code has five digits and is in our text message.
wrong-one_time_code-letters = The code has digits only. Please send the 5 digits.
    .voice = The code has digits only. Please enter the five digits.
wrong-one_time_code-length = The code has 5 digits. Please send exactly those.
    .voice = The code has five digits. Please enter exactly those.

## Voice

example-voice = Example: This is Ahmadi, my bill is wrong.
    .voice = Speak after the tone, and at the end press hash.
wrong-voice-empty = Nothing arrived. Please send it again.
    .voice = We heard nothing. Please speak after the tone.
wrong-voice-unreadable = This recording can't be heard. Please send it again.
    .voice = Your voice was not recorded. Please say it again.
wrong-voice-keys = Please answer in words.
    .voice = Please say your answer instead of pressing keys.

## The customer's own mobile

example-own_phone = { example-mobile }
    .voice = { example-mobile.voice }
wrong-own_phone-letters = { wrong-mobile-letters }
    .voice = { wrong-mobile-letters.voice }
wrong-own_phone-short = { wrong-mobile-short }
    .voice = { wrong-mobile-short.voice }
wrong-own_phone-long = { wrong-mobile-long }
    .voice = { wrong-mobile-long.voice }
wrong-own_phone-not_mobile = { wrong-mobile-not_mobile }
    .voice = { wrong-mobile-not_mobile.voice }
wrong-own_phone-foreign = { wrong-mobile-foreign }
    .voice = { wrong-mobile-foreign.voice }

## Photo

example-photo = A clear photo, taken from the front, on which every digit can be read.
wrong-photo-missing = This is not a photo. Please send one.
wrong-photo-type = Files of this type are not accepted. Please send a photo or a PDF.
    .voice = Files of this type are not accepted. Please send a photo.
wrong-photo-large = This file is too large. Please send a smaller one.
wrong-photo-failed = Your file did not reach us. Please send it again.
wrong-photo-limited = You have sent too many files today. Please send this one tomorrow.
wrong-photo-many = At most { NUMBER($max) } photos are accepted. Please send them again.
