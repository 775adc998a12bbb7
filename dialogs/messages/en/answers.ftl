# Answer types: what is wrong with an answer and what to do (wrong-<type>-<code>), and one example of a
# right answer (example-<type>). Plain values are the SMS wording: at most 134 characters in the worst case.

## Bill id

example-bill_id = Example: 1234567800029 (printed at the top of the bill)
wrong-bill_id-letters = A bill id has digits only. Please send it without letters.
wrong-bill_id-short = A bill id has 6 to 13 digits. Please send all of them.
wrong-bill_id-long = A bill id has at most 13 digits; { NUMBER($count) } came. Please send it again.
wrong-bill_id-check_digit = This bill id is not right. Please copy it from the bill again.
wrong-bill_id-other_utility =
    This is a { $utility ->
        [water] water
        [gas] gas
        [landline] landline
        [mobile] mobile phone
        [municipality] municipality
       *[other] different
    } bill. Please send the id of an electricity bill.

## National id of a person

example-national_id = Example: 0012345679
wrong-national_id-letters = A national id has digits only. Please send it without letters.
wrong-national_id-short = A national id has 10 digits; { NUMBER($count) } came. Please send it again.
wrong-national_id-long = A national id has 10 digits; { NUMBER($count) } came. Please send it again.
wrong-national_id-check_digit = This national id is not right. Please check its digits.

## National id of an organisation

example-legal_id = Example: 10000123455
wrong-legal_id-letters = A company's national id has digits only. Please send it without letters.
wrong-legal_id-short = A company's national id has 11 digits; { NUMBER($count) } came. Please send it again.
wrong-legal_id-long = A company's national id has 11 digits; { NUMBER($count) } came. Please send it again.
wrong-legal_id-check_digit = This company id is not right. Please check its digits.

## Mobile

example-mobile = Example: 09121234567
wrong-mobile-letters = A mobile number has digits only. Please send it without letters.
wrong-mobile-short = The mobile number is incomplete. Please send 11 digits starting with 09.
wrong-mobile-long = The mobile number is too long. Please send 11 digits starting with 09.
wrong-mobile-not_mobile = This is no mobile number. Please send one that starts with 09.
wrong-mobile-foreign = Only Iranian mobiles are accepted. Please send a number that starts with 09.

## Landline

example-landline = Example: 02133334444 (area code and number)
wrong-landline-letters = A phone number has digits only. Please send it without letters.
wrong-landline-short = The number is incomplete. Please send the area code and 8 digits.
wrong-landline-long = The number is too long. Please send the area code and 8 digits.
wrong-landline-no_area_code = Please send the area code too, such as 021 for Tehran.
wrong-landline-area_code = The area code or the number is not right. Please send it again.
wrong-landline-mobile = This is a mobile. Please send a landline with its area code.
wrong-landline-foreign = Only Iranian numbers are accepted. Please send the area code and 8 digits.

## Postal code

example-postal_code = Example: 1345678901
wrong-postal_code-letters = A postal code has digits only. Please send it without letters.
wrong-postal_code-short = A postal code has 10 digits; { NUMBER($count) } came. Please send it again.
wrong-postal_code-long = A postal code has 10 digits; { NUMBER($count) } came. Please send it again.
wrong-postal_code-invalid = This postal code is not right. Please check its digits.

## Meter reading

example-meter_reading = Example: 12345 (the black digits). Send low figures with their zeros, such as 00011
wrong-meter_reading-letters = Please send only the number on the meter, in digits.
wrong-meter_reading-decimal = Leave out the red digits after the decimal point; send a whole number.
wrong-meter_reading-too_long = Your meter has { NUMBER($digits) } digits. Leave out the red ones.

## Number

example-number = Example: 25
wrong-number-letters = Please send one number, in digits only.
wrong-number-decimal = Please send a whole number without decimals.
wrong-number-below = The least is { NUMBER($min) }. Please send it again.
wrong-number-above = The most is { NUMBER($max) }. Please send it again.

## Money

example-money = Example: 1200000 rial or 120000 toman
wrong-money-letters = Please send the amount in digits, such as 1200000 rial.
wrong-money-decimal = Please send the amount without decimals, such as 1200000 rial.
wrong-money-unit = Rial or toman? Please send the amount with its unit.
wrong-money-below = The least is { MONEY($min) }. Please send it again.
wrong-money-above = The most is { MONEY($max) }. Please send it again.

## Date

example-jalali_date = Example: 1405/8/30
wrong-jalali_date-unclear = This date is not clear. Please send it as year/month/day: 1405/8/30
wrong-jalali_date-not_real = There is no such day in the calendar. Please send the date again.
wrong-jalali_date-gregorian = Please send the date in the Iranian calendar, such as 1405/8/30
wrong-jalali_date-too_early = The date can't be before { DATE($earliest) }. Please send it again.
wrong-jalali_date-too_late = The date can't be after { DATE($latest) }. Please send it again.

## Tracking code

example-tracking_code = Example: 7705602008
wrong-tracking_code-letters = A tracking code has digits only. Please send it without letters.
wrong-tracking_code-short = A tracking code has 10 digits; { NUMBER($count) } came. Please send it again.
wrong-tracking_code-long = A tracking code has 10 digits; { NUMBER($count) } came. Please send it again.
wrong-tracking_code-check_digit = This tracking code is not right. Please copy it from our message.
wrong-tracking_code-bill_id = This is a bill id. Please send the tracking code of 10 digits.

## Choice, yes or no

example-choice = Example: 1
wrong-choice-unknown = That is not one of the options. Please send the number of one.
example-yes_no = 1 is the first option, 2 is the second
wrong-yes_no-unclear = Sorry, I did not get that. Please send only 1 or 2.

## Text

example-text = Example: Tehran, Azadi street, no. 12
wrong-text-short = This is too short. Please send at least { NUMBER($min) } characters.
wrong-text-long = This is too long. Please send at most { NUMBER($max) } characters.
wrong-text-no_letters = Please answer in words.

## One-time code

example-one_time_code = Example: 12345
wrong-one_time_code-letters = The code has digits only. Please send the 5 digits.
wrong-one_time_code-length = The code has 5 digits. Please send exactly those.
