"""The carrier, Twilio: the only rooms that know its words are here.

`twiml` writes what a turn of a call asks for, `forms` reads what comes back, `signature` tells its
requests from anyone else's, `numbers` tells a caller from a withheld one, `rest` asks it questions.
"""
