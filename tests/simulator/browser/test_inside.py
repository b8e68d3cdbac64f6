"""The look inside as a page, in a real browser."""

from typing import get_args

from playwright.sync_api import Page, expect

from ivr.simulator import Carrier, Directory, EmbeddedCarrier, Line, SteppedClock
from ivr.simulator.happenings import OfHandset, Told
from tests.simulator.application import (
    CALLER,
    LINE,
    TEAM,
    Application,
    eventually,
    twilio_client,
    twiml,
)
from tests.simulator.browser.desk import Desk
from tests.simulator.browser.tabs import Tabs
from tests.simulator.browser.test_phone import NAMELESS

VIEWS = {
    "calls": "No call yet", "queues": "No queue yet", "conferences": "No conference yet",
    "messages": "No message yet", "requests": "There is none yet.", "notes": "There is none yet.",
    "numbers": "every other number", "faults": "None is set",
}  # fmt: skip
HOSTILE = "&lt;img src=x onerror=&quot;document.title='spoilt'&quot;&gt;"


def phone(desk: Desk, keys: str = "") -> str:
    """Somebody phones the line, presses keys when asked, and listens to the end; the call's SID."""
    with desk.carrier.phone() as telephone:
        telephone.dial(LINE, CALLER)
        if keys:
            telephone.until_my_move()
            telephone.press(keys)
        return str(telephone.until("ended")[-1]["call_sid"])


async def many_phone(carrier: Carrier, count: int) -> None:
    for _ in range(count):
        carrier.person_phones(CALLER, LINE, "answers")


def timeline(page: Page) -> list[str]:
    return page.locator(".timeline > li").all_inner_texts()


def test_a_call_is_explained_in_one_timeline(desk: Desk) -> None:
    desk.app.on(
        "/voice", twiml("<Gather numDigits='1' action='/chosen'><Say>Press 1</Say></Gather>")
    )
    desk.app.on("/chosen", twiml("<Say loud='yes'>Thank you</Say>"))
    phone(desk, keys="1")
    page = desk.open("/_carrier/")
    expect(page.locator(".timeline > li").last).to_contain_text("Over: ")
    story = "\n".join(timeline(page))
    order = ["voice: POST", "Answered", "Hears: Press 1", "Listens for keys", "presses 1",
             "action: POST", "warning", "Hears: Thank you", "Over: "]  # fmt: skip
    assert sorted(order, key=story.index) == order
    page.locator("details.request summary").nth(1).click()
    opened = page.locator("details.request").nth(1)
    expect(opened.get_by_role("row", name="Digits 1")).to_be_visible()
    expect(opened.locator("pre")).to_have_text(twiml("<Say loud='yes'>Thank you</Say>"))
    code = page.locator(".timeline .warning a")
    assert code.inner_text() == "12200"
    assert (code.get_attribute("href") or "").endswith("/errors/12200")


def test_the_page_follows_a_call_by_itself_and_what_is_open_stays_open(desk: Desk) -> None:
    desk.app.on("/voice", twiml("<Gather numDigits='1' action='/chosen'/>"))
    desk.app.on("/chosen", twiml("<Say>Thank you</Say>"))
    page = desk.open("/")
    expect(page.get_by_text("No call yet.")).to_be_visible()
    with desk.carrier.phone() as telephone:
        telephone.dial(LINE, CALLER)
        telephone.until_my_move()
        expect(page.locator("#state")).to_contain_text("1 call under way")
        expect(page.locator(".timeline > li").last).to_contain_text("Listens for keys")
        page.locator("details.request summary").first.click()
        telephone.press("1")
        telephone.until("ended")
    expect(page.locator(".timeline > li").last).to_contain_text("Over: ")
    expect(page.locator("details.request").first).to_have_attribute("open", "")
    expect(page.locator("#state")).to_contain_text("0 calls under way")


def test_legs_stand_below_the_call_that_dialled_them(desk: Desk) -> None:
    desk.app.on("/voice", twiml(f"<Dial>{TEAM}</Dial>"))
    sid = phone(desk)
    page = desk.open(f"/_carrier/#call/{sid}")
    expect(page.locator(".calls > li")).to_have_count(2)
    expect(page.locator(".calls > li.leg")).to_contain_text("outbound-dial")
    expect(page.locator(".legs > li").nth(1)).to_contain_text("no-answer (nobody answered in time)")


def test_older_calls_are_shown_on_demand_and_those_that_are_over_left_out(desk: Desk) -> None:
    desk.app.on("/voice", twiml())
    company = desk.carrier
    company.run(many_phone(company.carrier, 51))
    eventually(lambda: company.carrier.calls.live() == [])
    page = desk.open("/_carrier/")
    rows = page.locator(".calls > li")
    expect(rows).to_have_count(50)
    page.get_by_role("button", name="Show older calls").click()
    expect(rows).to_have_count(51)
    expect(page.get_by_role("button", name="Show older calls")).to_be_hidden()
    page.get_by_label("Only what is under way").check()
    expect(rows).to_have_count(0)


