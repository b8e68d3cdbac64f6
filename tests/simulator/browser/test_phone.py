"""The telephones in the browser, in a real one."""

import pytest
from playwright.sync_api import expect

from ivr.simulator import Carrier, Directory, EmbeddedCarrier, LoopThread, Server
from tests.simulator.application import CALLER, TEAM, Application, eventually, twiml
from tests.simulator.browser.desk import Desk, call, screen
from tests.simulator.browser.tabs import Tabs

MENU = twiml(
    "<Say language='sv-SE'>Välkommen.</Say>",
    "<Gather numDigits='1' input='dtmf speech' action='/chosen' language='en-GB'>",
    "<Say language='en-GB'>For an invoice, press 1.</Say></Gather>",
)


def test_a_call_needs_nothing_but_a_keyboard(desk: Desk) -> None:
    desk.app.on("/voice", MENU)
    desk.app.on("/chosen", twiml("<Say language='en-GB'>It is due on Friday.</Say>", "<Gather/>"))
    page = desk.caller()
    keyboard = page.keyboard
    for _ in range(20):
        keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Call":
            break
    keyboard.press("Enter")
    screen(page, "For an invoice, press 1.")
    assert page.get_by_text("Välkommen.").get_attribute("lang") == "sv-SE"
    expect(page.locator("#hint")).to_have_text("They listen for a key or words.")
    keyboard.press("1")
    screen(page, "It is due on Friday.")
    assert desk.app.fields("/chosen")["Digits"] == "1"
    keyboard.press("Escape")
    screen(page, "You hung up (completed")
    expect(page.locator("#display")).to_have_text("Not in a call")
    keyboard.press("Enter")
    expect(page.locator("#display")).to_contain_text("In a call with")


@pytest.mark.slow
def test_the_tab_key_leaves_the_page_again(desk: Desk) -> None:
    page = desk.caller()
    count = page.locator("a, button, input, select, summary, [tabindex]").count()
    visited = []
    for _ in range(count + 2):
        page.keyboard.press("Tab")
        visited.append(page.evaluate("document.activeElement.id || document.activeElement.tagName"))
    assert "line" in visited
    assert "BODY" in visited or visited.count("line") > 1


@pytest.mark.slow
def test_words_are_typed_and_read_where_there_is_no_voice(desk: Desk) -> None:
    desk.app.on("/voice", MENU)
    desk.app.on("/chosen", twiml("<Say>Thank you.</Say>"))
    page = desk.caller()
    voices = page.evaluate("speechSynthesis.getVoices().length")
    expect(page.get_by_label("Speak aloud")).to_be_enabled(enabled=voices > 0)
    expect(page.locator("#voices")).to_contain_text("" if voices else "no voice of its own")
    call(page)
    screen(page, "For an invoice, press 1.")
    page.get_by_label("Say", exact=True).fill("my last bill")
    page.keyboard.press("Enter")
    screen(page, "Thank you.")
    assert desk.app.fields("/chosen")["SpeechResult"] == "my last bill"


@pytest.mark.slow
def test_the_caller_says_what_somebody_does_whom_nobody_plays(desk: Desk) -> None:
    desk.app.on("/voice", twiml(f"<Dial action='/after'>{TEAM}</Dial>"))
    desk.app.on("/after", twiml())
    page = desk.caller()
    call(page)
    expect(page.locator("#callee-words")).to_contain_text("rings. What do they do?")
    page.get_by_role("button", name="Busy").click()
    screen(page, "is busy.")
    assert desk.app.wait_for("/after")[0].fields["DialCallStatus"] == "busy"


