"""Reads one message: parse once, find the phrases once, score each model once, then put the verdicts together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from backstory.language import conduct, findings, situations, stakes, verdicts, weights
from backstory.language.facts import facts
from backstory.language.identify import identify
from backstory.language.phrases import LANGUAGES, Found, find_each, rules
from backstory.language.reading import Evidence, Fact, Gap, Language, Reading
from backstory.language.replies import empathy
from backstory.language.replies.draft import letter
from backstory.language.situations import Situation
from backstory.language.text import MAX_CHARACTERS, Document, parse, units
from backstory.language.weights import Scores

SERVICE = "service.npz"
FEELINGS = {
    "en": "english.npz",
    "de": "german.npz",
    "es": "spanish.npz",
    "fr": "french.npz",
    "pt": "portuguese.npz",
    "ro": "romanian.npz",
    "ru": "russian.npz",
    "sv": "swedish.npz",
    "uk": "ukrainian.npz",
    "zh": "chinese.npz",
    "hi": "hindi.npz",
    "ar": "arabic.npz",
}
CONDUCT = {"en": conduct.FILE}
RULES_VERSION = "4"
# Every field that can be withheld, in the order of the reading.
FIELDS = (
    "complaint",
    "emotions",
    "ekman",
    "intensity",
    "valence",
    "severity",
    "urgency",
    "asks",
    "harms",
    "facts",
    "cause",
    "style",
    "politeness",
    "abuse",
    "vulnerability",
    "threats",
    "gap",
)


@dataclass(frozen=True, slots=True)
class _Parsed:
    """What the verdicts share: document, phrase finds, facts, and the scores of the models (None: not trained)."""

    document: Document
    found: list[Found]
    facts: tuple[Fact, ...]
    service: Scores
    feelings: Scores | None
    conduct: Scores | None
    situation: Situation
    written_at: datetime | None


def read(
    text: str,
    *,
    explain: bool = False,
    id: str | int | None = None,
    answers: str | None = None,
    written_at: datetime | None = None,
) -> Reading:
    """Reads one message of any length and content; the same text always gives the same reading.

    With `explain` the reading carries `evidence`: for each verdict the places (code point offsets) it rests on, with
    weights. `id` is given back as it came. `answers` is the customer's message that an agent's text replies to (empty
    where it is unknown): with it the reading has `reply`. `written_at` (aware) is what "by Friday" is resolved against.
    Raises ModelError where the weights are missing or damaged,
    and nothing else for any string.
    """
    reading = replace(_read(text, explain, written_at), id=id)
    if answers is None:
        return reading
    shown = empathy.score(letter(answers[:MAX_CHARACTERS]), letter(text[:MAX_CHARACTERS], fallback=answers))
    return replace(reading, reply=shown)


def _read(text: str, explain: bool, written_at: datetime | None) -> Reading:
    document = parse(text)
    language = identify(document)
    told = facts(text[:MAX_CHARACTERS])
    if language.code not in LANGUAGES:
        return _feelings_alone(document, Reading(language, facts=told, coverage=round(document.coverage, 4)))
    found = find_each(document, language.code)
    names = [SERVICE, FEELINGS.get(language.code), CONDUCT.get(language.code)]
    seen = units(document.model_tokens())
    service, feelings, manners = (weights.load(name).score_units(seen) if name else None for name in names)
    assert service is not None
    situation = situations.score(document, found, verdicts.measured(document, found, _logits(service), told))
    parsed = _Parsed(document, found, told, service, feelings, manners, situation, written_at)
    reading = _verdicts(parsed, language)
    if explain:
        reading = replace(reading, evidence=_evidence(parsed, reading))
    return _finished(reading, _models(*names))


def _logits(service: Scores) -> dict[str, float]:
    return {column: service.logit(column) for column in verdicts.MEASURED}


def _feelings_alone(document: Document, reading: Reading) -> Reading:
    """What can be said of a message in a language that has emotions and nothing else, if that."""
    name = FEELINGS.get(reading.language.code)
    if name is None:
        return _finished(reading, {})
    scores = weights.load(name).score(document.model_tokens())
    ekman = verdicts.ekman(scores, [])
    versions = {name.removesuffix(".npz"): weights.load(name).version}
    return _finished(replace(reading, ekman=ekman, valence=verdicts.valence(ekman)), versions)


def _models(*files: str | None) -> dict[str, str]:
    names = [name for name in (*files, situations.FILE) if name]
    return {
        "rules": RULES_VERSION,
        **{name.removesuffix(".npz"): weights.load(name).version for name in names},
    }


def _finished(reading: Reading, models: dict[str, str]) -> Reading:
    missing = tuple(name for name in FIELDS if getattr(reading, name) is None)
    return replace(reading, abstain=missing, models=models)


def _verdicts(parsed: _Parsed, language: Language) -> Reading:
    document, found, feelings, situation = parsed.document, parsed.found, parsed.feelings, parsed.situation
    complaint = verdicts.complaint(situation)
    felt = verdicts.intensity(document, found, feelings, complaint.p)
    causes = verdicts.cause(parsed.service, found) if complaint.is_complaint else ()
    grave, _ = stakes.severity(document, found, situation, complaint.is_complaint)
    ekman = verdicts.ekman(feelings, found, complaint.p) if feelings else None
    full = feelings is not None and bool(feelings.model.labels("emotion"))
    return Reading(
        language=language,
        complaint=complaint,
        emotions=verdicts.emotions(feelings, found, complaint.p) if feelings and full else None,
        ekman=ekman,
        intensity=felt,
        valence=verdicts.valence(ekman) if ekman else None,
        severity=grave,
        urgency=stakes.urgency(document, found, situation, parsed.written_at)[0],
        asks=findings.asks(document, found, complaint.p >= rules("blend")["complaint"]["demands from"]),
        harms=stakes.harms(document, found, complaint.is_complaint or grave.safety),
        facts=parsed.facts,
        cause=causes,
        style=verdicts.style(situation),
        politeness=conduct.politeness(parsed.conduct) if parsed.conduct else None,
        abuse=conduct.abuse(document, parsed.conduct, language.code),
        vulnerability=stakes.vulnerability(document, found, situation),
        threats=stakes.threats(document, found, complaint.is_complaint),
        gap=verdicts.gap(document, found, felt, situation) if complaint.is_complaint else Gap(0.0, None, None),
        coverage=round(document.coverage, 4),
    )


def _evidence(parsed: _Parsed, reading: Reading) -> dict[str, tuple[Evidence, ...]]:
    """Field -> places. Spans that quote their words already (asks, harms, threats) are their own evidence."""
    document, found = parsed.document, parsed.found
    given = {
        "complaint": _ordered((*_both(parsed, "complaint", verdicts.COMPLAINT), *_cued(parsed, verdicts.COMPLAINT))),
        "intensity": verdicts.by_phrases(document, _of(found, "arousal")),
        "severity": _quoted(stakes.severity(document, found, parsed.situation, _complains(reading))[1]),
        "urgency": _quoted(stakes.urgency(document, found, parsed.situation)[1]),
    }
    if reading.cause:
        top = reading.cause[0].label
        given["cause"] = _both(parsed, "cause", f"cause/{top}", top)
    if reading.style and reading.style.likely:
        given["style"] = _both(parsed, "style", f"style/{reading.style.likely}", reading.style.likely)
    if parsed.feelings and reading.ekman:
        strongest = max(reading.ekman, key=lambda name: (reading.ekman or {})[name])
        given["ekman"] = verdicts.by_model(document, parsed.feelings, f"ekman/{strongest}")
    if parsed.feelings and reading.emotions:
        given["emotions"] = verdicts.by_model(document, parsed.feelings, f"emotion/{reading.emotions[0].label}")
    if parsed.conduct:
        given["politeness"] = verdicts.by_model(document, parsed.conduct, "politeness/polite")
    if reading.abuse:
        given["abuse"] = _quoted(reading.abuse.spans)
    for field in ("asks", "harms", "facts", "vulnerability"):
        given[field] = _quoted(getattr(reading, field) or ())
    given["threats"] = tuple(place for spans in (reading.threats or {}).values() for place in _quoted(spans))
    if reading.gap:
        given["gap"] = _quoted(one for one in (reading.gap.reaction, reading.gap.matter) if one)
    return given


def _complains(reading: Reading) -> bool:
    return reading.complaint is not None and reading.complaint.is_complaint


def _of(found: list[Found], rule: str, kind: str | None = None) -> list[Found]:
    return [find for find in found if find.rule == rule and (kind is None or find.kind == kind)]


def _both(parsed: _Parsed, rule: str, column: str, kind: str | None = None) -> tuple[Evidence, ...]:
    """Phrases and model words of one verdict together, in the order of the text."""
    phrases = verdicts.by_phrases(parsed.document, _of(parsed.found, rule, kind))
    return _ordered((*phrases, *verdicts.by_model(parsed.document, parsed.service, column)))


def _cued(parsed: _Parsed, column: str) -> tuple[Evidence, ...]:
    return verdicts.by_cues(parsed.document, parsed.found, parsed.situation, column)


def _ordered(places: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    return tuple(sorted(places, key=lambda one: (one.start, one.end)))


def _quoted(spans: object) -> tuple[Evidence, ...]:
    return tuple(Evidence(one.start, one.end, 1.0) for one in spans)  # type: ignore[attr-defined]
