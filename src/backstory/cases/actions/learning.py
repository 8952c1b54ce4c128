"""Training models of the desk's own causes, and putting one in force: never without a person."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from backstory.cases import learning, policy
from backstory.cases.models import Cause, CauseModel, CauseModelChoice
from backstory.kernel import clock, files
from backstory.kernel.errors import Conflict, NotFound
from backstory.language import learn_process, learned_data, learned_figures, learned_model
from backstory.language.learned_model import LearnedModel
from backstory.language.weights import ModelError, digest
from backstory.live.actions import Actor, record
from backstory.people.models import User

HEARTBEAT = timedelta(seconds=1)
SILENT = timedelta(minutes=10)
"""After this long without a sign of life the worker that trained is taken for dead."""
MOST_ATTEMPTS = 3
MOST_NEXT = 20
SEED = 1
State = CauseModel.State


def _tell(kind: str, model: CauseModel | None, actor: Actor | None, **data: Any) -> None:
    record(kind, actor=actor, subject=("cause model", model.pk) if model else None, **data)


def request_training(viewer: User) -> CauseModel:
    """Ask for a new model from what is labelled by now. Raises CannotLearn where that is too little, and Conflict
    while another is being trained."""
    policy.require_teaching(viewer)
    learned_data.usable(learning.examples(learning.labelled_messages()), leave_out_rare=True)
    with transaction.atomic():
        Cause.objects.select_for_update().order_by("pk").first()  # two who ask at once wait for each other here
        busy = learning.in_training()
        if busy is not None:
            raise Conflict(f"Model {busy.pk} is being trained already.")
        model = CauseModel.objects.create(requested_by=viewer)
        _tell("cause_model.requested", model, viewer, number=model.pk)
    return model


def lost_trainings() -> list[int]:
    """Models whose wake-up or worker was lost."""
    silent = Q(state=State.TRAINING, heartbeat_at__lt=clock.now() - SILENT)
    unwoken = Q(state=State.WAITING, created_at__lt=clock.now() - timedelta(minutes=2))
    return list(CauseModel.objects.filter(silent | unwoken).order_by("id").values_list("pk", flat=True))


def train(model_id: int) -> None:
    """Train a model that was asked for, in a process of its own; done twice, or at once by two workers, it is done
    once. What comes of it, or why nothing did, stands in its row."""
    model = _claim(model_id)
    if model is None:
        return
    labelled = learning.labelled_messages()
    beat = _Heartbeat(model_id)
    try:
        data, figures = learn_process.train(learning.examples(labelled), beat)
        beat("Comparing with the model in force", 1, 1)
        outcome = _judged(figures, labelled, learned_model.unpack(data))
    except Exception as problem:
        _fail(model_id, str(problem) or type(problem).__name__)
        if not isinstance(problem, learned_data.CannotLearn | learn_process.TrainingFailed):
            raise
        return
    _finish(model_id, data, outcome, [one.message_id for one in labelled])


@transaction.atomic
def _claim(model_id: int) -> CauseModel | None:
    lost = Q(state=State.TRAINING, heartbeat_at__lt=clock.now() - SILENT)
    free = CauseModel.objects.filter(Q(state=State.WAITING) | lost, pk=model_id)
    if free.filter(attempts__gte=MOST_ATTEMPTS).exists():
        _fail(model_id, "The worker that trained it stopped each time; is there memory enough?")
        return None
    claimed = free.update(state=State.TRAINING, heartbeat_at=clock.now(), attempts=F("attempts") + 1)
    return CauseModel.objects.get(pk=model_id) if claimed else None


class _Heartbeat:
    """Writes how far the training is, at most once a second."""

    def __init__(self, model_id: int) -> None:
        self.model_id, self.stage = model_id, ""

    def __call__(self, stage: str, done: int, total: int) -> None:
        moment = clock.now()
        mine = CauseModel.objects.filter(pk=self.model_id, state=State.TRAINING)
        if stage == self.stage:
            mine = mine.filter(heartbeat_at__lt=moment - HEARTBEAT)
        self.stage = stage
        mine.update(stage=stage[:100], done=done, total=total, heartbeat_at=moment)


def _judged(figures: dict[str, Any], labelled: list[learning.Labelled], model: LearnedModel) -> dict[str, Any]:
    """The figures as they are kept: no customer's text, a comparison with the model in force, what to label next."""
    held_out = figures.pop("held_out")
    for doubt in figures["doubts"]:
        del doubt["text"]
    learned = [one for one in labelled if one.slug not in figures["left_out"]]
    figures["comparison"] = _comparison(learned, held_out)
    found = learning.unlabelled_messages()
    predictions = zip(found, model.predict([text for _, _, text in found]), strict=True)
    unsure = sorted(predictions, key=lambda pair: (pair[1].p, pair[0][0]))
    figures["next"] = [{"name": str(pk), "label": said.label, "p": said.p} for (pk, _, _), said in unsure[:MOST_NEXT]]
    return figures


