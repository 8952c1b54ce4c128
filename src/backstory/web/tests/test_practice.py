"""Role-play on the pages: an agent plays and learns in private, a lead assigns and writes scenarios."""

import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from backstory.people.actions import add_user
from backstory.practice import scenarios
from backstory.practice.actions import save_scenario
from backstory.practice.models import PracticeAssignment, PracticeSession, TeamScenario
from conftest import PASSWORD

pytestmark = pytest.mark.django_db
STORY = scenarios.shipped()[("hot_water", "en")]
SOURCE = scenarios.source("hot_water", "en")


def words(answer) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def begin(client: Client, ref: str = "hot_water.en", coach: str = "with") -> str:
    """Begins a session and returns its address."""
    answer = client.post("/practice/begin/", {"ref": ref, "coach": coach, "seed": "1"})
    assert answer.status_code == 302, words(answer)
    return answer.headers["Location"]


def say(client: Client, url: str, lines: tuple[str, ...]):
    answer = None
    for number, line in enumerate(lines, start=1):
        answer = client.post(f"{url}say/", {"said": line, "number": number}, headers={"HX-Request": "true"})
        assert answer.status_code == 200, words(answer)
    return answer


def test_the_hot_water_story_leads_the_list_and_the_list_can_be_narrowed(alice: Client) -> None:
    shown = alice.get("/practice/")
    titles = re.findall(r"<h2>(.*?)</h2>", shown.content.decode())
    assert titles[0] == STORY.title and len(titles) >= 20
    abusive = alice.get("/practice/?behaviour=abusive")
    assert len(re.findall(r"<h2>", abusive.content.decode())) == 2
    german = alice.get("/practice/?language=de")
    assert "Nie genug warmes Wasser" in words(german)
    assert "No such scenario" in words(alice.get("/practice/?behaviour=silent&style=driver"))
    assert alice.get("/practice/?behaviour=nonsense").status_code == 200


def test_a_good_conversation_calms_reveals_the_croup_and_is_debriefed(alice: Client) -> None:
    url = begin(alice)
    first = words(alice.get(url))
    assert "croup" not in first, "the page gives nothing away"
    last = say(alice, url, STORY.good)
    assert "The conversation is over" in words(last)
    debrief = alice.get(f"{url}debrief/")
    text = words(debrief)
    assert "Settled" in text and "100 of 100" in text
    assert "Our baby woke up with croup" in text
    assert b"<svg" in debrief.content and "the opening" in text
    assert b"style=" not in debrief.content


def test_a_bad_conversation_heats_and_the_debrief_says_on_which_words(alice: Client) -> None:
    url = begin(alice, coach="without")
    assert "The conversation is over" in words(say(alice, url, STORY.bad[:2]))
    text = words(alice.get(f"{url}debrief/"))
    assert "Walked out" in text
    assert "Argued with the customer's account" in text and "big enough" in text
    assert STORY.facts[1].question in text, "a question that would have opened it is offered"


def test_the_coach_speaks_only_where_it_was_asked_for(alice: Client) -> None:
    url = begin(alice)
    assert b"finding warning" in alice.post(f"{url}check/", {"said": "Please calm down."}).content
    assert "If you are stuck" in words(alice.post(f"{url}check/", {"said": ""}))
    alone = begin(alice, coach="without")
    assert b"practice-advice" not in alice.get(alone).content
    assert b"finding" not in alice.post(f"{alone}check/", {"said": "Please calm down."}).content


def test_a_message_is_said_once_and_an_empty_one_not_at_all(alice: Client) -> None:
    url = begin(alice)
    say(alice, url, STORY.good[:1])
    again = alice.post(f"{url}say/", {"said": "Hello?", "number": 1}, headers={"HX-Request": "true"})
    assert again.status_code == 409
    assert alice.post(f"{url}say/", {"said": "  ", "number": 2}, headers={"HX-Request": "true"}).status_code == 422
    assert (
        alice.post(f"{url}say/", {"said": "x" * 5000, "number": 2}, headers={"HX-Request": "true"}).status_code == 422
    )
    assert alice.post(f"{url}say/", {"said": "x", "number": "nine"}, headers={"HX-Request": "true"}).status_code == 422
    assert PracticeSession.objects.get().turns.count() == 1


