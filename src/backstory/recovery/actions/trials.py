"""Holding a playbook's version against past complaints: a worker does it, rows say how far it is."""

from collections.abc import Iterator
from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import F, Q

from backstory.cases import queries as cases
from backstory.cases.models import Complaint, PlaybookTrial
from backstory.kernel import clock
from backstory.recovery import queries, trials
from backstory.recovery.trials import Past

log = structlog.get_logger(__name__)
MOST_COMPLAINTS = 500
LOOK_BACK = timedelta(days=365)
CLAIM = timedelta(minutes=5)
MOST_ATTEMPTS = 3
EVERY = 20
"""After so many complaints the row says how far the preview is, and the claim is renewed."""
State = PlaybookTrial.State


def run_trial(trial_id: int) -> None:
    """Do one preview; done twice, or by two workers at once, it is done once."""
    trial = _claim(trial_id)
    if trial is None:
        return
    try:
        tried = cases.plan_of(trial.version)
        known = [plan for plan, _ in cases.in_force()]
        found = trials.results(tried, known, _past(trial))
    except Exception:
        _finish(trial_id, State.FAILED, {})
        log.exception("a playbook could not be held against past complaints", trial_id=trial_id)
        return
    _finish(trial_id, State.DONE, found)


def _claim(trial_id: int) -> PlaybookTrial | None:
    now = clock.now()
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    unfinished = PlaybookTrial.objects.filter(free, pk=trial_id, state__in=[State.WAITING, State.RUNNING])
    if unfinished.filter(attempts__gte=MOST_ATTEMPTS).update(state=State.FAILED, finished_at=now):
        return None
    claimed = unfinished.update(
        state=State.RUNNING, claimed_until=now + CLAIM, attempts=F("attempts") + 1, considered=0
    )
    return PlaybookTrial.objects.select_related("version__playbook").get(pk=trial_id) if claimed else None


def _past(trial: PlaybookTrial) -> Iterator[Past]:
    rows = Complaint.objects.filter(received_at__gt=clock.now() - LOOK_BACK).order_by("-received_at", "-pk")
    ids = list(rows.values_list("pk", flat=True)[:MOST_COMPLAINTS])
    _progress(trial.pk, 0, len(ids))
    for number, pk in enumerate(ids, 1):
        complaint = Complaint.objects.select_related("conversation__customer", "cause__parent", "owner").get(pk=pk)
        present = cases.plan_of(cases.version_of(complaint))
        yield Past(pk, complaint.number, cases.matter_of(complaint), queries.all_facts(complaint), present)
        if number % EVERY == 0:
            _progress(trial.pk, number, len(ids))


def _progress(trial_id: int, considered: int, total: int) -> None:
    until = clock.now() + CLAIM
    PlaybookTrial.objects.filter(pk=trial_id).update(considered=considered, total=total, claimed_until=until)


@transaction.atomic
def _finish(trial_id: int, state: str, found: dict[str, object]) -> None:
    trial = PlaybookTrial.objects.select_for_update().get(pk=trial_id)
    trial.state, trial.results, trial.finished_at, trial.claimed_until = state, found, clock.now(), None
    trial.considered = trial.total
    trial.save(update_fields=["state", "results", "finished_at", "claimed_until", "considered"])
