"""Asking a large language model, whichever is configured: instructions and a prompt in, words out. Pure: no framework.

Backstory needs none. Where one is configured it proposes and never decides; whoever calls this holds what comes back
against the same rules as a person's words. `pip install backstory[llm]` brings pydantic-ai, which speaks to any vendor
and to anything local that speaks OpenAI's protocol (vLLM, Ollama, llama.cpp, LiteLLM).
"""

from backstory.llm.asking import Model, ModelFailed, ask
from backstory.llm.masking import Masked, mask

__all__ = ["Masked", "Model", "ModelFailed", "ask", "mask"]
