"""What the desk says to customers about their complaint, per language. Pure; the words are data to edit."""

from dataclasses import dataclass
from typing import Protocol

from backstory.kernel.errors import InvalidInput

DEFAULT_LANGUAGE = "en"


class Told(Protocol):
    """Whatever carries the four things asked for: a `Backstory` row, or a form being filled in."""

    stated_problem: str
    demand: str
    backstory: str
    need: str


@dataclass(frozen=True)
class SummaryWords:
    opening: str
    stated_problem: str
    backstory: str
    need: str
    demand: str
    close: str


SUMMARY = {
    "en": SummaryWords(
        opening="Thank you for telling me. I want to be sure that I understood you. This is what I heard:",
        stated_problem="What happened: {}",
        backstory="What this means for you: {}",
        need="What matters most to you: {}",
        demand="What you are asking for: {}",
        close="Did I get that right? Please correct me wherever I did not.",
    ),
    "de": SummaryWords(
        opening="Danke, dass Sie mir das erzählt haben. Ich möchte sicher sein, dass ich Sie richtig "
        "verstehe. Das habe ich gehört:",
        stated_problem="Was geschehen ist: {}",
        backstory="Was das für Sie bedeutet: {}",
        need="Was Ihnen am wichtigsten ist: {}",
        demand="Worum Sie bitten: {}",
        close="Habe ich das richtig verstanden? Bitte berichtigen Sie mich, wo es nicht stimmt.",
    ),
    "es": SummaryWords(
        opening="Gracias por contármelo. Quiero asegurarme de haberle entendido bien. Esto es lo que he escuchado:",
        stated_problem="Lo que ocurrió: {}",
        backstory="Lo que esto significa para usted: {}",
        need="Lo que más le importa: {}",
        demand="Lo que nos pide: {}",
        close="¿Lo he entendido bien? Por favor, corríjame en lo que no sea así.",
    ),
    "fr": SummaryWords(
        opening="Merci de m'en avoir parlé. Je tiens à vérifier que je vous ai bien compris. "
        "Voici ce que j'ai entendu :",
        stated_problem="Ce qui s'est passé : {}",
        backstory="Ce que cela représente pour vous : {}",
        need="Ce qui compte le plus pour vous : {}",
        demand="Ce que vous demandez : {}",
        close="Ai-je bien compris ? N'hésitez pas à me corriger si ce n'est pas le cas.",
    ),
}


def summary_text(told: Told, language: str = DEFAULT_LANGUAGE) -> str:
    """A proposal for the "this is what I heard" message, in `language` (ISO 639-1; English where we have no
    words).

    Only the fields that are filled in appear. The agent edits it: it goes out only as they approved it.
    Raises InvalidInput where nothing has been recorded yet.
    """
    words = SUMMARY.get(language[:2].lower(), SUMMARY[DEFAULT_LANGUAGE])
    fields = ("stated_problem", "backstory", "need", "demand")
    lines = [getattr(words, name).format(text) for name in fields if (text := str(getattr(told, name)).strip())]
    if not lines:
        raise InvalidInput("Nothing has been recorded yet that could be summarised.", "stated_problem")
    return "\n\n".join([words.opening, "\n".join(lines), words.close])
