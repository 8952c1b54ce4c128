"""Three mechanisms of empathy in a reply, scored 0 none, 1 weak, 2 strong, by rules.

After Sharma, Miner, Atkins & Althoff 2020 (EMNLP), "A computational approach to understanding empathy expressed in
text-based mental health support": emotional *reaction* (warmth felt by the writer), *interpretation* (what was
understood of the other's feelings and experience), *exploration* (asking beyond what was said). Their scale; our word
rules, not their model.
"""

from backstory.language.reading import Empathy
from backstory.language.replies import evidence, lexicon
from backstory.language.replies.draft import Letter


def score(message: Letter, draft: Letter) -> Empathy:
    """How a draft answers a message (empty where it is unknown), each mechanism 0 none, 1 weak, 2 strong."""
    return Empathy(_reaction(draft), _interpretation(message, draft), _exploration(message, draft))


def _reaction(draft: Letter) -> int:
    felt = [one.text for one in draft.body if lexicon.has("apology", draft.language, one.text)]
    if not felt and not draft.has("warm"):
        return 0
    specific = any(len(lexicon.terms(text, draft.language)) >= 3 for text in felt)
    return 2 if felt and (specific or evidence.names_emotion(draft.text)) else 1


def _interpretation(message: Letter, draft: Letter) -> int:
    named = evidence.names_emotion(draft.text) is not None
    restated = bool(message.text.strip()) and evidence.restates(message.text, draft.text) is not None
    understood = draft.has("understand")
    return 2 if restated and (named or understood) else int(named or restated or understood)


def _exploration(message: Letter, draft: Letter) -> int:
    questions = evidence.open_questions(draft.text)
    if not questions:
        return int(any(one.asks for one in draft.body))
    own = lexicon.terms(message.text, message.language)
    near = any(len(lexicon.terms(question, draft.language) & own) >= 1 for question in questions)
    return 2 if near or len(questions) > 1 or not own else 1
