"""The trained heads: what they cannot see, what they say of plain cases, and what is owed of their files."""

import numpy as np
import pytest

from backstory.language import conduct, corpora, measures, read, text, weights
from backstory.language.identify import identify
from backstory.language.reader import FEELINGS
from backstory.language.text import feature_names, parse


def names(written: str) -> list[str]:
    return feature_names(written)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Emily says the oven smokes.", "Lakisha says the oven smokes."),
        ("My wife was shouted at.", "My husband was shouted at."),
        ("He waited, and nobody greeted him.", "She waited, and nobody greeted her."),
        ("As a Muslim customer I was ignored.", "As a Jewish customer I was ignored."),
        ("Mein Kollege Stefan war grob.", "Mein Kollege Mehmet war grob."),
        ("A mi madre no la atendieron.", "A mi padre no la atendieron."),
        ("Karim attend son colis.", "Julien attend son colis."),
    ],
)
def test_who_somebody_is_moves_no_model(one: str, other: str) -> None:
    assert names(one) == names(other)


def test_handles_and_links_are_signs_however_they_are_written() -> None:
    written = names("@AcmeHelp see https://acme.example/x?y=1")
    assert written == names("<user> see <url>")
    assert "=<handle>" in written and "=<link>" in written
    assert "=<handle>" not in names("write to bob@acme.example")


def test_signs_keep_their_places() -> None:
    document = parse("Hi @AcmeHelp, look: https://acme.example/x")
    quoted = {token.word: document.text[token.start : token.end] for token in document.tokens}
    assert quoted["<handle>"] == "@AcmeHelp" and quoted["<link>"] == "https://acme.example/x"


def test_words_of_scripts_with_vowel_signs_stay_whole_and_chinese_is_read_by_letters() -> None:
    assert [token.word for token in parse("मेरे खेत में").tokens] == ["मेरे", "खेत", "में"]
    assert "天气" in text.word_features("今天天气好")


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("where is my order", "en"),
        ("wo bleibt mein Paket", "de"),
        ("dónde está mi pedido", "es"),
        ("où est ma commande", "fr"),
        ("não recebi minha encomenda", "pt"),
        ("unde este comanda mea", "ro"),
        ("где мой заказ сейчас", "ru"),
        ("var är mitt paket", "sv"),
        ("де моє замовлення зараз", "uk"),
        ("我的订单在哪里", "zh"),
        ("मेरा ऑर्डर कहाँ है", "hi"),
        ("hol van a csomagom", "hu"),
        ("waar is mijn pakket", "nl"),
        ("dov'è il mio pacco", "it"),
    ],
)
def test_four_words_are_enough_to_tell_the_language(written: str, code: str) -> None:
    assert identify(parse(written)).code == code


@pytest.mark.parametrize(
    "written",
    [
        "You are a worthless idiot, I hope you die.",
        "Du bist ein Arschloch.",
        "Eres un gilipollas.",
        "Espèce de connard.",
    ],
)
def test_abuse_is_told_with_its_words(written: str) -> None:
    abuse = read(written).abuse
    assert abuse is not None and abuse.level < 0 and abuse.kinds
    assert abuse.spans
    assert all(written[one.start : one.end] == one.text for one in abuse.spans)


@pytest.mark.parametrize(
    "written",
    [
        "This is the third broken kettle and I am furious. I want my money back now!",
        "As a gay man I felt unwelcome at your hotel.",
        "Das ist eine Frechheit, ich warte seit drei Wochen auf mein Geld!",
        "Llevo tres semanas esperando mi dinero, es una vergüenza.",
        "C'est un scandale, trois semaines que j'attends mon argent !",
    ],
)
def test_an_angry_complaint_is_no_abuse(written: str) -> None:
    abuse = read(written).abuse
    assert abuse is not None and abuse.level >= 0


def test_thanks_make_a_request_politer_and_politeness_is_read_in_english_alone() -> None:
    kind = read("Hi, thanks for your work on this! Could you please tell me where the page has gone?").politeness
    curt = read("Why did you delete the page? What is wrong with you?").politeness
    assert kind is not None and curt is not None and kind > 0.5 > curt
    german = read("Könnten Sie mir bitte sagen, wo mein Paket ist?")
    assert german.politeness is None and "politeness" in german.abstain


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Estou muito feliz com a minha família, que dia maravilhoso!", "pt"),
        ("Jag är så glad och tacksam idag, tack alla!", "sv"),
        ("Я очень рад, спасибо вам большое за праздник!", "ru"),
    ],
)
def test_other_languages_get_emotions_and_abstain_by_name_from_the_rest(written: str, code: str) -> None:
    reading = read(written)
    assert reading.language.code == code and reading.ekman
    assert max(reading.ekman, key=reading.ekman.__getitem__) == "joy"
    assert reading.complaint is None and {"complaint", "severity", "emotions", "abuse"} <= set(reading.abstain)


