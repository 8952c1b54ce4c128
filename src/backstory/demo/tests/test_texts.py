"""The demo's letters keep their own rules."""

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from backstory.demo import plan as planning
from backstory.demo.plan import Plan
from backstory.demo.texts import CAUSES, DATA, SLOT, Thread, fill, problems_of, read_yaml, span, threads
from backstory.kernel.errors import InvalidInput

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
EXAMPLE_DOMAIN = re.compile(r"(^|\.)(example\.(com|org|net)|example)$")
REAL_FIRMS = re.compile(
    r"\b(vaillant|viessmann|bosch|buderus|worcester|baxi|daikin|mitsubishi|panasonic|samsung|nibe|stiebel|wolf gmbh|"
    r"tado|google|amazon|apple|british gas|bord g[aá]is|e\.on|vattenfall|iberdrola|endesa|engie|edf|saunier|junkers|"
    r"ariston|ferroli|zendesk|whatsapp|facebook|ikea|lidl|aldi)\b",
    re.IGNORECASE,
)


@cache
def plan() -> Plan:
    return planning.make(NOW)


def test_there_are_enough_letters_written_by_hand() -> None:
    assert len(threads()) >= 170
    assert sum(len(thread.openings) for thread in threads()) >= 400


def test_no_two_conversations_begin_alike() -> None:
    openings = Counter(story.said[0].text for story in plan().stories)
    assert [text for text, count in openings.items() if count > 1] == []
    sentences = Counter((thread.language, one.first) for thread in threads() for one in thread.openings)
    repeated = [sentence for sentence, count in sentences.items() if count > 1 and len(sentence[1].split()) > 4]
    assert repeated == []


def test_the_languages_have_their_shares() -> None:
    counts = Counter(story.thread.language for story in plan().stories)
    share = {language: count / counts.total() for language, count in counts.items()}
    assert 0.60 <= share["en"] <= 0.75
    assert 0.12 <= share["de"] <= 0.18
    assert 0.06 <= share["es"] <= 0.10
    assert 0.06 <= share["fr"] <= 0.10


def test_a_good_third_of_the_post_is_no_complaint() -> None:
    stories = plan().stories
    ordinary = sum(not story.thread.complaint for story in stories) / len(stories)
    assert 0.30 <= ordinary <= 0.42


def test_every_cause_has_complaints_and_every_severity_occurs() -> None:
    complaints = [thread for thread in threads() if thread.complaint]
    assert {thread.cause for thread in complaints} == CAUSES
    assert {thread.severity for thread in threads()} == {0, 1, 2, 3, 4}


def test_letters_differ_in_length_and_mood() -> None:
    lengths = sorted(len(story.said[0].text.split()) for story in plan().stories)
    assert lengths[len(lengths) // 20] <= 15
    assert lengths[-1] >= 200
    assert len({thread.mood for thread in threads()}) >= 15


def test_every_slot_is_filled() -> None:
    texts = [said.text for story in plan().stories for said in story.said]
    texts += [story.subject for story in plan().stories]
    texts += [one.quote for story in plan().stories for said in story.said for one in said.promises]
    assert [text for text in texts if SLOT.search(text)] == []


def test_a_promise_stands_word_for_word_in_the_message_that_makes_it() -> None:
    promised = [(said, one) for story in plan().stories for said in story.said for one in said.promises]
    assert len(promised) > 60
    assert [one.quote for said, one in promised if one.quote not in said.text] == []
    assert {one.ends for _, one in promised} == {"kept", "broken", "open"}


def test_the_hot_water_story_is_told_in_full() -> None:
    tom = next(thread for thread in threads() if thread.id == "hot-water-tom")
    assert (tom.who, tom.state, tom.severity, len(tom.lines)) == ("tom", "open", 4, 1)
    assert tom.ago is not None
    assert tom.ago < timedelta(minutes=30)
    assert "hot water" in tom.matter.stated.lower()
    assert "another house" in tom.matter.demand
    assert "croup" in tom.matter.backstory
    assert "safety" in tom.matter.need
    assert {serves for serves, _ in tom.matter.actions} == {"need", "cause"}
    assert "croup" not in tom.lines[0].text, "that is learned by asking"


def test_addresses_lie_in_domains_kept_for_examples() -> None:
    cast = plan().cast
    addresses = [one.email for pool in cast.pools.values() for one in pool]
    addresses += [one.email for one in (*cast.named.values(), *cast.organisations, *cast.workers)]
    addresses += [mailbox["address"] for mailbox in cast.mailboxes]
    assert [one for one in addresses if not EXAMPLE_DOMAIN.search(one.partition("@")[2])] == []
    assert len(addresses) == len(set(addresses))
    assert all(address.isascii() for address in addresses)


def test_no_real_company_and_no_real_number_is_named() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in DATA.glob("*.yaml"))
    assert REAL_FIRMS.findall(text) == []
    numbers = re.findall(r"\b0\d{2,4} \d{3} ?\d{3,4}\b", text)
    assert numbers
    assert [number for number in numbers if not number.startswith("020 91")] == []


def test_about_two_hundred_customers_write() -> None:
    writers = {story.customer.email for story in plan().stories}
    assert 190 <= len(writers) <= 215


def broken(**changes: object) -> list[str]:
    return list(problems_of([replace(threads()[0], **changes)]))  # type: ignore[arg-type]


def test_what_breaks_a_rule_is_named() -> None:
    good: Thread = threads()[0]
    assert broken() == []
    assert "unknown cause weather" in broken(cause="weather")[0]
    assert "severity" in broken(severity=5)[0]
    assert "unknown slots ['weather']" in broken(subject="{weather}")[0]
    assert "told 1 to" in broken(openings=())[0]
    assert "{open}" in broken(lines=(replace(good.lines[0], text="Hello"),))[0]
    assert "told twice alike" in broken(openings=(good.openings[0], good.openings[0]))[0]
    assert "used 2 times" in "".join(problems_of([good, good]))


def test_a_slot_without_a_word_is_refused() -> None:
    assert fill("{bye}", {"bye": "Yours, {agent}", "agent": "Alice"}) == "Yours, Alice"
    with pytest.raises(InvalidInput, match="tank"):
        fill("The {tank} is cold", {})


def test_durations_are_read_or_refused() -> None:
    assert span("2d 3h") == timedelta(days=2, hours=3)
    for wrong in ("", "soon", "3 weeks", "2d or so"):
        with pytest.raises(InvalidInput, match="duration"):
            span(wrong)


def test_every_yaml_file_is_used() -> None:
    assert {path.name for path in DATA.glob("*.yaml") if "threads" not in read_yaml(path.name)} == {
        "cast.yaml",
        "handling.yaml",
        "leaving.yaml",
        "problems.yaml",
        "rising.yaml",
        "slots.yaml",
        "vans.yaml",
    }
