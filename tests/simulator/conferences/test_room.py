"""Conference in Dial: coming in, waiting, starting, talking, leaving."""

from tests.simulator.conferences.room import ANNA, BERIT, Room, heard, kinds, waits_in


def test_the_first_waits_with_music_and_the_second_starts_it(room: Room) -> None:
    anna = room.enter(ANNA)
    assert (room.conference.status, waits_in(anna)) == ("init", "conference")
    assert kinds(anna)[-3:] == ["joined", "music", "your_move"]
    berit = room.enter(BERIT)
    assert (room.conference.status, waits_in(berit)) == ("in-progress", "conversation")
    anna.until("beep")
    assert "music" not in kinds(berit)
    assert room.names(3) == ["participant-join", "participant-join", "conference-start"]


def test_what_one_says_and_presses_the_other_hears(room: Room) -> None:
    anna, berit = room.enter(ANNA), room.enter(BERIT)
    anna.say("Good morning")
    berit.until("heard")
    berit.press("5")
    anna.until("heard")
    assert (heard(anna), heard(berit)) == (["5"], ["Good morning"])
