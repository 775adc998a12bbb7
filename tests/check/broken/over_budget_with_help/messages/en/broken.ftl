# @list
broken = Please send your name, phone number and address in one message.
