"""Files of payments for finance: made once, handed over once, answered once."""

from decimal import Decimal

from django.db import transaction

from backstory.kernel import clock, files
from backstory.kernel.errors import Conflict, InvalidInput, NotFound
from backstory.live.actions import record
from backstory.people.models import User
from backstory.recovery import policy, queries
from backstory.recovery.actions.transfers import note_carried_out, tell
from backstory.recovery.connectors import hand_over as csv_file
from backstory.recovery.models import Connector, Difference, HandOver, Transfer

State = Transfer.State


@transaction.atomic
def make_hand_over(viewer: User, connector_id: int, currency: str) -> HandOver:
    """Put every payment that waits for finance, in one currency, into one file. A payment is in one file only."""
    policy.require_handing_over(viewer)
    connector = Connector.objects.select_for_update().filter(pk=connector_id, kind=Connector.Kind.CSV).first()
    if connector is None:
        raise NotFound("There is no such connector.")
    waiting = list(queries.waiting_for_file(viewer, connector, currency).select_for_update(of=("self",)))
    if not waiting:
        raise Conflict("Nothing waits for a file just now.")
    batch = HandOver.objects.create(
        connector=connector,
        currency=currency,
        count=len(waiting),
        total=sum((each.amount for each in waiting), Decimal(0)),
        made_by=viewer,
    )
    data = csv_file.written(batch.number, [queries.order_of(each) for each in waiting])
    batch.path, batch.sha256 = files.put("hand_overs", data)
    batch.save(update_fields=["path", "sha256"])
    Transfer.objects.filter(pk__in=[each.pk for each in waiting]).update(
        hand_over=batch, perhaps_since=clock.now(), words=f"In file {batch.number}: waits for finance."
    )
    _tell("made", batch, viewer)
    return batch


def _tell(kind: str, batch: HandOver, viewer: User) -> None:
    record(
        f"hand_over.{kind}",
        actor=viewer,
        team_id=batch.connector.team_id,
        subject=("hand_over", batch.pk),
        file=batch.number,
        count=batch.count,
        money=f"{batch.total} {batch.currency}",
    )


@transaction.atomic
def fetch_hand_over(viewer: User, pk: int, *, again: bool = False) -> tuple[HandOver, bytes]:
    """The file, to be handed over: once. A second time only where somebody asks for a copy on purpose: it is the same
    file under the same number, and that it was fetched again is on record."""
    policy.require_handing_over(viewer)
    queries.get_hand_over(viewer, pk)
    batch = HandOver.objects.select_for_update(of=("self",)).select_related("connector").get(pk=pk)
    if batch.handed_at is not None and not again:
        raise Conflict(f"{batch.number} was handed over already: handed over twice, it might be paid twice.")
    if batch.handed_at is None:
        batch.handed_at, batch.handed_by = clock.now(), viewer
        batch.save(update_fields=["handed_at", "handed_by"])
        _tell("handed_over", batch, viewer)
    else:
        _tell("copied", batch, viewer)
    return batch, files.get(batch.path)


@transaction.atomic
def take_answer(viewer: User, connector_id: int, data: bytes) -> tuple[int, int, list[str]]:
    """Take in finance's answer: how many were paid, how many refused, and what did not fit, in words.

    The same file twice changes nothing. A key that is in no file of ours, or another amount, is reported and not taken.
    """
    policy.require_handing_over(viewer)
    lines = csv_file.answered(data)
    if not lines:
        raise InvalidInput("There is no line in this file.", "file")
    paid = refused = 0
    odd: list[str] = []
    for line in lines:
        words, changed = _take_line(viewer, connector_id, line)
        odd += [f"Line {line.number}: {words}"] if words else []
        paid += changed and line.paid
        refused += changed and not line.paid
    return paid, refused, odd


def _take_line(viewer: User, connector_id: int, line: csv_file.Line) -> tuple[str, bool]:
    transfer = (
        queries.transfers(viewer)
        .select_for_update(of=("self",))
        .filter(connector_id=connector_id, key=line.key)
        .first()
    )
    if transfer is None or transfer.hand_over_id is None:
        return "this key is in no file of ours.", False
    wanted = State.DONE if line.paid else State.REFUSED
    if transfer.state == wanted:
        return "", False
    if line.paid and line.money is not None and line.money != transfer.money:
        words = f"Finance says that {line.money} was paid where {transfer.money} was asked."
        Difference.objects.get_or_create(
            transfer=transfer, kind=Difference.Kind.CONTRADICTS, settled_at=None, defaults={"words": words}
        )
        return words, False
    if transfer.state not in {State.PENDING, State.UNCERTAIN}:
        return f"it was {transfer.get_state_display().lower()} before, and stays so.", False
    _settle(viewer, transfer, line, wanted)
    return "", True


def _settle(viewer: User, transfer: Transfer, line: csv_file.Line, state: str) -> None:
    transfer.state, transfer.reference = state, line.reference or transfer.reference
    transfer.words, transfer.ended_at = line.note, clock.now()
    transfer.next_try_at = transfer.perhaps_since = None
    transfer.refused_last = state == State.REFUSED
    transfer.save()
    if state == State.DONE:
        note_carried_out(transfer, f"{transfer.connector.name}: {line.reference or transfer.key}")
    tell(transfer, "", viewer)
