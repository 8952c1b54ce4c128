"""From model scores and phrase finds to complaint, emotions, intensity, cause, style and gap, with the evidence."""

from __future__ import annotations

import math
from collections.abc import Iterable

from backstory.language import findings
from backstory.language.phrases import Found, rules
from backstory.language.reading import (
    ComplaintVerdict,
    Evidence,
    Gap,
    Intensity,
    Label,
    Severity,
    Span,
    Style,
)
from backstory.language.text import Document
from backstory.language.weights import Scores, sigmoid

STYLES = ("driver", "expressive", "analytic", "amiable")
_HEATED = ("anger", "disgust", "fear", "sadness")
_DEMANDS = ("demand", "imperative")
_TOP_TOKENS = 8


def complaint(scores: Scores, found: list[Found]) -> ComplaintVerdict:
    """The complaint head plus the phrases for and against it, weighed as `data/rules/blend.json` says."""
    blend = rules("blend")["complaint"]
    p = sigmoid(scores.logit("complaint/yes") + blend["phrases"] * complaint_votes(found))
    return ComplaintVerdict(round(p, 4), p >= blend["limit"])


def complaint_votes(found: Iterable[Found]) -> float:
    """The phrases for a complaint less those against it, and the harms, within `most`. Denied ones do not count.

    Harms that are told without complaining as well (a mother in hospital, a day off) do not count.
    """
    blend = rules("blend")["complaint"]
    votes = 0.0
    for find in found:
        if find.rule == "complaint" and not find.negated:
            votes += find.weight if find.kind == "for" else -find.weight
        elif find.rule == "harm" and not find.negated and find.kind not in blend["told anyway"]:
            votes += blend["harm"]
    return float(max(-blend["most"], min(blend["most"], votes)))


def emotions(scores: Scores, found: list[Found], complaint_p: float = 0.0) -> tuple[Label, ...]:
    """The GoEmotions labels at or above their limits, the likeliest first; the likeliest one where none is."""
    votes = _feeling_votes(found, "labels", complaint_p)
    named = {
        label: round(sigmoid(scores.logit(f"emotion/{label}") + votes.get(label, 0.0)), 4)
        for label in scores.model.labels("emotion")
    }
    given = [Label(name, p) for name, p in named.items() if p >= scores.model.limit(f"emotion/{name}")]
    ranked = sorted(given or [Label(*pair) for pair in named.items()], key=lambda one: (-one.p, one.label))
    return tuple(ranked if given else ranked[:1])


def ekman(scores: Scores, found: list[Found], complaint_p: float = 0.0) -> dict[str, float]:
    """Probability of each Ekman emotion (and neutral) that the model knows: its logit and the phrases found."""
    votes = _feeling_votes(found, "ekman", complaint_p)
    return {
        label: round(sigmoid(scores.logit(f"ekman/{label}") + votes.get(label, 0.0)), 4)
        for label in scores.model.labels("ekman")
    }


def _feeling_votes(found: list[Found], head: str, complaint_p: float) -> dict[str, float]:
    """Label -> logit added by the phrases of the `feeling` rule, and by the message complaining.

    The models learned from chatter, where few are angry; whoever complains more often is. `prior` shifts for that.
    """
    blend = rules("blend")["feeling"]
    counted: dict[str, float] = {"prior": complaint_p} if complaint_p >= 0.5 else {}
    for find in found:
        if find.rule == "feeling" and not find.negated:
            counted[find.kind] = min(blend["most"], counted.get(find.kind, 0.0) + find.weight)
    votes: dict[str, float] = {}
    for kind, count in counted.items():
        for label, part in blend[head].get(kind, {}).items():
            votes[label] = votes.get(label, 0.0) + part * count
    return votes


def valence(probabilities: dict[str, float]) -> float:
    """Joy less the strongest ill feeling, -1 to 1."""
    return round(probabilities.get("joy", 0.0) - max(probabilities.get(name, 0.0) for name in _HEATED), 4)


def intensity(document: Document, found: list[Found], scores: Scores | None, complains: ComplaintVerdict) -> Intensity:
    """Strength of feeling: a weighted sum of arousing words, cries, shouting, demands and the complaint's probability.

    The weights in `data/rules/blend.json` were fitted by least squares on our own training messages; the strength of
    each emotion comes from the trained ordinal heads and is None where a language has none.
    """
    blend = rules("blend")["intensity"]
    raised = sum(find.weight for find in found if find.rule == "arousal" and find.kind == "high")
    lowered = sum(find.weight for find in found if find.rule == "arousal" and find.kind == "low")
    cries = sum(min(len(token.word), 3) for token in document.tokens if "!" in token.word)
    shouts = sum(token.shouted for token in document.tokens)
    demands = any(find.rule == "ask" and find.kind in _DEMANDS and not find.negated for find in found)
    overall = (
        blend["base"]
        + blend["raised"] * min(raised, 4.0)
        - blend["lowered"] * min(lowered, 3.0)
        + blend["cry"] * min(cries, 3)
        + blend["shout"] * min(shouts, 2)
        + blend["demand"] * demands
        + blend["complaint"] * complains.p
    )
    return Intensity(round(max(0.0, min(3.0, overall)), 2), _per_emotion(scores))


