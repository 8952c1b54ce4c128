"""The model of a simulated customer's mood: what each thing an agent says does to arousal and trust. Pure.

The loop it teaches is calm → heard → validated → calmer (foundational strategies of the service-recovery teaching); the
way up is rules, blame and delay. The *direction* of every effect rests on the source beside it; the *numbers* are our
own judgement [G], chosen so that a good conversation of four to six messages calms and a bad one of three does not.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

Style = Literal["driver", "expressive", "analytic", "amiable"]
STYLES: tuple[Style, ...] = ("driver", "expressive", "analytic", "amiable")
Behaviour = Literal[
    "angry",
    "impatient",
    "intimidating",
    "demanding",
    "talkative",
    "indecisive",
    "know_it_all",
    "chronic_complainer",
    "silent",
    "abusive",
    "vulnerable",
]
BEHAVIOURS: tuple[Behaviour, ...] = (
    "angry",
    "impatient",
    "intimidating",
    "demanding",
    "talkative",
    "indecisive",
    "know_it_all",
    "chronic_complainer",
    "silent",
    "abusive",
    "vulnerable",
)
Band = Literal["calm", "tense", "angry", "furious"]

LOWEST, HIGHEST = 0.0, 100.0
HOT = 50.0
"""From this arousal on a fix is not taken in before the customer feels heard (Herhausen 2023)."""
LEAVES_AT = 95.0
GIVES_UP_AT = 5.0
SETTLES_AT = 40.0
MOST_CALMING, MOST_HEATING = -18.0, 26.0
MOST_TRUST = 18.0
"""The most that one message moves arousal either way, and trust up: nobody turns around in a sentence."""
FADING = (1.0, 0.7, 0.45, 0.25)
"""What a calming thing is worth the first, second, third and every later time: repeated, it turns into a phrase."""


@dataclass(frozen=True)
class Effect:
    """What one kind of signal does: points of arousal and trust (both 0 to 100), and what the direction rests on."""

    title: str
    arousal: float
    trust: float
    source: str
    hard: bool = False  # while this stands in a message, nothing in the message calms

    @property
    def harms(self) -> bool:
        return self.arousal > 0 or self.trust < 0


EFFECTS: Mapping[str, Effect] = {
    # what calms
    "heard": Effect(
        "Told back what happened, in the customer's words", -9, 7, "Herhausen 2023: echo before the fix [V]"
    ),
    "validated": Effect("Named or accepted the feeling", -10, 6, "Benitez et al.: validation, 3 experiments [V]"),
    "asked": Effect("Asked an open question", -4, 5, "CARE, step Ask [S]; Sharma 2020: exploration [V]"),
    "took_up": Effect("Took up what the customer had confided", -8, 9, "Active listening [S]; Sharma 2020 [V]"),
    "apologised": Effect("Said sorry, once and early", -5, 3, "Marinova, Singh & Singh 2018 [V]"),
    "acted_need": Effect("Did something for the person's need", -13, 10, "Golden case [S]; CCMC 2015 [V]"),
    "acted_cause": Effect("Did something about the cause", -9, 8, "Golden case [S]; Orsingher 2010 [V]"),
    "acted": Effect("Committed to a step", -4, 4, "Marinova, Singh & Singh 2018: solving work [V]"),
    "dated": Effect("Named a day or an hour", -4, 5, "HBR 2018; Housing Ombudsman Code [V]"),
    "options": Effect("Gave a choice", -3, 4, "Marinova, Singh & Singh 2018: options raise satisfaction [V]"),
    "explained": Effect("Gave the reason why", -3, 4, "Service recovery cycle, stage 4: explain [S]"),
    "follow_up": Effect("Left a way back, or promised to check", -4, 6, "CARE, step Ensure [S]"),
    "ended": Effect("Ended the contact after a warning", 0, 0, "Practice norm for abusive contacts [R]"),
    "limit": Effect("Set a limit, kept the door open", -16, 6, "Practice norm for abusive contacts [R]"),
    # what heats
    "blame": Effect("Blamed the customer", 14, -9, "Practice norm [R]", hard=True),
    "insult": Effect("Insulted the customer", 22, -18, "House rule [G]", hard=True),
    "rebuttal": Effect("Argued with the customer's account", 12, -8, "Golden case: nobody argued [S]", hard=True),
    "invalidated": Effect("Denied the feeling", 12, -9, "Benitez et al.: invalidation, 3 experiments [V]", hard=True),
    "talked_down": Effect("Told the customer to calm down", 13, -8, "Inference from invalidation [G]", hard=True),
    "trap": Effect("Said the one thing that hurts most here", 13, -9, "The scenario's own [G]", hard=True),
    "rule": Effect("Held up a rule", 10, -7, "Social styles: drivers, expressives [S]"),
    "refused": Effect("Said it cannot be done", 9, -6, "Social styles: drivers [S]"),
    "non_apology": Effect("Regretted the feeling, not the event", 8, -6, "Practice norm [R]"),
    "banned": Effect("Used a phrase customers hate", 8, -6, "National Customer Rage Study: poll [V]"),
    "asked_again": Effect("Asked for what was told already", 8, -8, "Repeat contact: a named cause of frustration [S]"),
    "passed_over": Effect("Passed over what the customer had confided", 7, -9, "Sharma 2020; Benitez et al. [V]"),
    "rushed": Effect("Hurried to close", 7, -8, "Social styles: amiables [G]"),
    "vague": Effect("Left the time open", 5, -4, "Packard & Berger 2021: concrete words [V]"),
    "nobody": Effect("Named nobody who will do it", 4, -5, "HBR 2018; Packard, Moore & McFerran 2018 [V]"),
    "ordered": Effect("Ordered the customer about", 6, -5, "Social styles: expressives [S]"),
    "doubted": Effect("Doubted the customer's facts", 8, -8, "Social styles: analytics [S]"),
    "survey": Effect("Asked for a rating before the fix", 8, -6, "National Customer Rage Study: poll [V]"),
    "shouted": Effect("Wrote in capitals", 6, -4, "House rule [G]"),
    "gushed": Effect("Put feeling where facts were wanted", 4, -4, "Social styles: analytics [S]"),
    "hedged": Effect("Took no clear stand", 4, -5, "Social styles: drivers [S]"),
    "limit_unfair": Effect("Set a limit where nobody was abusive", 10, -8, "Invalidation, by inference [G]"),
    "no_limit": Effect("Let the abuse go on without a limit", 3, -2, "Practice norm for abusive contacts [R]"),
    "threatened": Effect("Ended or threatened without a warning", 12, -8, "Practice norm for abusive contacts [R]"),
    "said_nothing": Effect("Took up nothing of what was said", 6, -5, "Housing Ombudsman Code: every point [V]"),
}
"""Every signal the customer reacts to."""

STYLE_WEIGHTS: Mapping[Style, Mapping[str, float]] = {
    "driver": {
        "rule": 1.5,
        "refused": 1.5,
        "vague": 1.6,
        "nobody": 1.5,
        "acted": 1.5,
        "acted_cause": 1.3,
        "dated": 1.5,
        "options": 1.3,
        "validated": 0.8,
    },
    "expressive": {
        "rule": 1.5,
        "ordered": 1.7,
        "invalidated": 1.3,
        "heard": 1.1,
        "validated": 1.3,
        "took_up": 1.2,
        "explained": 1.3,
        "dated": 0.9,
    },
    "analytic": {
        "doubted": 1.8,
        "rebuttal": 1.3,
        "vague": 1.3,
        "heard": 1.3,
        "explained": 2.0,
        "dated": 1.3,
        "validated": 0.7,
        "apologised": 0.8,
    },
    "amiable": {
        "rushed": 2.0,
        "rule": 1.2,
        "ordered": 1.4,
        "asked": 1.5,
        "follow_up": 1.5,
        "validated": 1.1,
        "passed_over": 1.3,
    },
}
"""How much more or less an effect weighs for a social style (domain: what works, what does not). 1 where not named."""


@dataclass(frozen=True)
class Mood:
    """0 to 100 each. `arousal`: how heated, or how closed a silent one is; `trust`: whether talking seems worth it."""

    arousal: float
    trust: float
    heard: bool = False
    validated: bool = False

    @property
    def band(self) -> Band:
        if self.arousal >= 75:
            return "furious"
        if self.arousal >= HOT:
            return "angry"
        return "tense" if self.arousal >= 30 else "calm"


@dataclass(frozen=True)
class Step:
    """What one signal did to the mood in one message: points after style, repetition and order are counted in."""

    kind: str
    arousal: float
    trust: float
    note: str = ""


@dataclass(frozen=True)
class Moved:
    """The mood after a message, and what moved it."""

    mood: Mood
    steps: tuple[Step, ...]


def move(mood: Mood, kinds: Iterable[str], style: Style, seen: Mapping[str, int] | None = None) -> Moved:
    """The mood after a message with these signals, each counted once.

    `seen` says how often each calming signal came before. Three rules besides the table: a hard harm lets nothing in
    the same message calm; while arousal is HOT or more and the customer was neither heard nor validated, steps and
    dates do not calm; being both heard and validated for the first time calms on top (the loop closes).
    """
    present = sorted({kind for kind in kinds if kind in EFFECTS}, key=list(EFFECTS).index)
    felt = replace(mood, heard=mood.heard or "heard" in present, validated=mood.validated or "validated" in present)
    blocked = any(EFFECTS[kind].hard for kind in present)
    if blocked:
        felt = replace(felt, heard=mood.heard, validated=mood.validated)
    steps = [_step(kind, style, (seen or {}).get(kind, 0)) for kind in present]
    steps = [_in_order(step, mood, felt, blocked) for step in steps]
    if felt.heard and felt.validated and not (mood.heard and mood.validated):
        steps.append(Step("loop", -5, 4, "Heard and validated: the loop closes"))
    arousal = min(max(sum(step.arousal for step in steps), MOST_CALMING), MOST_HEATING)
    trust = min(sum(step.trust for step in steps), MOST_TRUST)
    return Moved(
        replace(felt, arousal=_within(mood.arousal + arousal), trust=_within(mood.trust + trust)), tuple(steps)
    )


def _step(kind: str, style: Style, before: int) -> Step:
    effect = EFFECTS[kind]
    weight = STYLE_WEIGHTS[style].get(kind, 1.0)
    if not effect.harms:
        weight *= FADING[min(before, len(FADING) - 1)]
    return Step(kind, round(effect.arousal * weight, 1), round(effect.trust * weight, 1))


NEEDS_HEARING = frozenset({"acted", "acted_need", "acted_cause", "dated", "options", "explained"})


def _in_order(step: Step, before: Mood, after: Mood, blocked: bool) -> Step:
    if EFFECTS[step.kind].harms:
        return step
    if blocked:
        return replace(step, arousal=0.0, trust=0.0, note="Lost beside what hurt in the same message")
    if step.kind in NEEDS_HEARING and before.arousal >= HOT and not (after.heard or after.validated):
        return replace(step, arousal=0.0, trust=round(step.trust / 2, 1), note="Came before the customer felt heard")
    return step


def _within(value: float) -> float:
    return round(min(max(value, LOWEST), HIGHEST), 1)
