"""The handset API: what a telephone and the network tell one another.

Connect to ``ws://HOST:PORT/_carrier/handset``. Both directions carry JSON objects with a ``type``.
One connection is one telephone; it is in at most one call at a time and can make several calls
one after another. A client that registers and does nothing more is a telephone that lies there and
may ring, or get a text.

What a client sends
    dial        {to, from?, people?, pace?, patience?, ask?, method?, fallback?, status_callback?}
                ``to`` is a number of the directory, or a URL that is phoned directly (then
                ``method``, ``fallback`` and ``status_callback`` describe that ad-hoc line), or
                the AP... of an app, which a softphone calls with ``parameters`` {name: value}.
                ``from`` is E.164, client:NAME, sip:NAME@HOST, or "withheld" (arrives as
                +266696687; withheld:restricted, :blocked, :unknown and :unavailable as those
                words on a keypad, withheld:text:WORD as a word, withheld:nothing as nothing).
                ``forwarded_from``, ``caller_name`` and ``stir_verstat`` come with the call when
                they are given. ``people`` says who
                answers, in this call, the numbers that the application dials:
                {"+46846500410": "busy"}, with "*" for numbers nobody else is behind; values are
                ``answers``, ``busy``, ``no_answer``, ``declined``, ``failed``, ``ask`` (you
                decide, see your_move "callee"), or an object
                {answers_after: seconds, does: outcome, then: [steps]} as in a directory file.
                ``pace``: "real" (default) or "fast" (speech, pauses and beeps take no time).
                ``patience``: "real" (default; silences run out by the clock) or "mine" (a wait
                ends only when you make a move). ``ask``: further events after which you want
                to be asked for a move, e.g. ["answered", "said"].
    register    {numbers: [...], pace?, patience?, ask?}
                be the telephone that rings when one of these numbers, or of client:NAME and
                sip:NAME@HOST, is called
    answer, decline {busy?}, let_ring  replies to a ring
    press       {keys}                 one or several of 0-9 * #
    say         {text, confidence?}    words, for speech recognition or for the other party
    speak       {seconds}              make sound for so long (a recording, a conversation)
    silence                            say nothing: let the present wait run out now
    wait        {seconds?}             let time go on; with seconds, be asked again after them
    callee      {does}                 reply to your_move "callee": answers, busy, no_answer,
                                       declined, failed
    people      {people}               change who answers dialled numbers from now on
    text        {to, body, from?}      send a text to one of the lines; without ``from``, from the
                                       first of your registered numbers
    hang_up

What a client receives (every event of a call has ``at``: seconds since it began, and ``call_sid``)
    dialled {to, from}            ringing                    ring {from, to} (somebody calls you;
                                                         with parameters {} to a softphone)
    answered                      said {text, language, voice, slow, seconds}
    played {url, seconds}         tones {digits}             paused {seconds}         beep
    listening {input, num_digits, finish_on_key, hints, timeout, language, reports_silence}
    recording {max_length, timeout, finish_on_key}
    recorded {seconds, url}       dialling {number}          connected {number}
    dial_ended {number, status, seconds}                     whispered {number, text, language}
    heard {text | keys | seconds} from the other party of a bridged call, or in a conference
    enqueued {queue, position, size}                         dequeued {queue, seconds}
    queue_result {queue, result}  as the application is told; after the talk, if there was one
    dequeuing {queue}             dequeuing_ended {queue, status}   you dial a queue
    joined {conference, participant}                         left {conference, reason}
    muted, unmuted, held, unheld  in a conference, by the application
    interrupted                   what you did cut the prompt short
    lost {keys | text}            nobody was listening to what you pressed or said
    request {method, url, purpose, status, ms, error}        a webhook that went out for this call
    warning {code, text}          error {code, text}         what the carrier's debugger would show
    your_move {waiting_for, ...}  see below
    ended {status, reason, seconds}
    refused {text}                your last message made no sense, and why
    registered {numbers}
    text {from, to, body}         a text for one of your registered numbers, in a call or not

Whose move it is
    ``your_move`` is sent whenever the network waits for this person. ``waiting_for`` is "answer"
    (it rings), "input" (a Gather listens; with ``so_far``), "recording", "conversation" (bridged;
    nothing need be done), "conference" (you wait in one or are on hold; likewise), "callee"
    (``number``: what does the dialled person do?), "anything" (the time of a ``wait`` is over), or
    the name of an event in ``ask``. With the stepped clock virtual time stands still until the
    client sends any message but ``register``, ``people`` and ``text``; with patience "mine" the
    wait itself never runs out by the clock. A connection that closes hangs up.
"""