def test_without_a_script_the_conversation_works_by_plain_forms(alice: Client) -> None:
    url = begin(alice)
    answer = alice.post(f"{url}say/", {"said": STORY.good[0], "number": 1}, follow=True)
    assert "tank is empty" in words(answer)
    ended = alice.post(f"{url}end/", follow=True)
    assert "You ended it" in words(ended)
    assert (
        alice.post(f"{url}say/", {"said": "One more", "number": 2}, headers={"HX-Request": "true"}).status_code == 409
    )


def test_a_session_is_its_agents_alone_until_shown_and_again_when_taken_back(
    alice: Client, bob: Client, charlie: Client
) -> None:
    url = begin(alice)
    alice.post(f"{url}end/")
    for other in (bob, charlie):
        assert [other.get(f"{url}{page}").status_code for page in ("", "debrief/")] == [404, 404]
        assert other.post(f"{url}say/", {"said": "x", "number": 1}).status_code == 404
    alice.post(f"{url}share/", {"shared": "yes"})
    assert bob.get(f"{url}debrief/").status_code == 200
    assert bob.get(url).status_code == 404, "a lead reads the debrief and touches nothing"
    assert charlie.get(f"{url}debrief/").status_code == 404
    assert "Alice Archer" in words(bob.get("/practice/assignments/"))
    alice.post(f"{url}share/", {"shared": "no"})
    assert bob.get(f"{url}debrief/").status_code == 404


def test_a_session_can_be_deleted_for_good(alice: Client) -> None:
    url = begin(alice)
    alice.post(f"{url}forget/")
    assert not PracticeSession.objects.exists()


def test_progress_lists_ones_own_sessions_and_nobody_elses(alice: Client, bob: Client) -> None:
    assert "Nothing played yet" in words(alice.get("/practice/progress/"))
    say(alice, begin(alice), STORY.good)
    assert STORY.title in words(alice.get("/practice/progress/"))
    assert "Nothing played yet" in words(bob.get("/practice/progress/"))


def test_an_assignment_stands_first_until_it_is_played_and_the_lead_learns_no_names(
    cast, alice: Client, bob: Client
) -> None:
    people = [cast.alice]
    people += [add_user(f"{n}@desk.example", n.title(), PASSWORD, "agent", (cast.care,)) for n in ("erin", "finn")]
    given = {
        "ref": "wrong_gift.en",
        "team": cast.care.pk,
        "people": [one.pk for one in people],
        "note": "Take your time",
    }
    assert "Assigned." in words(bob.post("/practice/assignments/add/", given, follow=True))
    assert "Take your time" in words(alice.get("/practice/"))
    gift = scenarios.shipped()[("wrong_gift", "en")]
    say(alice, begin(alice, "wrong_gift.en"), gift.good)
    assert "Assigned to you" not in words(alice.get("/practice/"))
    seen = words(bob.get("/practice/assignments/"))
    assert "1 of 3 have played it" in seen
    bob.post(f"/practice/assignments/{PracticeAssignment.objects.get().pk}/withdraw/")
    assert "have played it" not in words(bob.get("/practice/assignments/"))


def test_of_one_person_a_lead_sees_no_count(cast, alice: Client, bob: Client) -> None:
    given = {"ref": "wrong_gift.en", "team": cast.care.pk, "people": [cast.alice.pk]}
    bob.post("/practice/assignments/add/", given)
    say(alice, begin(alice, "wrong_gift.en"), scenarios.shipped()[("wrong_gift", "en")].good)
    seen = words(bob.get("/practice/assignments/"))
    assert "1 person asked" in seen and "have played it" not in seen
    assert "Shown when at least 3 people" in seen


@pytest.mark.parametrize(
    ("change", "says"),
    [({"people": []}, "Choose who"), ({"team": ""}, "Choose a team"), ({"due": "soon"}, "Choose a day")],
)
def test_an_assignment_that_cannot_be_is_refused_in_words(cast, bob: Client, change, says) -> None:
    given = {"ref": "hot_water.en", "team": cast.care.pk, "people": [cast.alice.pk]} | change
    assert says in words(bob.post("/practice/assignments/add/", given, follow=True))
    assert not PracticeAssignment.objects.exists()


