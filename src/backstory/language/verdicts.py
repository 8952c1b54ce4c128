"""From model scores and phrase finds to complaint, emotions, intensity, cause, style and gap, with the evidence."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from backstory.language import findings, situations
from backstory.language.facts import largest_amount
from backstory.language.phrases import CUE, Found, rules
from backstory.language.reading import (
    ComplaintVerdict,
    Evidence,
    Fact,
    Gap,
    Intensity,
    Label,
    Span,
    Style,
)
from backstory.language.situations import STYLES, Situation
from backstory.language.text import Document
from backstory.language.weights import Scores, sigmoid

COMPLAINT = "complaint/yes"
# The columns of the service head that a situation is read with: their logits are handed to `measured`.
STAKES = (
    "safety/yes",
    "vulnerability/yes",
    "gap/yes",
    *(f"severity/>={level}" for level in situations.SEVERITY),
    *(f"urgency/>={level}" for level in situations.URGENCY),
)
MEASURED = (COMPLAINT, *(f"style/{name}" for name in STYLES), *STAKES)
_HEATED = ("anger", "disgust", "fear", "sadness")
_DEMANDS = ("demand", "imperative")
_TOP_TOKENS = 8
_FIRMEST = 5.0
_TELLING_SUMS = (30, 120, 800)


def complaint(situation: Situation) -> ComplaintVerdict:
    """What the words, the phrases, the cues and the form of the message say together."""
    return ComplaintVerdict(round(situation.p(COMPLAINT), 4), situation.holds(COMPLAINT))


def complaint_by_words(logit: float, found: list[Found]) -> float:
    """The complaint head's logit with the phrases for and against it, weighed as `data/rules/blend.json` says."""
    return logit + float(rules("blend")["complaint"]["phrases"]) * complaint_votes(found)


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


def measured(
    document: Document, found: list[Found], logits: Mapping[str, float], told: tuple[Fact, ...]
) -> dict[str, float]:
    """What the service head (the logits of `MEASURED`) and the facts say, as features of the situation.

    Each is 0 to about 1, the logit of a complaint -1 to 1.
    """
    logit = complaint_by_words(logits[COMPLAINT], found)
    p = sigmoid(logit)
    felt = intensity(document, found, None, p)
    return {
        "complaint": p,
        "beyond the matter": beyond(found, felt)[0],
        "complaint by words": max(-1.0, min(1.0, logit / _FIRMEST)),
        "intensity": felt.overall / 3,
        "small amount": float(0 < largest_amount(told) <= _TELLING_SUMS[0]),
        **{f"amount over {sum_of}": float(largest_amount(told) > sum_of) for sum_of in _TELLING_SUMS},
        **{f"words say {name}": max(-1.0, min(1.0, logits[name] / _FIRMEST)) for name in STAKES},
        **{f"likely {name}": sigmoid(logits[f"style/{name}"]) for name in STYLES},
    }


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


def intensity(document: Document, found: list[Found], scores: Scores | None, complains: float) -> Intensity:
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
        + blend["complaint"] * complains
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


def style(situation: Situation) -> Style:
    """Four probabilities; abstains where the likeliest does not reach the limit that keeps it right."""
    shares = {name: round(situation.p(f"style/{name}"), 4) for name in STYLES}
    likely = max(STYLES, key=lambda name: shares[name])
    return Style(**shares, abstain=not situation.holds(f"style/{likely}"))


def _softmax(logits: dict[str, float]) -> dict[str, float]:
    highest = max(logits.values())
    grown = {name: math.exp(logit - highest) for name, logit in logits.items()}
    total = sum(grown.values())
    return {name: value / total for name, value in grown.items()}


def gap(document: Document, found: list[Found], felt: Intensity, situation: Situation) -> Gap:
    """How likely the reaction is larger than the told matter explains, both sides quoted; 0.5 is where training set it.

    What the situation says, of which the formula of `beyond` is a part.
    """
    _, gravest = beyond(found, felt)
    hot = [find for find in found if find.rule == "arousal" and find.kind == "high"]
    hot += [find for find in found if find.rule == "ask" and find.kind in _DEMANDS]
    score = situation.scaled("gap/yes")
    return Gap(round(score, 4), _quote(document, "reaction", hot), _quote(document, "matter", gravest))


def beyond(found: list[Found], felt: Intensity) -> tuple[float, list[Found]]:
    """Strength of feeling less what the told matter usually stirs, 0 to 1, and the finds that tell the gravest matter.

    What each cue weighs stands in `data/rules/situations.json`: an illness told explains a great deal, a mere "it is
    dangerous" does not. Where no matter is told there is nothing to be out of proportion to, so 0.45 is not passed.
    """
    weights_of = rules("situations")["matter"]
    told = [find for find in found if find.rule == CUE and find.kind in weights_of and not find.negated]
    matter = max((weights_of[find.kind] for find in told), default=weights_of["default"])
    score = max(0.0, min(1.0, (felt.overall / 3 - matter) * weights_of["slope"]))
    return score if told else min(score, 0.45), [find for find in told if weights_of[find.kind] == matter]


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


def by_cues(document: Document, found: Iterable[Found], situation: Situation, column: str) -> tuple[Evidence, ...]:
    """The cues that move one column of the situation, each with what its kind adds, at most eight."""
    cues = [find for find in found if find.rule == CUE and not find.negated]
    moved = sorted(((situation.adds(column, find.kind), find) for find in cues), key=lambda pair: -abs(pair[0]))
    places = [(*document.span(find.first, find.last), weight) for weight, find in moved[:_TOP_TOKENS] if weight]
    return tuple(Evidence(start, end, round(weight, 4)) for start, end, weight in places)
