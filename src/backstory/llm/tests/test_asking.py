"""A model is asked over real HTTP; its faults are told in plain words that hold no secret."""

import threading

import pytest

from backstory import llm
from backstory.llm import Model, ModelFailed
from backstory.llm.tests.server import chat, speaking

pytest.importorskip("pydantic_ai", reason="the extra `llm` is not installed")


def test_the_words_of_a_local_model_come_back_without_space_around() -> None:
    with speaking(lambda body: (200, chat("  Good morning, Maya.\n"))) as (url, asked):
        words = llm.ask(Model("local", url, "s3cret"), "Be warm.", "Say hello.")
    assert words == "Good morning, Maya."
    sent = asked[0]
    assert sent["model"] == "local" and sent["authorization"] == "Bearer s3cret"
    assert [message["content"] for message in sent["messages"]] == ["Be warm.", "Say hello."]


@pytest.mark.parametrize(
    ("status", "answer", "words"),
    [
        (401, {"error": {"message": "bad key s3cret"}}, "does not accept the key"),
        (404, {"error": {"message": "no such model"}}, "no model of that name"),
        (200, chat("   "), "answered nothing"),
        (400, {"error": {"message": "the prompt was: Say hello."}}, "could not answer"),
    ],
)
def test_faults_are_told_in_plain_words(status: int, answer: object, words: str) -> None:
    with speaking(lambda body: (status, answer)) as (url, _), pytest.raises(ModelFailed) as caught:
        llm.ask(Model("local", url, "s3cret"), "Be warm.", "Say hello.")
    assert words in str(caught.value)
    assert "s3cret" not in str(caught.value) and "hello" not in str(caught.value)


def test_a_model_that_does_not_answer_is_given_up_in_time() -> None:
    done = threading.Event()

    def hang(body: object) -> tuple[int, object]:
        done.wait(20)
        return 200, chat("Too late.")

    with speaking(hang) as (url, _):
        with pytest.raises(ModelFailed, match="in time"):
            llm.ask(Model("local", url, timeout=0.3), "Be warm.", "Say hello.")
        done.set()


def test_a_server_that_is_not_there_is_named_as_such() -> None:
    with speaking(lambda body: (200, {})) as (url, _):
        pass
    with pytest.raises(ModelFailed, match=r"cannot be reached|in time"):
        llm.ask(Model("local", url, timeout=5), "Be warm.", "Say hello.")


def test_a_name_that_no_vendor_has_is_a_matter_of_settings() -> None:
    with pytest.raises(ModelFailed, match="configured"):
        llm.ask(Model("nobody:nothing"), "Be warm.", "Say hello.")


def test_the_key_stands_in_no_description_of_a_model() -> None:
    assert "s3cret" not in repr(Model("local", api_key="s3cret"))