@pytest.mark.parametrize(
    ("written", "emotion"),
    [
        ("Je suis furieux, c'est inadmissible !", "anger"),
        ("Quel bonheur, merci infiniment !", "joy"),
        ("Je suis si triste, il me manque.", "sadness"),
    ],
)
def test_french_feelings_are_told_in_plain_cases(written: str, emotion: str) -> None:
    reading = read(written)
    assert reading.ekman and max(reading.ekman, key=reading.ekman.__getitem__) == emotion
    assert reading.emotions is None and "emotions" in reading.abstain


def test_short_public_posts_are_told_apart_as_well_as_published() -> None:
    posts = corpora.posts_held_out()
    truth = [bool(one.details["complaint"]) for one in posts]
    verdicts = [read(one.text).complaint for one in posts]
    given = [bool(one and one.is_complaint) for one in verdicts]
    both = measures.f1(truth, given), measures.f1([not one for one in truth], [not one for one in given])
    assert len(posts) == 150 and sum(both) / 2 >= 0.70


def test_posts_kept_for_checking_are_not_trained_on() -> None:
    assert {one.text for one in corpora.posts_held_out()}.isdisjoint(one.text for one in corpora.posts())


def test_every_file_of_a_head_is_shipped_and_all_are_small() -> None:
    files = weights.manifest()["files"]
    assert {*FEELINGS.values(), conduct.FILE, "languages.npz", "service.npz"} <= set(files)
    assert sum((weights.FOLDER / name).stat().st_size for name in files) <= 10_000_000


def test_words_and_letters_have_a_unit_length_each() -> None:
    model = weights.load("conduct.npz")
    scores = model.score(parse("where has my parcel gone").model_tokens())
    assert model.words is not None
    for chosen in (True, False):
        kept = scores.values[model.words[[*scores.counts]] == chosen]
        assert np.linalg.norm(kept) == pytest.approx(1.0, abs=1e-4)


@pytest.fixture
def public_sets() -> None:
    try:
        corpora.shared()
    except corpora.SetMissing as missing:
        pytest.skip(str(missing))


def test_abuse_is_told_on_turns_not_trained_on(public_sets: None) -> None:
    turns = corpora.abuse("valid")[:400]
    found = [read(one.text).abuse for one in turns]
    pairs = [(one.abusive, said.level < 0) for one, said in zip(turns, found, strict=True) if said is not None]
    truth, given = [a for a, _ in pairs], [b for _, b in pairs]
    both = measures.f1(truth, given), measures.f1([not one for one in truth], [not one for one in given])
    assert sum(both) / 2 >= 0.72
    assert measures.share([a == b for a, b in pairs]) >= 0.88


def test_politeness_is_told_on_the_official_test(public_sets: None) -> None:
    rows = [(score > 0, read(written).politeness) for written, score in corpora.politeness("en", "test")]
    assert measures.share([yes == (p >= 0.5) for yes, p in rows if p is not None]) >= 0.80


@pytest.mark.parametrize(("code", "floor"), [("deu", 0.52), ("esp", 0.68), ("ptbr", 0.39), ("rus", 0.75)])
def test_emotions_hold_on_texts_kept_for_development(public_sets: None, code: str, floor: float) -> None:
    language = {"deu": "de", "esp": "es", "ptbr": "pt", "rus": "ru"}[code]
    model = weights.load(FEELINGS[language])
    named, rows = corpora.brighter(code, "track_a", "dev")

    def reached(one: weights.Scores, name: str) -> bool:
        return one.probability(f"ekman/{name}") >= model.limit(f"ekman/{name}")

    scores = [model.score(parse(written).model_tokens()) for written, _ in rows]
    truth = [frozenset(name for name in named if levels[name]) for _, levels in rows]
    given = [frozenset(name for name in named if reached(one, name)) for one in scores]
    assert measures.macro_f1(truth, given, named) >= floor
