"""The shape and the lifetime of every key. All of Ringback's own begin with `ringback:`.

ringback:call:CALL      hash
    state (JSON of engine.call.Call), turn, answer (what the last turn told the carrier), status,
    rank, sequence, seconds, at (of its last news), back (the callback instead of which they wait).
    CALL_LIFETIME after its first turn or last status, ENDED_LIFETIME once ended (of a rank from
    ENDED_RANK on).
    Without a state: the carrier told of the call before its first turn.
ringback:events         stream
    at, call, events (JSON list of engine.events: what one turn, or the end of the call, brought).
    The newest EVENTS_KEPT entries, or a few more.
ringback:trace:CALL     list
    JSON of store.traces.Step: one for each turn, and one for the end. TRACE_LIFETIME after the
    first turn and after the end.
ringback:calls          zset
    CALL by the time of its first turn, or of its end when none was taken. The newest CALLS_KEPT.
ringback:voicemail:ID   hash
    message (JSON of engine.events.Voicemail), recording (ready or failed; absent: under way),
    reason_of (the callback that it tells about, and then it is no voicemail), call, told_as and
    seconds (as told with it), heard_by, heard_at. For ever while unheard,
    HEARD_LIFETIME once heard.
    Without a message: the carrier told of the recording before the turn that keeps it;
    EARLY_LIFETIME.
ringback:voicemails     zset
    ID by the time when it was left. Those heard are taken out once their hash is gone.
ringback:text:ID        hash
    text (JSON of store.outbox.OutboxText), stands (JSON of store.outbox.Stands), version (how often
    that was written), rank (store.outbox.rank). TEXT_LIFETIME after it was written last.
ringback:outbox         zset
    ID of every text by the time when it was wanted. TEXT_LIFETIME.
ringback:texts:of:SUBJECT  zset
    ID of the texts about a callback or a call, by the time when they were wanted. TEXT_LIFETIME
    after the last.
ringback:texts:to:NUMBER  zset
    The same by number, or by `mail:CALLBACK`.
ringback:texts:new      zset
    ID of those that wait for a sender, by store.outbox.rank: urgency, then time.
ringback:texts:senders  set
    SENDER (a number, the SID of a service, a name, an address that mail comes from) that texts have
    waited for. For ever.
ringback:texts:queue:SENDER  zset
    ID of those that it may send now, by their rank.
ringback:texts:later:SENDER  zset
    ID of those that are to be sent, or looked for at the carrier, later, by when; and of those that
    are being sent, by when nothing having been written of it means that the worker was killed.
ringback:texts:pace:SENDER  hash
    at (until when its rate is used up), hold (nothing is sent until then). An hour.
ringback:texts:stopped  hash
    SENDER, or * for all, -> JSON of store.senders.Stop. Until somebody lifts it.
ringback:texts:checks   zset
    ID of those of which the carrier is asked, by when, if it tells nothing before.
ringback:texts:untold:NUMBER  zset
    ID of those that have not arrived, by the time when that was known: the person is to be told by
    voice. UNTOLD_LIFETIME after the last.
ringback:texts:unreachable:NUMBER  string
    JSON of store.senders.Unreachable: texts do not reach this number. UNREACHABLE_LIFETIME.
ringback:due            zset
    ID (KIND:SUBJECT) by the time when it is due, or while a worker has claimed it by the time when
    the worker's lease runs out. For ever.
ringback:due:urgent     zset
    The same for the kinds for which somebody waits; these are claimed before all others:
    ring_agent reservation_ends release_agent bring_person wrap_up_ends end_conference settle_hold
ringback:due:unhurried  zset
    Claims of what is not urgent, by the time when their lease runs out.
ringback:due:records    hash
    ID -> JSON of store.due.DueRecord. For ever.
ringback:due:dead       list
    JSON of the records that were given up, the newest first. The newest DEAD_KEPT.
ringback:flows          hash
    serial, version, trial (JSON of store.published.Trial): what new calls begin with. For ever.
ringback:flows:set:VERSION  hash
    file name -> content. Once published for ever, or until it is forgotten by command; in
    development CALL_LIFETIME.
ringback:flows:scripts:VERSION  hash
    file name -> content: the scripts of calls that a published set was rehearsed with last. As long
    as the set.
ringback:flows:history  list
    JSON of store.published.Change, the newest first. The newest CHANGES_KEPT.
ringback:notices        hash
    ID -> JSON of flow.notice.Notice. Until they are switched off.
ringback:line:QUEUE     zset
    PLACE by its order: the seconds at which the person first rang, less their boost. Those who
    wait; whoever is reserved for an agent is not in it.
ringback:place:PLACE    hash
    state (waiting, reserved, served, left), queue, kind (live, callback), call, order, boost,
    first, joined, number (NewPlace has what it means), record (JSON of store.line.Person),
    reservation, back (why it came back into the line), why, ended, agent, talk (where they are, or
    were last), seen_to (1: whether a callback keeps it is decided). PLACE is the id of a live
    caller's call. PLACE_LIFETIME after the end.
ringback:line:of:NUMBER set
    PLACE of those who ring from there and wait, or are with an agent, and of the callbacks to it
    that stand in a line. CALL_LIFETIME after the last joined.
ringback:agents         set
    NAME of everybody who has been there; guests while they are.
ringback:agent:NAME     hash
    presence, since, reservation, until (of a wrap-up), leaving (1: away after this call), skills
    (JSON: [[queue, weight], ...]), address, leg (the call they wait on), guest. For ever.
ringback:idle:QUEUE     zset
    NAME of those available for it, by the time since when.
ringback:there:QUEUE    set
    NAME of those who are there for it, idle or not, and not about to go.
ringback:reservations   string
    How many there have been.
ringback:reservation:ID hash
    agent, place, queue, kind, state (offered, accepted, declined, no_answer, failed, person_left,
    over), at, leg (the agent's call), talk (where the person is already, passed on by a colleague),
    accepted, ended, dialling (since when their telephone is being rung: written before it is), rung
    (the call that rings it), brought (since when the person is being brought to them).
    PLACE_LIFETIME after the end. One that nobody was heard of ends after RESERVATION_LASTS.
ringback:talk:RESERVATION hash
    state (talking, held, offering, introducing, alone, over), since, place, queue, call (of the
    person), agent and reservation (who is responsible), other (reservation of who takes over), held
    (1: on hold; made so at the carrier by a due record, SENTENCE_LASTS later where the agent hears
    something first), to (queue or agent), refused, why. Named after its first reservation.
    CALL_LIFETIME; PLACE_LIFETIME once over.
ringback:pins           hash
    NAME of an agent -> JSON of store.pins.StoredPin. For ever.
ringback:pins:numbers   hash
    NUMBER that an agent keys in -> NAME. For ever.
ringback:pins:tries:NAME string
    How often a PIN was tried since it was last right. services.agents.pins.LOCKED_FOR after the
    last.
ringback:leg:CALL       string
    NAME of the agent who waits on that call. CALL_LIFETIME.
ringback:overtaken      hash
    QUEUE:WHY -> how often somebody who came later was served first. For ever.
ringback:estimates      hash
    version, snapshot (JSON of services.estimates.following.Follower), last (id of the last event
    that it knows), at, ensured (when it was last made due). For ever.
ringback:boards         hash
    QUEUE -> JSON of queueing.board.Board. Each writing replaces all.
ringback:waits          hash
    PLACE -> the remaining wait (low, median, high, mean: four 32-bit floats) at its board's time.
    Each writing replaces all.
ringback:needs          string
    JSON of queueing.needs.QueueNeeds, a list. For ever.
ringback:joined:QUEUE   hash
    number of the half-hour since 1970 -> how many joined in it. For ever.
ringback:callback:ID    hash
    version, record (JSON of callbacks.record.Callback), about (JSON of store.callbacks.About),
    state, queue, told (the ids of its moves in ringback:events), mail (JSON of store.mail.MailTo,
    until they want none); and where else it is counted: matter, room, ringing, stands. ID is also
    the id of its place in the line. CALLBACK_LIFETIME after its end.
ringback:callbacks      zset
    ID of the open ones, by the time until which the call is promised.
ringback:callbacks:ended  zset
    ID by the time of the end. CALLBACK_LIFETIME.
ringback:callbacks:matters  hash
    NUMBER[;EXTENSION]|MATTER -> ID of the one open callback for it.
ringback:callbacks:of:NUMBER  zset
    ID of those who are to be rung there or rang from there, by the time of the last move.
    CALLBACK_LIFETIME after it.
ringback:callbacks:booked:QUEUE  hash
    beginning of a window -> how many callbacks need room in it.
ringback:callbacks:places:QUEUE  zset
    ID of those who stand in the line (or are offered to an agent just now), by their order.
ringback:callbacks:windows:QUEUE  zset
    ID of those whose window has begun and who are to be rung (state due), by its end.
ringback:callbacks:ringing  hash
    NUMBER -> ID of the callback that has, or may have, a call on its way there.
ringback:callbacks:lock:NUMBER  hash
    fence, holder, until: the process that may dial it. A day after it was taken last.
ringback:callbacks:fence  string
    How often any such lock was taken. For ever.
ringback:callbacks:asked  zset
    ID of all that were promised in the last hour, by when.
ringback:callbacks:asked:NUMBER  zset
    ID of those that were promised to the number in the last day, by when.
ringback:callbacks:rung:NUMBER  zset
    Attempts at the number in the last day, by when.
ringback:callbacks:others:WHO  zset
    NUMBER that WHO (a caller's number, or an address of the web) had rung beside their own, by
    when; of the last day.
ringback:keeping:NUMBER string
    CALL in which they hung up while they waited, until their place is kept, or is not.
    KEEPING_LIFETIME.
ringback:callbacks:rooms  hash
    QUEUE -> JSON of callbacks.windows.Capacity, QUEUE:at when it was worked out, QUEUE:over -> JSON
    of the windows that had more callbacks than room then (callbacks.windows.Overbooked, a list).
ringback:consents       hash
    NUMBER -> JSON of promises.consent.Consent: whether texts may be sent there. For ever.
ringback:answered:TEXT  string
    begun while a text of somebody's is being answered (ANSWERING), then done (ANSWERED_LIFETIME).
    TEXT is the carrier's id of it.
ringback:conversation:NUMBER  string
    JSON of store.conversations.Conversation. CONVERSATION_LIFETIME after the last text from there.
ringback:heard          hash
    PLACE of a callback in the line -> JSON of store.heard.Known: what time they were told last. As
    long as it stands there.
ringback:notes:CALLBACK hash
    TEXT -> JSON of store.conversations.Note: what the person wrote. The first MOST_NOTES;
    CALLBACK_LIFETIME after the last.
ringback:calls_wishes   hash
    NUMBER -> JSON of store.consent.CallsWish: whether it may be rung. For ever.
ringback:form:accepted  zset
    NONCE of the forms of the page `Call me back` that were accepted in the last hour, by when.
ringback:form:address:WHO  zset
    The same of one address of the web, of which WHO is a keyed hash.
ringback:form:tries:WHO string
    How often that address sent a form. An hour after the first.
ringback:promises       hash
    version, last (id of the last event that the accounts know), at, ensured (when following was
    last made due), lost_after and lost_before (ids around the last events that were trimmed
    unread). For ever.
ringback:promises:account:SUBJECT  string
    JSON of promises.account.Account; SUBJECT is a place in the line, a callback or a text.
    SETTLED_LIFETIME after its last event, ACCOUNT_LIFETIME where a promise was broken, and at
    least while one is open.
ringback:promises:due   zset
    SUBJECT with an open promise, by the time when the clock must come by.
ringback:promises:kept:DAY  hash
    `KIND OUTCOME QUEUE` -> how many promises of that day (DAY in the company's time) ended so. For
    ever.
ringback:promises:waits:DAY  hash
    SUBJECT -> JSON of promises.figures.Waited, of those who first rang that day. WAITS_LIFETIME.
ringback:promises:broken:DAY  set
    SUBJECT with a broken promise whose time was that day. ACCOUNT_LIFETIME.
ringback:apologise:SUBJECT  string
    JSON of the broken promise (promises.account.Promise) for which somebody is to hear an apology
    when they are rung or ring: whoever says it calls store.promises.PromiseStore.apologised.
    ACCOUNT_LIFETIME.
ringback:written        string
    Counts up where something must be on disk. For ever.
ringback:wake           list
    Something is due at once; the clock that leads waits for it.
ringback:slots          zset
    ID of a due record by the time at which it may create a call, later than now.
ringback:slots:last     string
    When the last call was created, or until when none may be. SLOT_LIFETIME.
ringback:clock:leader   string
    FENCE:NAME of the clock that leads. LEADER_LEASE.
ringback:clock:fence    string
    How often the lead was taken. For ever.

RQ's own keys begin with `rq:`; workers/queue.py names its only queue.
Times are seconds since 1970, lifetimes seconds.
"""

