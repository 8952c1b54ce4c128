"""The words of the survey's one question, by kind and language: letter, page and chat ask with the same ones. Pure."""

from dataclasses import dataclass

from backstory.cases.playbooks.scales import SCALES

DEFAULT_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its words, and each score from the lowest to the highest with its label ("" where it has none)."""

    kind: str
    language: str
    text: str
    choices: tuple[tuple[int, str], ...]

    def label(self, score: int) -> str:
        """A score with its words, such as `4 · Satisfied`."""
        words = dict(self.choices).get(score, "")
        return f"{score} · {words}" if words else str(score)


TEXTS = {
    "csat": {
        "en": "How satisfied are you with how we handled it?",
        "de": "Wie zufrieden sind Sie damit, wie wir uns darum gekümmert haben?",
        "es": "¿Está satisfecho con cómo nos ocupamos de ella?",
        "fr": "Êtes-vous satisfait de la façon dont nous nous en sommes occupés ?",
    },
    "nps": {
        "en": "After how we handled it: how likely are you to recommend us to somebody you know?",
        "de": "So, wie wir damit umgegangen sind: Wie wahrscheinlich empfehlen Sie uns jemandem, den Sie kennen?",
        "es": "Después de cómo nos ocupamos de ello: ¿nos recomendaría a alguien que conoce?",
        "fr": "Vu la façon dont nous nous en sommes occupés : nous recommanderiez-vous à un proche ?",
    },
    "ces": {
        "en": "Do you agree? “It was easy for me to have my matter settled.”",
        "de": "Stimmen Sie zu? „Es war leicht für mich, dass meine Sache in Ordnung gebracht wurde.“",
        "es": "¿Está de acuerdo? «Me resultó fácil que resolvieran mi asunto.»",
        "fr": "Êtes-vous d'accord ? « Il m'a été facile de faire régler mon affaire. »",
    },
}
LABELS: dict[str, dict[str, dict[int, str]]] = {
    "csat": {
        "en": {1: "Very dissatisfied", 2: "Dissatisfied", 3: "Neither", 4: "Satisfied", 5: "Very satisfied"},
        "de": {1: "Sehr unzufrieden", 2: "Unzufrieden", 3: "Weder noch", 4: "Zufrieden", 5: "Sehr zufrieden"},
        "es": {
            1: "Muy insatisfecho",
            2: "Insatisfecho",
            3: "Ni sí ni no",
            4: "Satisfecho",
            5: "Muy satisfecho",
        },
        "fr": {1: "Très insatisfait", 2: "Insatisfait", 3: "Ni l'un ni l'autre", 4: "Satisfait", 5: "Très satisfait"},
    },
    "nps": {
        "en": {0: "Not at all likely", 10: "Extremely likely"},
        "de": {0: "Ganz unwahrscheinlich", 10: "Äußerst wahrscheinlich"},
        "es": {0: "Nada probable", 10: "Muy probable"},
        "fr": {0: "Pas du tout probable", 10: "Très probable"},
    },
    "ces": {
        "en": {1: "Strongly disagree", 4: "Neither", 7: "Strongly agree"},
        "de": {1: "Stimme gar nicht zu", 4: "Weder noch", 7: "Stimme voll zu"},
        "es": {1: "Totalmente en desacuerdo", 4: "Ni sí ni no", 7: "Totalmente de acuerdo"},
        "fr": {1: "Pas du tout d'accord", 4: "Ni l'un ni l'autre", 7: "Tout à fait d'accord"},
    },
}


def question(kind: str, language: str) -> Question:
    """The question of a kind (csat, nps, ces) in a language (ISO 639-1; English where we have no words)."""
    code = language[:2].lower()
    code = code if code in TEXTS[kind] else DEFAULT_LANGUAGE
    labels = LABELS[kind][code]
    return Question(
        kind, code, TEXTS[kind][code], tuple((score, labels.get(score, "")) for score in SCALES[kind].scores)
    )
