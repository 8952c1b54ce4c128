import re
from pathlib import Path
from string import Formatter

import pytest
from django.test import Client

from backstory.portal import phrases
from backstory.portal.phrases import LANGUAGES, choose, table
from conftest import Cast

ROOM = Path(phrases.__file__).parent


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_everything_with_the_same_blanks(language: str) -> None:
    english, words = table("en"), table(language)
    assert words.keys() == english.keys()
    for key in english:
        assert placeholders(words[key]) == placeholders(english[key]), key
        assert words[key].strip(), key


def test_every_phrase_that_a_page_says_exists_and_none_is_left_over() -> None:
    sources = [*ROOM.glob("jinja2/**/*.html"), *ROOM.glob("*.py"), *ROOM.glob("views/*.py")]
    text = "\n".join(source.read_text() for source in sources)
    said = set(re.findall(r"""say\(["']([\w.]+)["'],?""", text)) | set(
        re.findall(r'"((?:error|survey)\.[\w.]+)"', text)
    )
    said -= {template.name for template in ROOM.glob("jinja2/portal/*.html")}
    families = (*re.findall(r"""["']([\w.]+\.)["'] ~""", text), "error.proof.")
    known = set(table("en"))
    assert {key for key in said if not key.endswith(".")} <= known
    unused = {key for key in known - said if not key.startswith(families)} - {"language.name"}
    assert not unused


@pytest.mark.parametrize(
    ("asked", "accepted", "spoken"),
    [
        ("", [], "en"),
        ("de", ["fr"], "de"),
        ("", ["fr-ca", "de"], "fr"),
        ("", ["pt", "es-mx"], "es"),
        ("xx", ["de"], "de"),
        ("", ["deu"], "en"),
        ("../../etc", ["*"], "en"),
    ],
)
def test_the_language_asked_for_wins_over_the_browsers(asked: str, accepted: list[str], spoken: str) -> None:
    assert choose(asked, accepted) == spoken


@pytest.mark.parametrize(
    ("language", "word"), [("de", "Absenden"), ("es", "Enviar"), ("fr", "Envoyer"), ("en", "Send")]
)
def test_the_form_speaks_the_browsers_language(cast: Cast, language: str, word: str) -> None:
    page = Client().get("/help/", headers={"accept-language": f"{language}-XX,{language};q=0.9"})
    assert word in page.content.decode() and f'<html lang="{language}">' in page.content.decode()
    assert "Accept-Language" in page["Vary"]
