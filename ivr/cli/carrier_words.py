"""How `ringback carrier` puts what it sees into lines."""

from datetime import datetime
from typing import Any

from ivr.simulator.terminal.screen import number

Item = dict[str, Any]


def _time(iso: str) -> str:
    return datetime.fromisoformat(iso).astimezone().strftime("%H:%M:%S")


def call_or_moment(item: Item) -> str:
    """A leg, or something that happened on one."""
    return call(item) if "direction" in item and "sid" in item else moment(item)


def call(leg: Item) -> str:
    """One leg; those that were dialled stand further in."""
    inset = "  " if leg["parent"] else ""
    seconds = f", {leg['seconds']} s" if leg["answered_at"] else ""
    because = f" ({leg['reason']})" if leg["reason"] else ""
    codes = f"  [{', '.join(str(code) for code in leg['codes'])}]" if leg["codes"] else ""
    return (
        f"{_time(leg['created_at'])}  {inset}{number(leg['from'])} -> {number(leg['to'])}  "
        f"{leg['status']}{seconds}{because}  {leg['sid']}{codes}"
    )


def moment(entry: Item) -> str:
    """A line of a call's timeline."""
    leg = entry["call_sid"][:6] or "-"
    code = f"{entry['note']['code']} " if entry.get("note", {}).get("code") else ""
    kind = f"{entry['kind']}: " if "note" in entry else ""
    language = f" [{entry['language']}]" if entry.get("language") else ""
    return f"{entry['after']:>9.2f} s  {leg:<6}  {kind}{code}{entry['text']}{language}"


def request(entry: Item) -> str:
    """A request and its answer."""
    return f"{_time(entry['at'])}  {entry['call_sid'] or '-'}  {entry['text']}"


def note(entry: Item) -> str:
    """A warning or an error, with the page that explains its code."""
    page = f"  {entry['page']}" if entry["page"] else ""
    about = entry["call_sid"] or "-"
    code = f" {entry['code']}" if entry["code"] else ""
    return f"{_time(entry['at'])}  {about}  {entry['level']}{code}: {entry['text']}{page}"


def queue(item: Item) -> str:
    """A queue and its members."""
    members = item["members"]
    head = (
        f"{item['name']}  {len(members)} of at most {item['max_size']} wait, "
        f"{item['average_wait']} s on average  {item['sid']}"
    )
    return "\n".join(
        [head]
        + [
            f"  {place}. {number(m['from'])}  waits {m['waited']} s  {m['call_sid']}"
            for place, m in enumerate(members, 1)
        ]
    )


def conference(item: Item) -> str:
    """A conference and its participants."""
    reason = f" ({item['reason']})" if item["reason"] else ""
    return "\n".join(
        [f"{item['name']}  {item['status']}{reason}  {item['sid']}"]
        + [
            f"  {one['label'] + ': ' if one['label'] else ''}{number(one['number'])}  "
            f"{', '.join(one['traits'])}  {one['call_sid']}"
            for one in item["participants"]
        ]
    )


def message(item: Item) -> str:
    """A text and how it stands."""
    error = f", error {item['error']}" if item["error"] else ""
    sender = number(item["from"]) or item["service"]  # which has yet to choose its number
    segments = "1 segment" if item["segments"] == 1 else f"{item['segments']} segments"
    return (
        f"{_time(item['history'][0]['at'])}  {sender} -> {number(item['to'])}  "
        f"{item['status']}{error}, {segments}  {item['sid']}  {item['body']!r}"
    )


def fault(item: Item) -> str:
    """A fault in force."""
    return (
        f"{item['name']}  {' '.join(filter(None, (item['strikes'], item['purpose'])))}: "
        f"{item['does']}, "
        f"{item['when']} the work is done; struck {item['struck']} of {item['met']} met"
    )
