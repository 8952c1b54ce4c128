"""The desk's own model of causes: what it can learn from, which model is in force, and reading with it.

Reading happens in the worker, outside any transaction; the model is loaded once per process.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

import structlog
from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Left

from backstory import language
from backstory.cases.models import Cause, CauseModel, CauseModelChoice, Complaint, ReadingCorrection
from backstory.conversations.models import Message
from backstory.conversations.queries import visible
from backstory.kernel import files
from backstory.kernel.errors import NotFound
from backstory.language import learned_model
from backstory.language.learned_data import FEWEST_EXAMPLES, Example, kinds
from backstory.language.learned_model import LearnedModel
from backstory.language.reading import Reading
from backstory.language.weights import ModelError, digest
from backstory.people.models import User

log = structlog.get_logger(__name__)
MOST_PROPOSED = 3
LEAST_P = 0.1
EXCERPT = 160
MOST_SUGGESTED = 300
"""How many of the newest complaints without a confirmed cause are looked at for the ones to label next."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A message whose cause somebody confirmed; `slug` names the cause."""

    message_id: int
    conversation_id: int
    text: str
    slug: str


@dataclass(frozen=True, slots=True)
class Ready:
    """How far a cause is on the way to being learned: different labelled texts, and how many more it needs."""

    cause_id: int
    slug: str
    name: str
    examples: int
    missing: int


def labelled_messages() -> list[Labelled]:
    """Every message that teaches a cause, each once, oldest first.

    The one place that says what counts: a message's cause as somebody confirmed it, on its complaint or on the message.
    """
    found = {one.message_id: one for one in _confirmed_on_complaints()}
    judged = _judged()
    found |= {one.message_id: one for one in judged.values() if one is not None}
    return [found[pk] for pk in sorted(found) if judged.get(pk, found[pk]) is not None]


def _judged() -> dict[int, Labelled | None]:
    """By message what somebody said its cause is, in its reading; None where they said that it has none in use. It
    goes before the complaint's, as it was said of these words."""
    rows = ReadingCorrection.objects.filter(field="cause", undone_at=None, message__direction=Message.Direction.IN)
    newest = {pk: str(slug or "") for pk, slug in rows.order_by("id").values_list("message_id", "becomes")}
    active = set(Cause.objects.filter(is_active=True).values_list("slug", flat=True))
    texts = Message.objects.filter(pk__in=newest).values_list("pk", "conversation_id", "text")
    return {
        pk: Labelled(pk, conversation_id, text, newest[pk]) if newest[pk] in active and text.strip() else None
        for pk, conversation_id, text in texts
    }


def _confirmed_on_complaints() -> Iterable[Labelled]:
    """The first message of each complaint with a cause in use that a person confirmed."""
    rows = Complaint.objects.filter(cause__is_active=True, cause_confirmed_by__isnull=False)
    slugs = dict(rows.order_by().values_list("conversation_id", "cause__slug"))
    return [
        Labelled(pk, conversation_id, text, slugs[conversation_id])
        for pk, conversation_id, text in first_messages(slugs)
    ]


def first_messages(conversation_ids: Iterable[int]) -> list[tuple[int, int, str]]:
    """(id, conversation, text) of the first message with words that a customer wrote in each conversation."""
    written = Message.objects.filter(conversation_id__in=list(conversation_ids), direction=Message.Direction.IN)
    firsts: dict[int, tuple[int, int, str]] = {}
    for pk, conversation_id, text in written.order_by("id").values_list("pk", "conversation_id", "text"):
        if text.strip():
            firsts.setdefault(conversation_id, (pk, conversation_id, text))
    return list(firsts.values())


def unlabelled_messages() -> list[tuple[int, int, str]]:
    """First messages of the newest complaints whose cause nobody has confirmed yet."""
    rows = Complaint.objects.filter(cause_confirmed_by=None).order_by("-id")
    return first_messages(rows.values_list("conversation_id", flat=True)[:MOST_SUGGESTED])


def examples(labelled: Iterable[Labelled]) -> list[Example]:
    """The same as the trainer takes them; each is named by its message's id."""
    return [Example(one.text, one.slug, str(one.message_id)) for one in labelled]