from __future__ import annotations

import hashlib
import re
from urllib.parse import urlsplit

# The carrier ends every call after 24 hours.
CALL_LIFETIME = 25 * 3600
# Longer than any callback is late: one that came after would make the call end twice.
ENDED_LIFETIME = 6 * 3600
# As long as a recording's callback can be ahead of the turn that keeps the voicemail.
EARLY_LIFETIME = 6 * 3600
HEARD_LIFETIME = 30 * 24 * 3600
TEXT_LIFETIME = 30 * 24 * 3600
# What a text told is old news by then.
UNTOLD_LIFETIME = 24 * 3600
# Numbers go to other people, and telephones are put right.
UNREACHABLE_LIFETIME = 7 * 24 * 3600
TRACE_LIFETIME = 7 * 24 * 3600
EVENTS_KEPT = 1_000_000
CALLS_KEPT = 100_000
DEAD_KEPT = 1_000
CHANGES_KEPT = 1_000
LEADER_LEASE = 3
# Long enough for whoever asks what became of somebody.
PLACE_LIFETIME = 24 * 3600
# Until an agent who was never heard of counts as not having answered; shorter once it rings.
RESERVATION_LASTS = 90
# What an agent hears before they are with somebody again.
SENTENCE_LASTS = 3
# Longer than any pause that the carrier asks for.
SLOT_LIFETIME = 3600
# Long enough for whoever asks what became of a callback.
CALLBACK_LIFETIME = 30 * 24 * 3600
# Of the carrier's words for a call: from here on it is over.
ENDED_RANK = 4
# Longer than any worker is late.
KEEPING_LIFETIME = 6 * 3600
# As long as one text takes to be answered; the carrier waits for 15 seconds.
ANSWERING = 20
# Longer than anybody tells us of the same text again.
ANSWERED_LIFETIME = 2 * 24 * 3600
CONVERSATION_LIFETIME = 30 * 24 * 3600
MOST_NOTES = 20
# As long as broken promises are listed.
ACCOUNT_LIFETIME = 14 * 24 * 3600
# Longer than any event of theirs is late.
SETTLED_LIFETIME = 2 * 24 * 3600
WAITS_LIFETIME = 100 * 24 * 3600
URGENT_KINDS = (
    "ring_agent reservation_ends release_agent bring_person wrap_up_ends end_conference settle_hold"
)

