"""Measures readings on public sets, on splits that training does not see. The sets come from `../shared`.

Where a figure is of a model head alone its name says so; all others go through `read`, as a user gets them.
"""

from __future__ import annotations

from collections.abc import Iterator

from backstory.language import measures, weights
from backstory.language.corpora import EKMAN, brighter, complaints_cfpb, goemotions, ordinary_queries, ordinary_turns
from backstory.language.evaluate_figures import Figure, share
from backstory.language.reader import FEELINGS, read
from backstory.language.text import parse
from backstory.language.verdicts import ekman as ekman_of
from backstory.language.verdicts import emotions as emotions_of


def emotion_figures() -> Iterator[Figure]:
    """GoEmotions' official test split: the model head alone, then as a user gets it."""
    yield from emotion_head_figures()
    tests = goemotions("original", "test")
    labels = sorted({label for one in tests for label in one.labels})
    readings = [read(one.text) for one in tests]
    given = [frozenset(label.label for label in one.emotions or ()) for one in readings]
    figure = measures.macro_f1([one.labels for one in tests], given, labels)
    note = f"{sum(one.emotions is None for one in readings)} abstentions count as wrong"
    yield Figure("GoEmotions test through read, 28, macro-F1", figure, len(tests), note)


def emotion_head_figures() -> Iterator[Figure]:
    """The head alone, macro-F1 over 28 labels and over the seven Ekman groups."""
    model = weights.load(FEELINGS["en"])
    tests = goemotions("original", "test")
    scores = [model.score(parse(one.text).model_tokens()) for one in tests]
    given = [frozenset(label.label for label in emotions_of(one, [])) for one in scores]
    labels = sorted({label for one in tests for label in one.labels})
    truth = [one.labels for one in tests]
    yield Figure("GoEmotions test, 28 labels, macro-F1", measures.macro_f1(truth, given, labels), len(tests))
    grouped = [one.labels for one in goemotions("ekman", "test")]
    named = [
        frozenset(name for name, p in ekman_of(one, []).items() if p >= model.limit(f"ekman/{name}")) for one in scores
    ]
    yield Figure("GoEmotions test, Ekman, macro-F1", measures.macro_f1(grouped, named, EKMAN), len(tests))


def brighter_figures() -> Iterator[Figure]:
    """BRIGHTER's development splits, which training does not see: macro-F1, and Pearson's r of the intensity.

    In English `ekman` is GoEmotions' emotions; what BRIGHTER asks, whether one is felt at all, its strength says.
    """
    for code, language, felt in (
        ("eng", "en", "intensity/{}>=1"),
        ("deu", "de", "ekman/{}"),
        ("esp", "es", "ekman/{}"),
    ):
        model = weights.load(FEELINGS[language])
        names, rows = brighter(code, "track_a", "dev")
        scores = [model.score(parse(text).model_tokens()) for text, _ in rows]
        truth = [frozenset(name for name in names if levels[name]) for _, levels in rows]
        given = [
            frozenset(name for name in names if one.probability(felt.format(name)) >= model.limit(felt.format(name)))
            for one in scores
        ]
        yield Figure(f"BRIGHTER {code} dev, emotions, macro-F1", measures.macro_f1(truth, given, names), len(rows))
        names, rows = brighter(code, "track_b", "dev")
        scores = [model.score(parse(text).model_tokens()) for text, _ in rows]
        correlations = [
            measures.pearson(
                [levels[name] for _, levels in rows],
                [sum(one.probability(f"intensity/{name}>={level}") for level in (1, 2, 3)) for one in scores],
            )
            for name in names
        ]
        mean = sum(correlations) / len(correlations)
        yield Figure(f"BRIGHTER {code} dev, intensity, mean Pearson r", mean, len(rows))


def public_complaint_figures() -> Iterator[Figure]:
    """The fifth of the public sets that training leaves out: what share gets the right complaint verdict."""
    for name, texts, wanted in (
        ("CFPB narratives told to complain", complaints_cfpb(300, held_out=True), True),
        ("CLINC150 queries found not to complain", ordinary_queries(500, held_out=True), False),
        ("MultiDoGO turns found not to complain", ordinary_turns(500, held_out=True), False),
    ):
        verdicts = [one for one in (read(text).complaint for text in texts) if one is not None]
        right = [one.is_complaint is wanted for one in verdicts]
        yield share(name, right, f"answers {len(verdicts)} of {len(texts)}")
