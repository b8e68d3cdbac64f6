"""What people are told and promised by text, and what they write back. Pure: times are arguments.

No clock, no Redis, no carrier, no chance of its own. Every time is in seconds since 1970.

What somebody writes:

    understand(text, Asked(language, windows=3)) -> Answer      answers: which wish, or a letter
    reply_to(answer, Situation("place"), now) -> Reply          replies: what is done and answered
    noted(consent, Given(...) | Stopped(...)) -> Consent        consent: may they be sent texts?

What they are told:

    find_updates(now, [(standing, heard), ...]) -> Update, ...  updates: whose wait has moved
    heard_after(update, heard, now) -> Heard                    what they know after that
    write_text(kind, language, Fill(...), now, zone) -> str     writing: the text, one segment
    long_texts(company, number, zone) -> (language, kind), ...  what a company's name makes too long

What was promised:

    fold(account, event) -> Folded(account, opened, closed, wishes)     ledger (events, account)
    account.due                                                 when a TimePassed must come by
    owed(account), why_broken(promise, account)         breaks
    kept_shares(promises, zone), speed_of_answer(waits)         figures

How texts go out:

    useful_until(kind, wanted_at, ends), validity(now, until)   outbox_rules, and outbox.yaml
    judge(code, status, created=...) -> Verdict; next_try(verdict, tries, now, until, share)
    choose_sender(to, by_country, answer_needed=..., stopped=...)       senders
    advance(delivery, state, at, code) -> Delivery              delivery: states in any order

The words are data: `vocabularies/` is what people write, `wordings/` what we do, a file a language.
"""
