"""The letters that the desk itself writes after a complaint, per language. Pure; the words are data to
edit."""

from dataclasses import dataclass

from backstory.recovery.rules.questions import question

DEFAULT_LANGUAGE = "en"


@dataclass(frozen=True)
class Template:
    """Subject and text with `{number}`, `{name}` and `{link}` to be filled in."""

    subject: str
    text: str


@dataclass(frozen=True)
class Written:
    """A letter ready to send."""

    subject: str
    text: str


CLOSING = {
    "en": Template(
        "Your complaint {number}",
        "Hello {name},\n\nwe have closed your complaint {number}. What happened, what we promised and where "
        "it stands "
        "you can read here:\n\n{link}\n\nIf it is not settled for you, just answer this message: we will "
        "open it "
        "again.\n\nThank you for telling us.",
    ),
    "de": Template(
        "Ihre Beschwerde {number}",
        "Guten Tag {name},\n\nwir haben Ihre Beschwerde {number} abgeschlossen. Was geschehen ist, was wir "
        "zugesagt "
        "haben und wie es steht, lesen Sie hier:\n\n{link}\n\nIst die Sache für Sie nicht erledigt, "
        "antworten Sie "
        "einfach auf diese Nachricht: Wir nehmen sie wieder auf.\n\nDanke, dass Sie es uns gesagt haben.",
    ),
    "es": Template(
        "Su reclamación {number}",
        "Hola, {name}:\n\nHemos cerrado su reclamación {number}. Aquí puede leer qué ocurrió, qué "
        "prometimos y cómo "
        "está el asunto:\n\n{link}\n\nSi para usted no está resuelto, basta con que responda a este mensaje "
        "y la "
        "abriremos de nuevo.\n\nGracias por decírnoslo.",
    ),
    "fr": Template(
        "Votre réclamation {number}",
        "Bonjour {name},\n\nNous avons clos votre réclamation {number}. Ce qui s'est passé, ce que nous "
        "avons promis "
        "et où en est l'affaire, vous pouvez le lire ici :\n\n{link}\n\nSi ce n'est pas réglé pour vous, il "
        "suffit de "
        "répondre à ce message : nous la rouvrirons.\n\nMerci de nous en avoir parlé.",
    ),
}

SURVEY = {
    "en": Template(
        "Did we put it right?",
        "Hello {name},\n\nsome days ago we closed your complaint {number}. One question, one click; the page that "
        "opens asks you to confirm it.\n\n{link}\n\nIf it is not settled for you, we want to know and will take it up "
        "again.",
    ),
    "de": Template(
        "Haben wir es in Ordnung gebracht?",
        "Guten Tag {name},\n\nvor einigen Tagen haben wir Ihre Beschwerde {number} abgeschlossen. Eine Frage, ein "
        "Klick; die Seite, die sich öffnet, lässt Sie ihn bestätigen.\n\n{link}\n\nFalls sie für Sie nicht erledigt "
        "ist, möchten wir es wissen und nehmen sie wieder auf.",
    ),
    "es": Template(
        "¿Lo hemos resuelto?",
        "Hola, {name}:\n\nHace unos días cerramos su reclamación {number}. Una pregunta, un clic; la página que se "
        "abre le pide que lo confirme.\n\n{link}\n\nSi para usted no está resuelta, queremos saberlo y la retomaremos.",
    ),
    "fr": Template(
        "Avons-nous réparé les choses ?",
        "Bonjour {name},\n\nIl y a quelques jours, nous avons clos votre réclamation {number}. Une question, un clic ; "
        "la page qui s'ouvre vous demande de le confirmer.\n\n{link}\n\nSi ce n'est pas réglé pour vous, nous voulons "
        "le savoir et nous la reprendrons.",
    ),
}


LAST_QUESTION = {
    "en": Template(
        "One question, once",
        "Hello {name},\n\nyou have left us, and we respect that. We ask you one thing, once: what was it that made you "
        "leave? A single line helps us to do better by others.\n\n{link}\n\nWe sell nothing with this letter, and we "
        "will not ask again. Thank you for the time that you were with us.",
    ),
    "de": Template(
        "Eine Frage, ein einziges Mal",
        "Guten Tag {name},\n\nSie haben uns verlassen, und wir achten das. Wir fragen Sie eines, ein einziges Mal: Was "
        "hat Sie dazu gebracht? Eine Zeile hilft uns, es bei anderen besser zu machen.\n\n{link}\n\nMit diesem Brief "
        "wollen wir nichts verkaufen, und wir fragen nicht noch einmal. Danke für die Zeit, die Sie bei uns waren.",
    ),
    "es": Template(
        "Una pregunta, una sola vez",
        "Hola, {name}:\n\nUsted nos ha dejado y lo respetamos. Le preguntamos una cosa, una sola vez: ¿qué le hizo "
        "marcharse? Una línea nos ayuda a hacerlo mejor con otras personas.\n\n{link}\n\nCon esta carta no vendemos "
        "nada y no volveremos a preguntar. Gracias por el tiempo que estuvo con nosotros.",
    ),
    "fr": Template(
        "Une question, une seule fois",
        "Bonjour {name},\n\nVous nous avez quittés, et nous le respectons. Nous vous demandons une chose, une seule "
        "fois : qu'est-ce qui vous a fait partir ? Une ligne nous aide à mieux faire avec d'autres.\n\n{link}\n\nNous "
        "ne vendons rien avec cette lettre, et nous ne demanderons plus. Merci pour le temps passé avec nous.",
    ),
}


def write_survey(kind: str, language: str, *, number: str, name: str, link: str) -> Written:
    """The letter with the one question: a line a score, each with the link that opens the page with it chosen."""
    asked = question(kind, language)
    scores = [score for score, _ in reversed(asked.choices)]
    lines = [f"{asked.label(score)}: {link}?score={score}&lang={asked.language}" for score in scores]
    body = "\n".join([asked.text, "", *lines])
    return write(SURVEY, language, number=number, name=name, link=body)


def write(templates: dict[str, Template], language: str, *, number: str, name: str, link: str) -> Written:
    """A letter in `language` (ISO 639-1; English where we have no words). Names with braces stay as they
    are."""
    template = templates.get(language[:2].lower(), templates[DEFAULT_LANGUAGE])
    return Written(
        template.subject.format(number=number),
        template.text.format(number=number, name=" ".join(name.split()), link=link),
    )
