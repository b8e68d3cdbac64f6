"""The browser's own voice and ear.

A headless Chromium has neither, so here the browser is given some that note what they are asked.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.simulator.application import twiml
from tests.simulator.browser.conftest import open_window
from tests.simulator.browser.desk import Desk, call, screen
from tests.simulator.browser.tabs import Tabs

VOICES = """
window.spoken = [];
class Voice extends EventTarget {
  getVoices() { return [{ lang: "sv-SE" }, { lang: "no_NO" }]; }
  speak(words) { spoken.push([words.lang, words.text]); }
  cancel() { spoken.push("hush"); }
}
Object.defineProperty(window, "speechSynthesis", { value: new Voice() });
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
window.SpeechRecognition = class {
  start() {
    window.heardIn = this.lang;
    setTimeout(() => {
      this.onresult({ results: [[{ transcript: "min faktura", confidence: 0.5 }]] });
      this.onend();
    });
  }
  stop() {}
};
"""
MENU = twiml(
    "<Say language='sv-SE'>Välkommen.</Say><Say language='nb-NO'>Velkommen.</Say>",
    "<Say language='fi-FI'>Tervetuloa.</Say>",
    "<Gather input='dtmf speech' action='/chosen' language='sv-SE' numDigits='1'/>",
)


@pytest.fixture(scope="module")
def window(chromium: Browser) -> Iterator[Tabs]:
    """A browser that has voices and an ear."""
    window = open_window(chromium)
    window.context.add_init_script(VOICES)
    yield window
    window.context.close()


def test_what_is_said_is_spoken_by_the_voice_of_its_language(desk: Desk) -> None:
    desk.app.on("/voice", MENU)
    desk.app.on("/chosen", MENU)
    page = desk.caller()
    expect(page.get_by_label("Speak aloud")).to_be_checked()
    call(page)
    expect(page.locator("#hint")).to_contain_text("They listen")
    assert page.evaluate("spoken") == [["sv-SE", "Välkommen."], ["no_NO", "Velkommen."]]
    screen(page, "Tervetuloa.")
    expect(page.locator("#voices")).to_contain_text("no voice for fi-FI")
    page.keyboard.press("1")
    expect(page.locator("#screen .heard")).to_have_count(6)
    assert page.evaluate("spoken.length") == 5
    assert page.evaluate("spoken[2]") == "hush"
    page.get_by_label("Speak aloud").uncheck()
    page.locator("#telephone").focus()
    page.keyboard.press("1")
    expect(page.locator("#screen .heard")).to_have_count(9)
    assert page.evaluate("spoken.slice(5).every((one) => one === 'hush')")


def test_words_can_be_said_into_a_microphone(desk: Desk) -> None:
    desk.app.on("/voice", MENU)
    desk.app.on("/chosen", twiml("<Say>Tack.</Say>"))
    page = desk.caller()
    call(page)
    expect(page.locator("#hint")).to_contain_text("They listen")
    page.get_by_role("button", name="Use the microphone").click()
    screen(page, "Tack.")
    assert page.evaluate("heardIn") == "sv-SE"
    fields = desk.app.fields("/chosen")
    assert (fields["SpeechResult"], fields["Confidence"]) == ("min faktura", "0.5")