def test_on_a_small_screen_a_call_takes_the_place_of_the_list_and_gives_it_back(
    desk: Desk,
) -> None:
    desk.app.on("/voice", twiml("<Say>Hello</Say>"))
    phone(desk)
    page = desk.open("/_carrier/")
    page.set_viewport_size({"width": 360, "height": 740})
    page.locator(".calls a").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".story h2")).to_be_focused()
    expect(page.locator(".calls")).to_be_hidden()
    page.locator("details.request summary").press("Enter")
    expect(page.locator("details.request pre")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("link", name="All calls").press("Enter")
    expect(page.locator(".calls")).to_be_visible()
    expect(page.locator(".story")).to_be_hidden()


def test_requests_can_be_narrowed_to_one_call_and_one_way(desk: Desk) -> None:
    desk.app.on("/voice", twiml("<Say>Hello</Say>"))
    first, second = phone(desk), phone(desk)
    twilio_client(desk.carrier).calls(second).fetch()
    page = desk.open("/_carrier/#requests")
    rows = page.locator(".requests > li")
    expect(rows).to_have_count(3)
    page.get_by_label("Which way").select_option("from the application")
    expect(rows).to_have_count(1)
    page.get_by_label("Which way").select_option("both ways")
    page.get_by_label("Only of this call").fill(first)
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("to the application")


def test_what_is_said_is_never_markup(desk: Desk) -> None:
    desk.app.on("/voice", twiml(f"<Say>{HOSTILE}</Say>"))
    phone(desk)
    page = desk.open("/_carrier/")
    expect(page.locator(".timeline")).to_contain_text("Hears: <img src=x")
    assert page.locator("img").count() == 0
    assert page.title() == "Inside the telephone company"


def test_every_view_says_what_it_has_and_fits_a_small_screen(desk: Desk) -> None:
    page = desk.open("/_carrier/")
    page.set_viewport_size({"width": 360, "height": 740})
    for view, words in VIEWS.items():
        page.locator(f"#views a[href='#{view}']").click()
        expect(page.locator("main")).to_contain_text(words)
        assert page.evaluate(NAMELESS) == [], view
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, view


def test_every_kind_of_event_has_words_on_the_page(desk: Desk) -> None:
    page = desk.open("/phone")
    known = page.evaluate("import('/_carrier/pages/phone-words.js').then((words) => words.KINDS)")
    assert sorted(known) == sorted({*get_args(Told), *get_args(OfHandset)})


def test_texts_are_listed_with_how_they_stand(desk: Desk) -> None:
    desk.app.on("/text", twiml())
    with desk.carrier.phone() as telephone:
        telephone.text(LINE, "When do you come?", CALLER)
        desk.app.wait_for("/text")
    page = desk.open("/_carrier/#messages")
    expect(page.get_by_role("row").nth(1)).to_contain_text("When do you come?")
    expect(page.get_by_role("row").nth(1)).to_contain_text("received")


def test_words_can_be_read_on_what_they_stand_on(desk: Desk) -> None:
    page = desk.open("/_carrier/")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        for ground in ("paper", "card", "mark"):
            for ink in ("ink", "soft", "accent", "good", "bad", "warn"):
                assert page.evaluate(CONTRAST, [ink, ground]) >= 4.5, (scheme, ink, ground)
        assert page.evaluate(CONTRAST, ["on-accent", "accent"]) >= 4.5, scheme


def test_the_page_keeps_what_it_has_when_the_company_stops(app: Application, tabs: Tabs) -> None:
    app.on("/voice", twiml("<Say>Hello</Say>"))
    line = Line(LINE, f"{app.base}/voice")
    with EmbeddedCarrier(Directory(lines={LINE: line}), clock=SteppedClock()) as carrier:
        desk = Desk(carrier, app, tabs)
        phone(desk)
        page = desk.open("/_carrier/")
        expect(page.locator(".timeline")).to_contain_text("Hears: Hello")
    expect(page.locator("#state")).to_contain_text("does not answer")
    expect(page.locator(".timeline")).to_contain_text("Hears: Hello")


CONTRAST = """
([ink, ground]) => {
  const style = getComputedStyle(document.documentElement);
  const light = (name) => {
    const hex = style.getPropertyValue(`--${name}`).trim().slice(1);
    const [r, g, b] = [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
      .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [one, other] = [light(ink), light(ground)].sort((a, b) => b - a);
  return (one + 0.05) / (other + 0.05);
}
"""