def _per_emotion(scores: Scores | None) -> dict[str, float] | None:
    """Expected level 0-3: the sum of the probabilities of reaching 1, 2 and 3."""
    if scores is None:
        return None
    levels: dict[str, float] = {}
    for label in scores.model.labels("intensity"):
        name = label.split(">=")[0]
        levels[name] = levels.get(name, 0.0) + scores.probability(f"intensity/{label}")
    return {name: round(level, 2) for name, level in levels.items()} or None


def cause(scores: Scores, found: list[Found]) -> tuple[Label, ...]:
    """The likeliest causes (at most three, at or above the limit) of the default set, phrases and model added up."""
    blend = rules("blend")["cause"]
    logits = {
        label: float(scores.logits[scores.model.columns[f"cause/{label}"]]) * blend["model"]
        for label in scores.model.labels("cause")
    }
    votes: dict[str, float] = {}
    for find in found:
        if find.rule == "cause":
            votes[find.kind] = min(blend["most"], votes.get(find.kind, 0.0) + find.weight)
    total = {label: logit + blend["phrases"] * votes.get(label, 0.0) for label, logit in logits.items()}
    shares = _softmax(total)
    ranked = sorted(shares.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(Label(name, round(p, 4)) for at, (name, p) in enumerate(ranked[:3]) if at == 0 or p >= blend["limit"])


def style(scores: Scores, found: list[Found]) -> Style:
    """Four probabilities; abstains where the likeliest is not likely enough or nothing was found to rest on."""
    blend = rules("blend")["style"]
    votes = dict.fromkeys(STYLES, 0.0)
    for find in found:
        if find.rule == "style":
            votes[find.kind] = min(blend["most"], votes[find.kind] + find.weight)
    logits = {
        name: blend["phrases"] * votes[name]
        + blend["model"] * float(scores.logits[scores.model.columns[f"style/{name}"]])
        for name in STYLES
    }
    shares = {name: round(p, 4) for name, p in _softmax(logits).items()}
    unsure = max(shares.values()) < blend["limit"] or max(votes.values()) < blend["least"]
    return Style(**shares, abstain=unsure)


def _softmax(logits: dict[str, float]) -> dict[str, float]:
    highest = max(logits.values())
    grown = {name: math.exp(logit - highest) for name, logit in logits.items()}
    total = sum(grown.values())
    return {name: value / total for name, value in grown.items()}


def gap(document: Document, found: list[Found], causes: tuple[Label, ...], felt: Intensity, grave: Severity) -> Gap:
    """Strength of feeling less the stated matter (the cause's usual weight, or a harm told in particulars)."""
    blend = rules("blend")["gap"]
    told = [
        find
        for find in found
        if find.rule in ("harm", "vulnerability") and not find.negated and find.kind in blend["told"]
    ]
    matter = blend["causes"].get(causes[0].label, blend["default"]) if causes else blend["default"]
    if told:
        matter = max(matter, *(blend["told"][find.kind] for find in told))
    if grave.level >= 4:
        matter = 1.0
    hot = [find for find in found if find.rule == "arousal" and find.kind == "high"]
    hot += [find for find in found if find.rule == "ask" and find.kind in _DEMANDS]
    score = max(0.0, min(1.0, (felt.overall / 3 - matter) * blend["slope"]))
    return Gap(round(score, 4), _quote(document, "reaction", hot), _matter_quote(document, found, causes, told))


def _matter_quote(document: Document, found: list[Found], causes: tuple[Label, ...], told: list[Found]) -> Span | None:
    if told:
        return _quote(document, "matter", told)
    named = [find for find in found if find.rule == "cause" and causes and find.kind == causes[0].label]
    return _quote(document, "matter", named)


def _quote(document: Document, kind: str, found: list[Found]) -> Span | None:
    if not found:
        return None
    best = max(found, key=lambda find: (find.weight, find.last - find.first, -find.first))
    sentence = document.sentences[document.tokens[best.first].sentence]
    return findings.span(document, kind, sentence.first, sentence.last)


def by_phrases(document: Document, found: Iterable[Found]) -> tuple[Evidence, ...]:
    """The places of the finds as evidence, a weight each."""
    places = [(*document.span(find.first, find.last), find) for find in found]
    return tuple(
        Evidence(start, end, -find.weight if find.kind in ("against", "low") else find.weight)
        for start, end, find in places
    )


def by_model(document: Document, scores: Scores, column: str) -> tuple[Evidence, ...]:
    """The tokens that moved one column's logit most, in the order of the text."""
    read = document.model_tokens()
    strongest = sorted(scores.by_token(column).items(), key=lambda pair: -abs(pair[1]))[:_TOP_TOKENS]
    return tuple(Evidence(read[at].start, read[at].end, round(weight, 4)) for at, weight in sorted(strongest))