EVENTS = "ringback:events"
CALLS = "ringback:calls"
VOICEMAILS = "ringback:voicemails"
OUTBOX = "ringback:outbox"
TEXTS_NEW = "ringback:texts:new"
TEXTS_CHECKS = "ringback:texts:checks"
TEXT_SENDERS = "ringback:texts:senders"
TEXT_SENDERS_STOPPED = "ringback:texts:stopped"
DUE = "ringback:due"
DUE_URGENT = "ringback:due:urgent"
DUE_UNHURRIED = "ringback:due:unhurried"
DUE_RECORDS = "ringback:due:records"
DUE_DEAD = "ringback:due:dead"
FLOWS = "ringback:flows"
FLOWS_HISTORY = "ringback:flows:history"
NOTICES = "ringback:notices"
AGENTS = "ringback:agents"
PINS = "ringback:pins"
PIN_NUMBERS = "ringback:pins:numbers"
OVERTAKEN = "ringback:overtaken"
ESTIMATES = "ringback:estimates"
BOARDS = "ringback:boards"
WAITS = "ringback:waits"
NEEDS = "ringback:needs"
CALLBACKS = "ringback:callbacks"
CALLBACKS_ENDED = "ringback:callbacks:ended"
CALLBACKS_ASKED = "ringback:callbacks:asked"
CALLBACK_ROOMS = "ringback:callbacks:rooms"
FORMS = "ringback:form:accepted"
CONSENTS = "ringback:consents"
CALLS_WISHES = "ringback:calls_wishes"
HEARD = "ringback:heard"
PROMISES = "ringback:promises"
PROMISES_DUE = "ringback:promises:due"
WAKE = "ringback:wake"
SLOTS = "ringback:slots"
SLOTS_LAST = "ringback:slots:last"
CLOCK_LEADER = "ringback:clock:leader"
CLOCK_FENCE = "ringback:clock:fence"

