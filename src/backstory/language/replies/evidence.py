"""Evidence in a reply for the steps of CARE, each quoted: emotion named, open question, problem restated, rule quoted.

Pure helpers; the language is told from the text itself.
"""

from backstory.language.replies import lexicon
from backstory.language.replies.draft import Letter, Sentence, letter

RESTATED_TERMS = 2
RESTATED_SHARE = 0.25


def names_emotion(text: str) -> str | None:
    """The words that name the customer's feeling, or None. "Sorry" is no naming."""
    source = letter(text)
    for match in source.all("emotion"):
        if not _own_feeling(source, match.start()):
            return text[match.start() : match.end()]
    return None


def open_questions(text: str) -> list[str]:
    """The questions in the text that cannot be answered by yes or no."""
    source = letter(text)
    return [text[one.start : one.end] for one in source.sentences if is_open(one, source.language)]


def restates(message: str, reply: str, language: str | None = None) -> str | None:
    """The reply's sentence that tells the problem in the customer's own words, or None. Questions count too.

    `language` is that of both where it is known; else each is told from its text.
    """
    asked = letter(message, language)
    answer = letter(reply, language, fallback=message)
    told = [lexicon.terms(one.text, asked.language) for one in asked.sentences]
    own = frozenset(term for terms in told for term in terms)
    best: tuple[int, str] | None = None
    for sentence in answer.body:
        words = lexicon.terms(sentence.text, answer.language)
        shared = frozenset(term for term in words & own if not term.startswith("#"))
        if (
            len(shared) >= RESTATED_TERMS
            and len(shared) >= RESTATED_SHARE * len(words)
            and (not best or len(shared) > best[0])
        ):
            best = (len(shared), reply[sentence.start : sentence.end])
    return best[1] if best else None


def quotes_rule(text: str) -> str | None:
    """The words that hold a rule up to the customer, or None. A rule in the customer's favour does not count."""
    source = letter(text)
    for one in source.sentences:
        found = rule_in(one.text, source.language)
        if found:
            return text[one.start + found[0] : one.start + found[1]]
    return None


def rebuts(text: str) -> str | None:
    """The words that contradict the customer, or None."""
    source = letter(text)
    found = rebuttal_in(source.plain, source.language)
    return text[slice(*found)] if found else None


def rule_in(sentence: str, language: str) -> tuple[int, int] | None:
    """Where a sentence in that language holds up a rule."""
    match = lexicon.pattern("rule", language).search(sentence)
    return match.span() if match and not lexicon.has("in_favour", language, sentence) else None


def rebuttal_in(text: str, language: str) -> tuple[int, int] | None:
    """Where a text in that language contradicts the customer."""
    match = lexicon.pattern("rebuttal", language).search(text)
    return match.span() if match else None


def is_open(sentence: Sentence, language: str) -> bool:
    """Whether a sentence is a question, or an invitation to tell, that cannot be answered by yes or no."""
    if not (sentence.asks or _invites(sentence.text)):
        return False
    if lexicon.has("open_question", language, sentence.text):
        return True
    closed = lexicon.has("closed_question", language, sentence.text)
    return not closed and lexicon.has("asking_word", language, sentence.text)


def _own_feeling(source: Letter, at: int) -> bool:
    """Whether the feeling at that place is the writer's own ("We are disappointed") or denied ("don't be upset")."""
    return lexicon.has("own_feeling", source.language, source.plain[max(0, at - 24) : at])


def _invites(text: str) -> bool:
    """An invitation to tell that needs no question mark."""
    return lexicon.has("invitation", "any", text)