def readiness() -> list[Ready]:
    """Each cause in use with what can be learned of it, the best known first."""
    counted = kinds(examples(labelled_messages()))
    causes = Cause.objects.filter(is_active=True).values_list("pk", "slug", "name")
    rows = [
        Ready(pk, slug, name, counted.get(slug, 0), max(0, FEWEST_EXAMPLES - counted.get(slug, 0)))
        for pk, slug, name in causes
    ]
    return sorted(rows, key=lambda row: (-row.examples, row.name))


def models() -> QuerySet[CauseModel]:
    """All models that were ever asked for, the newest first."""
    return CauseModel.objects.select_related("requested_by")


def in_training() -> CauseModel | None:
    """The model that waits for a worker or is being trained, if there is one."""
    return models().filter(state__in=(CauseModel.State.WAITING, CauseModel.State.TRAINING)).first()


def get_model(model_id: int) -> CauseModel:
    """One of them. Raises NotFound."""
    found = models().filter(pk=model_id).first()
    if found is None:
        raise NotFound("There is no such model.")
    return found


def choices() -> QuerySet[CauseModelChoice]:
    """Who put what in force when, the newest first."""
    return CauseModelChoice.objects.select_related("model", "chosen_by")


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as a link: where it is and how it begins."""

    conversation_id: int
    subject: str
    opening: str


def shown(viewer: User, message_ids: Iterable[int]) -> dict[int, Shown]:
    """Of these messages the ones that the viewer may see, by id."""
    rows = Message.objects.filter(pk__in=list(message_ids), conversation__in=visible(viewer))
    found = rows.values_list("pk", "conversation_id", "conversation__subject", Left("text", EXCERPT))
    return {pk: Shown(conversation_id, subject, opening) for pk, conversation_id, subject, opening in found}


def model_in_force() -> CauseModel | None:
    """The model that somebody put in force, None for the one that the desk comes with."""
    choice = CauseModelChoice.objects.select_related("model").first()
    return choice.model if choice else None


def problem_of(model: CauseModel | None) -> str:
    """Why a model cannot be used as it was trained, in words; empty where all is well. Looks at the file itself."""
    if model is None:
        return ""
    try:
        return _read(model).notice
    except ModelError as problem:
        return str(problem)


def _read(model: CauseModel) -> LearnedModel:
    name = f"Model {model.pk}"
    try:
        data = files.get(model.path)
    except (OSError, ValueError) as problem:
        raise ModelError(f"{name}: its file is missing or cannot be read.") from problem
    if digest(data) != model.sha256:
        raise ModelError(f"{name}: its file is not the one that was trained (SHA-256 differs).")
    return learned_model.unpack(data, name)


@lru_cache(maxsize=2)
def _loaded(folder: str, path: str, pk: int) -> LearnedModel:
    return _read(CauseModel.objects.get(pk=pk))


def load(model: CauseModel) -> LearnedModel:
    """A trained model, read from its file once per process. Raises ModelError where the file is missing or damaged."""
    return _loaded(str(settings.FILES_DIR), model.path, model.pk)


def read(text: str, written_at: datetime | None = None) -> Reading:
    """Reads a customer's message with its evidence, its causes by the model in force.

    `written_at` (aware) is when it came: what "by Friday" is counted from. Raises language.ModelError where the shipped
    weights are missing or damaged.
    """
    reading = language.read(text, explain=True, written_at=written_at)
    model = model_in_force()
    if model is None or not reading.cause:
        return reading
    try:
        return _with_own_causes(reading, text, load(model))
    except ModelError as problem:
        log.warning("own model of causes cannot be used, the shipped one answers", model=model.pk, problem=str(problem))
        return reading


def _with_own_causes(reading: Reading, text: str, model: LearnedModel) -> Reading:
    """The reading with the desk's own causes; unchanged where the text is like nothing that they were learned from."""
    found = model.predict([text])[0]
    if not found.is_known:
        return reading
    causes = tuple(label for at, label in enumerate(found.ranked[:MOST_PROPOSED]) if at == 0 or label.p >= LEAST_P)
    evidence = {**(reading.evidence or {}), "cause": model.explain(text, causes[0].label)}
    return replace(reading, cause=causes, evidence=evidence, models={**reading.models, "causes": model.version})
