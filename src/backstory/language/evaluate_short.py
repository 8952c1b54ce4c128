"""Measures abuse, politeness, language and complaint on short public texts of another kind than customers' letters."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence

from backstory.language import measures
from backstory.language.corpora import brighter, shared
from backstory.language.evaluate_figures import Figure, share
from backstory.language.identify import identify
from backstory.language.reader import read
from backstory.language.text import parse

ABUSE_LEVELS = (1, 0, -1, -2, -3)
WIKIPEDIA = {"fr": "fr", "hu": "hu"}
BRIGHTER = {"en": "eng", "de": "deu", "es": "esp", "pt": "ptbr", "ro": "ron", "ru": "rus", "sv": "swe", "uk": "ukr",
            "zh": "chn", "hi": "hin"}  # fmt: skip


def abuse_figures() -> Iterator[Figure]:
    """ConvAbuse's validation split (users' turns alone): abusive is what the mean of the annotators puts below 0."""
    truth, given = [], []
    for text, level in _convabuse("valid"):
        said = read(text).abuse
        if said is not None:
            truth.append(level < 0)
            given.append(said.level < 0)
    if not truth:
        return
    precision, recall = measures.precision_recall(truth, given)
    both = (measures.f1(truth, given), measures.f1([not one for one in truth], [not one for one in given]))
    note = f"abusive: precision {precision:.3f}, recall {recall:.3f}"
    yield Figure("ConvAbuse valid, abusive or not, macro-F1", sum(both) / 2, len(truth), note)
    yield share("ConvAbuse valid, accuracy", [a == b for a, b in zip(truth, given, strict=True)])


def politeness_figures() -> Iterator[Figure]:
    """TyDiP's test splits: requests of Wikipedia's editors, each polite or impolite."""
    for code in ("en", "es", "fr"):
        rows = [(score > 0, read(text).politeness) for text, score in _tydip(code)]
        answered = [(truth, p >= 0.5) for truth, p in rows if p is not None]
        if answered:
            note = f"answers {len(answered)} of {len(rows)}"
            yield share(f"TyDiP {code} test, polite or not", [a == b for a, b in answered], note)


def language_figures() -> Iterator[Figure]:
    """Twelve languages, whole texts (BRIGHTER dev, TyDiP test) and their first four words (less Chinese)."""
    texts = [(code, text) for code, name in BRIGHTER.items() for text, _ in brighter(name, "track_a", "dev")[1]]
    texts += [(code, text) for code, name in WIKIPEDIA.items() for text, _ in _tydip(name)[:200]]
    yield share("language, twelve, whole texts", [identify(parse(text)).code == code for code, text in texts])
    short = [(code, " ".join(text.split()[:4])) for code, text in texts if code != "zh" and len(text.split()) >= 4]
    yield share("language, eleven, first four words", [identify(parse(text)).code == code for code, text in short])
    ours = [code in ("en", "de", "es", "fr") for code, _ in short]
    four = [pair for pair, one in zip(short, ours, strict=True) if one]
    yield share("language, en de es fr, first four words", [identify(parse(text)).code == code for code, text in four])


def post_figures(posts: Sequence[tuple[str, bool]]) -> Iterator[Figure]:
    """Short public posts written for this, kept from training: complaint or not."""
    truth = [yes for _, yes in posts]
    verdicts = [read(text).complaint for text, _ in posts]
    given = [bool(one and one.is_complaint) for one in verdicts]
    both = (measures.f1(truth, given), measures.f1([not one for one in truth], [not one for one in given]))
    precision, recall = measures.precision_recall(truth, given)
    note = f"complaints: precision {precision:.3f}, recall {recall:.3f}"
    yield Figure("public posts, complaint or not, macro-F1", sum(both) / 2, len(truth), note)
    area = measures.auc(truth, [one.p if one else 0.5 for one in verdicts])
    yield Figure("public posts, area under the ROC curve", area, len(truth))


def _convabuse(split: str) -> list[tuple[str, float]]:
    """(user's turn, mean level over the annotators), ConvAbuse (CC BY 4.0)."""
    with (shared() / "convabuse" / f"ConvAbuseEMNLP{split}.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    found = []
    for row in rows:
        votes = [
            level
            for level in ABUSE_LEVELS
            for name, value in row.items()
            if name.endswith(f"_is_abuse.{level}") and value in ("1", "1.0")
        ]
        if votes:
            found.append((row["user"], sum(votes) / len(votes)))
    return found


def _tydip(language: str) -> list[tuple[str, float]]:
    """(request, politeness score) of a test split, TyDiP (CC BY 4.0)."""
    path = shared() / "tydip" / f"{language}_test_binary.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return [(row["sentence"], float(row["score"])) for row in csv.DictReader(lines)]