def test_nobody_assigns_to_people_of_another_team(cast, bob: Client) -> None:
    given = {"ref": "hot_water.en", "team": cast.care.pk, "people": [cast.charlie.pk]}
    assert "people of the team" in words(bob.post("/practice/assignments/add/", given, follow=True))
    other = given | {"team": cast.parts.pk}
    assert bob.post("/practice/assignments/add/", other).status_code == 403


def test_a_lead_writes_a_scenario_that_the_team_and_no_other_can_play(cast, alice, bob, charlie) -> None:
    source = SOURCE.replace("There is never enough hot water", "Cold in house number nine", 1)
    checked = words(bob.post("/practice/scenarios/check/", {"source": source}))
    assert "It holds" in checked and not TeamScenario.objects.exists()
    saved = bob.post("/practice/scenarios/save/", {"source": source, "team": cast.care.pk}, follow=True)
    assert "Saved" in words(saved)
    ref = f"team-{TeamScenario.objects.get().pk}"
    assert "Cold in house number nine" in words(alice.get("/practice/"))
    assert "Cold in house number nine" not in words(charlie.get("/practice/"))
    assert charlie.get(f"/practice/export/{ref}.yaml").status_code == 404
    exported = alice.get(f"/practice/export/{ref}.yaml")
    assert exported.content.decode() == source
    session = begin(alice, ref)
    bob.post(f"/practice/scenarios/{TeamScenario.objects.get().pk}/retire/")
    assert "Cold in house number nine" not in re.findall(r"<h2>(.*?)</h2>", alice.get("/practice/").content.decode())
    assert "tank is empty" in words(say(alice, session, STORY.good[:1])), "what was begun can be played to its end"


def test_a_scenario_file_is_imported_and_a_bad_one_comes_back_with_its_lines(cast, bob: Client) -> None:
    bad = SOURCE.replace("behaviour: angry", "behaviour: grumpy")
    file = SimpleUploadedFile("bad.yaml", bad.encode())
    answer = bob.post("/practice/scenarios/save/", {"source": "", "team": cast.care.pk, "upload": file})
    assert answer.status_code == 422
    assert "Line 5 behaviour: must be one of" in words(answer)
    assert "behaviour: grumpy" in answer.content.decode(), "nothing of what was brought is lost"
    good = SimpleUploadedFile("good.yaml", SOURCE.encode())
    bob.post("/practice/scenarios/save/", {"source": "", "team": cast.care.pk, "upload": good})
    assert TeamScenario.objects.get().source == SOURCE


def test_a_scenario_that_does_not_teach_is_not_kept(cast, bob: Client) -> None:
    swapped = SOURCE.replace("\ngood:", "\nswap:").replace("\nbad:", "\ngood:").replace("\nswap:", "\nbad:")
    answer = bob.post("/practice/scenarios/save/", {"source": swapped, "team": cast.care.pk})
    assert answer.status_code == 422
    assert "the good play should" in words(answer)
    assert not TeamScenario.objects.exists()


def test_a_kept_scenario_that_can_no_longer_be_read_hides_and_is_mended_in_the_editor(cast, alice, bob) -> None:
    row = save_scenario(cast.bob, cast.care.pk, SOURCE)
    TeamScenario.objects.update(source=SOURCE.replace("style: expressive", "style: gone"))
    assert alice.get("/practice/").status_code == 200
    assert alice.post("/practice/begin/", {"ref": f"team-{row.pk}"}, follow=True).status_code in (200, 422)
    assert "style: gone" in bob.get(f"/practice/scenarios/{row.pk}/").content.decode()


def test_agents_have_no_door_to_what_leads_do(alice: Client) -> None:
    for path in ("assignments/", "scenarios/", "scenarios/new/"):
        assert alice.get(f"/practice/{path}").status_code == 403
    assert alice.get("/practice/export/hot_water.en.yaml").status_code == 200
    assert alice.get("/practice/export/no_such.en.yaml").status_code == 404
    assert alice.post("/practice/begin/", {"ref": "team-999999999999999999999999"}).status_code == 404