_URGENT = frozenset(URGENT_KINDS.split())
_PLAIN_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def flow_set(version: str) -> str:
    return f"ringback:flows:set:{version}"


def flow_scripts(version: str) -> str:
    return f"ringback:flows:scripts:{version}"


def call(call_id: str) -> str:
    return "ringback:call:" + call_id


def trace(call_id: str) -> str:
    return "ringback:trace:" + call_id


def voicemail(voicemail_id: str) -> str:
    return "ringback:voicemail:" + voicemail_id


def voicemail_id(recording: str) -> str:
    """The id of the voicemail whose recording has this URL: the carrier's own name for it."""
    last = urlsplit(recording).path.rpartition("/")[2].partition(".")[0]
    if _PLAIN_ID.fullmatch(last):
        return last
    return hashlib.sha256(recording.encode()).hexdigest()[:16]


def line(queue: str) -> str:
    return "ringback:line:" + queue


def line_of(number: str) -> str:
    return "ringback:line:of:" + number


def joined(queue: str) -> str:
    return "ringback:joined:" + queue


def place(place_id: str) -> str:
    return "ringback:place:" + place_id


def agent(name: str) -> str:
    return "ringback:agent:" + name


def idle(queue: str) -> str:
    return "ringback:idle:" + queue


def there(queue: str) -> str:
    return "ringback:there:" + queue


