"""A small company in a folder of its own, with a flow that asks, looks up and sends texts."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).parents[1]

CONFIG = """
    company: Revontuli Energia
    time_zone: Europe/Stockholm
    lines:
      main: {number: "+46846500400", flow: main}
      other: {number: "+46846500401", flow: main}
    fallback: {number: "+46846500499"}
    numbers: {team: "+46846500410"}
    schedules:
      office:
        weekly: {monday-friday: 08:00-16:00}
        holidays: SE
    queues:
      support: {}
    agents:
      anna: {name: Anna, address: "client:anna", language: en, queues: [support]}
    lookups:
      hosts: [crm.example.com]
"""
FLOW = """
    languages: [en, fi]
    start: open_now
    person: person
    nodes:
      open_now: {kind: hours, schedule: office, open: number, closed: message, holiday: holiday}
      number:
        kind: ask
        variable: customer_number
        length: {least: 4, most: 8}
        confirm: true
        private: true
        text: {en: Please key in your customer number., fi: Näppäile asiakasnumerosi.}
        without: person
        to: find
      find:
        kind: lookup
        url: https://crm.example.com/customers/{customer_number}?full=yes
        text: {en: One moment., fi: Hetkinen.}
        read:
          balance: {at: account.balance, takes: number}
          first_name: {at: name.first, consent: name.may_be_used}
        found: how_busy
        not_found: number
        failed: person
      how_busy:
        kind: branch
        ways:
          - {when: 'queue("support").waiting > 10', to: text_it}
          - {when: 'balance > 100', to: text_it}
        otherwise: balance
      balance:
        kind: answer
        text: {en: "Your balance is {balance}.", fi: "Saldosi on {balance}."}
        helped: bye
      text_it:
        kind: send_text
        text: {en: Shall I text you the balance?, fi: Lähetänkö saldon tekstiviestillä?}
        message: {en: "Your balance is {balance}.", fi: "Saldosi on {balance}."}
        to: bye
        otherwise: person
      message:
        kind: voicemail
        text: {en: We are closed. Please leave a message., fi: Olemme kiinni. Jätä viesti.}
        to: bye
        nothing: bye
      holiday:
        kind: voicemail
        text: {en: It is a holiday. Please leave a message., fi: On pyhä. Jätä viesti.}
        to: bye
        nothing: bye
      bye: {kind: hang_up, text: {en: Goodbye., fi: Kuulemiin.}}
      person:
        kind: transfer
        number: team
        text: {en: I am putting you through., fi: Yhdistän.}
        otherwise: message
"""
CALLS = """
    # Calls that give what is around them.
    calls:
      - call: Closed because the script says so, with a notice
        at: 2026-11-25 10:15
        hours: {office: closed}
        notices: [There is a power cut.]
        script:
          - hears: There is a power cut. We are closed.
            language: en
            slowly: false
          - leaves_message: 3
          - call_ends: true
      - call: A holiday, on another line
        at: 2026-11-25 10:15
        from: "+46701740606"
        line: other
        hours: {office: holiday}
        notices:
          - text: {en: The power is out.}
        script:
          - hears: The power is out. It is a holiday.
            language: en
          - hangs_up: true
      - call: A notice that closes
        at: 2026-11-25 10:15
        notices:
          - {text: We are moving house., closes: true}
        script:
          - hears: We are moving house. We are closed.
          - hangs_up: true
      - call: Not found, then found
        at: 2026-11-25 10:15
        lookups:
          - {node: find, fails: not_found}
          - node: main/find
            answers: {account: {balance: "12.5"}, name: {first: Aino, may_be_used: false}}
        script:
          - presses: "12345678"
          - hears: 1 2 3, 4 5 6, 7 8
          - presses: 1
          - hears: One moment. ... customer number
          - presses: "1234#"
          - presses: 1
          - hears: Your balance is 12
          - presses: 1
          - call_ends: true
      - call: A full queue, so a text
        at: 2026-11-25 10:15
        from: "+46701740605"
        queues: {support: {waiting: 12, agents: 3, wait_minutes: 14}}
        lookups: [{node: find, answers: {account: {balance: 12.5}}}]
        script:
          - presses: "1234"
          - presses: 1
          - hears: Shall I text you
          - presses: 1
          - text_sent: Your balance ... 12
          - hears: Goodbye
          - call_ends: true
      - call: A slow system in the second half past two of an autumn night
        at: 2026-10-25 02:30 again
        hours: {office: open}
        lookups: [{node: find, fails: slow}]
        script:
          - silent: true
          - silent: true
          - hears: customer number
            slowly: true
          - presses: "1234#"
          - presses: 1
          - hears: I am putting you through.
          - put_through: team
            outcome: answers
          - call_ends: true
      - call: A system that is down in the first half past two
        at: 2026-10-25 02:30
        hours: {office: open}
        lookups: [{node: find, fails: down}]
        script:
          - presses: "12345678"
          - presses: 1
          - hears: I am putting you through.
          - hangs_up: true
      - call: A system that answers nonsense
        at: 2026-11-25 10:15
        lookups: [{node: find, fails: nonsense}]
        script:
          - presses: "12345678"
          - presses: 1
          - hears: I am putting you through.
          - hangs_up: true
      - call: A value that is none
        at: 2026-11-25 10:15
        lookups: [{node: find, answers: {account: {balance: much}}}]
        script:
          - presses: "12345678"
          - presses: 1
          - hears: I am putting you through.
          - hangs_up: true
"""


def company_in(folder: Path, *, flow: str = FLOW, calls: str = CALLS, config: str = CONFIG) -> Path:
    """Write the company into `folder`; the path of its `config.yaml`."""
    (folder / "flows").mkdir()
    (folder / "Procfile").write_bytes((ROOT / "Procfile").read_bytes())
    for name, text in (
        ("config.yaml", config),
        ("flows/main.yaml", flow),
        ("flows/main.calls.yaml", calls),
    ):
        (folder / name).write_text(dedent(text).lstrip(), encoding="utf-8")
    return folder / "config.yaml"