def test_somebody_answers_in_a_second_page_and_the_two_talk(desk: Desk) -> None:
    desk.app.on("/voice", twiml(f"<Dial><Number url='/whisper'>{TEAM}</Number></Dial>"))
    desk.app.on("/whisper", twiml("<Say language='en-GB'>About an invoice.</Say>"))
    team = desk.telephone(TEAM)
    page = desk.caller()
    call(page)
    expect(team.locator("#display")).to_have_text(
        "+46 70 174 06 05 calls".replace(" ", "\u00a0", 4)
    )
    team.keyboard.press("Enter")
    screen(team, "About an invoice.")
    screen(page, "hears: About an invoice.")
    screen(page, "Connected with")
    expect(team.locator("#hint")).to_have_text("You are connected.")
    team.get_by_label("Say", exact=True).fill("Good morning")
    team.keyboard.press("Enter")
    screen(page, "They say: Good morning")
    page.locator("#telephone").focus()
    page.keyboard.press("5")
    screen(team, "They press 5")
    team.get_by_role("button", name="Hang up").click()
    screen(page, "The conversation is over.")
    expect(team.locator("#display")).to_have_text("Waiting for calls")


def test_a_call_can_be_declined(desk: Desk) -> None:
    desk.app.on("/voice", twiml(f"<Dial>{TEAM}</Dial>"))
    team = desk.telephone(TEAM)
    page = desk.caller()
    call(page)
    team.get_by_role("button", name="Decline").click()
    screen(page, "is busy.")


@pytest.mark.slow
def test_a_third_page_writes_and_gets_texts(desk: Desk) -> None:
    desk.app.on("/text", twiml("<Message>We have got it &lt;b&gt;well&lt;/b&gt;.</Message>"))
    page = desk.telephone(CALLER, "texts")
    page.get_by_label("Text", exact=True).fill("När kommer ni?" + "x" * 160)
    expect(page.locator("#segments")).to_have_text("174 characters, 2 segments (GSM-7)")
    page.get_by_role("button", name="Send").click()
    thread = page.get_by_role("log", name="Texts")
    expect(thread.locator(".mine")).to_contain_text("När kommer ni?")
    expect(thread).to_contain_text("We have got it <b>well</b>.")
    assert desk.app.fields("/text")["From"] == CALLER
    again = desk.open(f"/phone?texts=%2B{CALLER[1:]}")
    expect(again.locator("#state")).to_contain_text("has a telephone already")


def test_a_refused_call_is_explained(desk: Desk) -> None:
    page = desk.caller()
    page.get_by_label("Your number").fill("12")
    call(page)
    screen(page, "is neither a number like +46701740605 nor withheld.")


def test_every_control_has_a_name_and_fits_a_small_screen(desk: Desk) -> None:
    page = desk.caller()
    page.set_viewport_size({"width": 360, "height": 740})
    for path in ("/phone", "/phone?answer=", "/phone?texts=%2B46701740605"):
        page.goto(desk.carrier.url + path)
        expect(page.locator("#state")).to_contain_text("Connected")
        assert page.evaluate(NAMELESS) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path


@pytest.mark.slow
def test_the_page_says_so_when_the_company_stops_and_comes_back_with_it(
    app: Application, tabs: Tabs
) -> None:
    app.on("/voice", MENU)
    with EmbeddedCarrier(Directory()) as carrier:
        desk = Desk(carrier, app, tabs)
        page = desk.caller()
        page.get_by_label("Address of a TwiML application").fill(f"{app.base}/voice")
        call(page)
        screen(page, "For an invoice, press 1.")
        address, port = carrier.url, int(carrier.url.rpartition(":")[2])
    expect(page.locator("#state")).to_contain_text("The telephone company is gone.")
    screen(page, "The telephone company closed")
    loop = LoopThread()
    server = Server(Carrier())
    try:
        assert loop.run(server.start(port=port)) == address
        expect(page.locator("#state")).to_have_text("Connected to the telephone company.")
    finally:
        loop.run(server.stop())
        loop.stop()


@pytest.mark.slow
def test_a_closed_page_hangs_up(desk: Desk) -> None:
    desk.app.on("/voice", MENU)
    page = desk.caller()
    call(page)
    screen(page, "For an invoice, press 1.")
    page.close()
    eventually(lambda: desk.carrier.carrier.calls.live() == [])


NAMELESS = """
[...document.querySelectorAll("button, input, select, textarea, a")].filter(
    (one) => one.checkVisibility() && !(one.getAttribute("aria-label") || one.textContent.trim()
      || [...(one.labels ?? [])].some((label) => label.textContent.trim()))
  ).map((one) => one.outerHTML)
"""