def reservation(reservation_id: str) -> str:
    return "ringback:reservation:" + reservation_id


def pin_tries(name: str) -> str:
    return "ringback:pins:tries:" + name


def leg(call_id: str) -> str:
    return "ringback:leg:" + call_id


def talk(talk_id: str) -> str:
    return "ringback:talk:" + talk_id


def callback(callback_id: str) -> str:
    return "ringback:callback:" + callback_id


def callbacks_booked(queue: str) -> str:
    return "ringback:callbacks:booked:" + queue


def callback_places(queue: str) -> str:
    return "ringback:callbacks:places:" + queue


def keeping(number: str) -> str:
    return "ringback:keeping:" + number


def callbacks_of(number: str) -> str:
    return "ringback:callbacks:of:" + number


def callback_windows(queue: str) -> str:
    return "ringback:callbacks:windows:" + queue


def form_address(who: str) -> str:
    return "ringback:form:address:" + who


def form_tries(who: str) -> str:
    return "ringback:form:tries:" + who


def text(text_id: str) -> str:
    return "ringback:text:" + text_id


def texts_of(subject: str) -> str:
    return "ringback:texts:of:" + subject


def text_queue(sender: str) -> str:
    return "ringback:texts:queue:" + sender


def texts_later(sender: str) -> str:
    return "ringback:texts:later:" + sender


def text_pace(sender: str) -> str:
    return "ringback:texts:pace:" + sender


def texts_untold(number: str) -> str:
    return "ringback:texts:untold:" + number


def unreachable(number: str) -> str:
    return "ringback:texts:unreachable:" + number


def texts_to(number: str) -> str:
    return "ringback:texts:to:" + number


def answered(text: str) -> str:
    return "ringback:answered:" + text


def conversation(number: str) -> str:
    return "ringback:conversation:" + number


def notes(callback_id: str) -> str:
    return "ringback:notes:" + callback_id


def promise_account(subject: str) -> str:
    return "ringback:promises:account:" + subject


def promises_kept(day: str) -> str:
    return "ringback:promises:kept:" + day


def promises_waits(day: str) -> str:
    return "ringback:promises:waits:" + day


def promises_broken(day: str) -> str:
    return "ringback:promises:broken:" + day


def apologise(subject: str) -> str:
    return "ringback:apologise:" + subject


def due_id(kind: str, subject: str) -> str:
    return f"{kind}:{subject}"


def due(kind: str) -> str:
    """The zset in which records of this kind stand."""
    return DUE_URGENT if kind in _URGENT else DUE
