"""The evaluation program: its measures against figures worked by hand, its diagrams, and its command line."""

import json
import xml.etree.ElementTree as ElementTree

import pytest

from backstory.language import evaluate, evaluate_fields, measures
from backstory.language.evaluate_calibration import Series
from backstory.language.evaluate_figures import Figure, Found
from backstory.language.evaluate_pictures import reliability_diagram
from backstory.language.evaluation_set import lines, places
from backstory.language.reader import read

GIVEN = [0.05, 0.05, 0.35, 0.95, 0.95]
TRUTH = [False, False, True, True, False]


def test_reliability_bins_and_calibration_error_agree_with_a_hand_count() -> None:
    bins = measures.reliability(GIVEN, TRUTH)
    assert [(one.count, one.right) for one in bins] == [(2, 0), (1, 1), (2, 1)]
    assert measures.calibration_error(bins) == pytest.approx((2 * 0.05 + 0.65 + 2 * 0.45) / 5)
    assert measures.calibration_error([]) == 0.0


def test_a_probability_of_one_falls_into_the_last_bin() -> None:
    assert [one.count for one in measures.reliability([0.0, 1.0], [False, True])] == [1, 1]


def test_labels_are_calibrated_each_by_itself_too() -> None:
    series = Series("x", [0.9, 0.1], [False, True], ["anger", "joy"])
    pooled, mean = series.figures()
    assert pooled.value == pytest.approx(0.9)
    assert (mean.value, mean.note) == (pytest.approx(0.9), "2 labels")


def test_a_label_found_has_precision_recall_and_f1_within_their_intervals() -> None:
    one = Found("complaint", right=8, wrong=2, missed=4)
    assert (one.precision, one.recall, one.f1) == (0.8, pytest.approx(2 / 3), pytest.approx(8 / 11))
    ends = one.intervals()
    for name in ("precision", "recall", "f1"):
        assert ends[name][0] < getattr(one, name) < ends[name][1]


def test_a_quote_is_found_where_a_reading_overlaps_it() -> None:
    message = {
        "id": "dev-en-999",
        "language": "en",
        "text": "Please send me the invoice again.",
        "labels": {"asks": [{"kind": "request", "quote": "send me the invoice"}]},
    }
    assert places(message, "asks") == [("request", 7, 26)]
    case = evaluate_fields.Case(message, read(message["text"]))
    assert evaluate_fields._quotes("asks", "request")([case]) == (1, 0, 0)
    assert evaluate_fields._quotes("asks", "demand")([case]) == (0, 0, 0)


def test_the_diagram_is_well_formed_escaped_and_the_same_on_every_run() -> None:
    panels = [("<held & out>", measures.reliability(GIVEN, TRUTH))]
    drawn = reliability_diagram("Is it?", panels)
    assert drawn == reliability_diagram("Is it?", panels)
    root = ElementTree.fromstring(drawn)
    assert len([one for one in root.iter() if one.tag.endswith("circle")]) == 3
    assert any("<held & out>" in (one.text or "") for one in root.iter())


def test_the_program_prints_tables_and_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    few = tuple(evaluate_fields.Case(one, read(one["text"])) for one in lines("develop")[::12])
    monkeypatch.setattr(evaluate_fields, "cases", lambda _: few)
    assert evaluate.main(["fields", "--part", "develop"]) == 0
    printed = capsys.readouterr().out
    assert "| safety |" in printed and "| severity, exact level |" in printed
    assert evaluate.main(["fields", "--part", "develop", "--json"]) == 0
    found, chosen = json.loads(capsys.readouterr().out)["fields"].values()
    assert {"precision", "recall", "f1", "intervals", "languages"} <= found[0].keys()
    assert any(one["name"] == "language" and one["count"] == len(few) for one in chosen)


def test_an_unknown_section_is_refused_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        evaluate.main(["feelings"])
    assert stopped.value.code == 2
    assert "no section feelings; there are fields" in capsys.readouterr().err


def test_public_sets_that_are_absent_are_said_to_be_not_measured(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BACKSTORY_SHARED", str(tmp_path))
    assert evaluate.main(["short"]) == 0
    assert "not measured: the public sets are not at" in capsys.readouterr().out


def test_a_figure_without_an_interval_shows_none() -> None:
    assert Figure("r", 0.5, 3).cells() == ("r", "0.500", "", "3", "")