def _comparison(labelled: list[learning.Labelled], held_out: list[str]) -> dict[str, Any]:
    """The new model on held-out messages against the model in force on the same, less those it was trained on."""
    force = learning.model_in_force()
    seen = set(force.trained_on) if force else set()
    fresh = [(one, said) for one, said in zip(labelled, held_out, strict=True) if one.message_id not in seen]
    texts = [one.text for one, _ in fresh]
    try:
        theirs = _answers(learning.load(force), texts) if force else [_shipped(text) for text in texts]
    except ModelError:
        return {"against": force.pk if force else None, "examples": 0, "verdict": "not shown"}
    compared = learned_figures.compare([one.slug for one, _ in fresh], [said for _, said in fresh], theirs, SEED)
    return {"against": force.pk if force else None, **compared}


def _answers(model: LearnedModel, texts: list[str]) -> list[str]:
    return [found.label for found in model.predict(texts)]


def _shipped(text: str) -> str:
    from backstory import language

    causes = language.read(text).cause
    return causes[0].label if causes else ""


def _stored(data: bytes) -> tuple[str, str]:
    """Path and SHA-256 of the kept file. The same examples give the same file, so a broken one is replaced."""
    path, sha256 = files.put("models", data)
    if digest(files.get(path)) != sha256:
        files.remove(path)
        path, sha256 = files.put("models", data)
    return path, sha256


@transaction.atomic
def _finish(model_id: int, data: bytes, figures: dict[str, Any], trained_on: list[int]) -> None:
    path, sha256 = _stored(data)
    changed = CauseModel.objects.filter(pk=model_id, state=State.TRAINING).update(
        state=State.TRAINED,
        finished_at=clock.now(),
        path=path,
        sha256=sha256,
        figures=figures,
        trained_on=trained_on,
    )
    if changed:
        model = CauseModel.objects.get(pk=model_id)
        _tell("cause_model.trained", model, None, number=model_id, examples=figures["examples"])


@transaction.atomic
def _fail(model_id: int, reason: str) -> None:
    unfinished = CauseModel.objects.filter(pk=model_id, state__in=(State.WAITING, State.TRAINING))
    if unfinished.update(state=State.FAILED, finished_at=clock.now(), reason=reason[:1000]):
        _tell("cause_model.failed", CauseModel.objects.get(pk=model_id), None, number=model_id)


@transaction.atomic
def put_in_force(viewer: User, model_id: int | None) -> CauseModelChoice | None:
    """From now on this model proposes the causes of new messages; None is the one that the desk comes with. Putting
    in force what is in force changes nothing. Raises Conflict for a model that is not trained or whose file is
    broken."""
    policy.require_teaching(viewer)
    model = CauseModel.objects.select_for_update().filter(pk=model_id).first() if model_id is not None else None
    if model_id is not None and model is None:
        raise NotFound("There is no such model.")
    if model is not None:
        _ensure_usable(model)
    before = learning.model_in_force()
    if before == model:
        return None
    choice = CauseModelChoice.objects.create(model=model, chosen_by=viewer)
    name = f"model {model.pk}" if model else "the model that the desk comes with"
    _tell("cause_model.chosen", model or before, viewer, name=name)
    return choice


def _ensure_usable(model: CauseModel) -> None:
    if model.state != State.TRAINED:
        raise Conflict(f"Model {model.pk} is not trained.")
    try:
        learning.load(model)
    except ModelError as problem:
        raise Conflict(str(problem)) from problem
