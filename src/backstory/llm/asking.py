"""One question to a model, with a time limit, and its faults in plain words."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import util
from typing import Any

from backstory.kernel.errors import BackstoryError

LONGEST_ANSWER = 12_000
"""Characters of an answer that are kept."""


class ModelFailed(BackstoryError):
    """The model is not there, did not answer in time, or answered nothing; the message says which, without secrets."""


@dataclass(frozen=True, slots=True)
class Model:
    """Which model and where. `name` is what pydantic-ai calls it (`anthropic:…`, `openai:…`, `ollama:…`); with
    `base_url` any server that speaks OpenAI's protocol, then `name` is the model's plain name there."""

    name: str
    base_url: str = ""
    api_key: str = field(default="", repr=False)
    timeout: float = 60.0
    most_tokens: int = 1200


def ask(model: Model, instructions: str, prompt: str) -> str:
    """What the model says, without space around. Takes up to `timeout` seconds: never call it in a page view or in a
    transaction. Raises ModelFailed."""
    if util.find_spec("pydantic_ai") is None:
        raise ModelFailed("The extra `llm` is not installed: pip install 'backstory[llm]'.")
    from pydantic_ai import Agent
    from pydantic_ai.exceptions import AgentRunError, UserError

    try:
        agent = Agent(_engine(model), instructions=instructions, output_type=str, retries=1)
        settings: Any = {"max_tokens": model.most_tokens, "timeout": model.timeout, "temperature": 0.3}
        said = agent.run_sync(prompt, model_settings=settings, timeout=model.timeout).output
    except (AgentRunError, UserError, TimeoutError, OSError, ImportError) as problem:
        raise ModelFailed(_plain(problem)) from problem
    words = str(said).strip()[:LONGEST_ANSWER]
    if not words:
        raise ModelFailed("The model answered nothing.")
    return words


def _engine(model: Model) -> Any:
    """A name that pydantic-ai resolves by itself, or a client of the given server."""
    if not (model.base_url or model.api_key):
        return model.name
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider

    name = model.name.removeprefix("openai:")
    return OpenAIChatModel(name, provider=OpenAIProvider(base_url=model.base_url or None, api_key=model.api_key or "-"))


def _plain(problem: BaseException) -> str:
    """The kind of fault; never the vendor's text, which may hold the prompt or the key."""
    from pydantic_ai import exceptions as known

    kinds: tuple[tuple[type[BaseException], str], ...] = (
        (known.ModelAuthenticationError, "The model's server does not accept the key."),
        (known.RunTimedOut, "The model did not answer in time."),
        (known.ModelTimeoutError, "The model did not answer in time."),
        (TimeoutError, "The model did not answer in time."),
        (known.ModelRateLimitError, "The model's server wants fewer questions: try again later."),
        (known.ModelNotFoundError, "The model's server knows no model of that name."),
        (known.ContentFilterError, "The model's server refused the text."),
        (known.ModelConnectionError, "The model's server cannot be reached."),
        (known.UserError, "The model is not configured rightly: see BACKSTORY_LLM_MODEL in the operations guide."),
        (
            ImportError,
            "The model needs a package that is not installed: see BACKSTORY_LLM_MODEL in the operations guide.",
        ),
    )
    return next((words for kind, words in kinds if isinstance(problem, kind)), "The model could not answer.")
