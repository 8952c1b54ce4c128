"""Connectors as administrators see them, and the sources a case can be looked up in."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from backstory.cases.models import Complaint
from backstory.kernel.errors import NotFound
from backstory.people.models import User
from backstory.recovery import policy
from backstory.recovery.connectors import sql
from backstory.recovery.models import Connector, ConnectorTest, SourceReading, Transfer

State = Transfer.State


@dataclass(frozen=True, slots=True)
class ConnectorHealth:
    """How one connector is."""

    connector: Connector
    under_way: int
    uncertain: int
    done: int


def connectors(viewer: User, *, archived: bool = False) -> list[ConnectorHealth]:
    """Every connector and how it is, in one query. Administrators only."""
    policy.require_administering(viewer)
    rows = Connector.objects.filter(archived_at__isnull=not archived).select_related("team").order_by("name", "id")
    moving = [State.HELD, State.WAITING, State.RUNNING, State.PENDING]
    rows = rows.annotate(
        under_way=Count("transfers", filter=Q(transfers__state__in=moving)),
        uncertain=Count("transfers", filter=Q(transfers__state=State.UNCERTAIN)),
        done=Count("transfers", filter=Q(transfers__state=State.DONE)),
    )
    return [ConnectorHealth(row, row.under_way, row.uncertain, row.done) for row in rows]


def get_connector(viewer: User, pk: int) -> Connector:
    policy.require_administering(viewer)
    found = Connector.objects.select_related("team").filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such connector.")
    return found


def file_connectors() -> QuerySet[Connector]:
    """The connectors that hand payments over as files."""
    return Connector.objects.filter(kind=Connector.Kind.CSV, archived_at=None).order_by("name", "id")


def latest_connector_test(connector: Connector) -> ConnectorTest | None:
    return connector.tests.order_by("-id").first()


def lost_connector_tests(before: datetime) -> list[int]:
    """Tests whose wake-up or worker was lost."""
    old = ConnectorTest.objects.exclude(state=ConnectorTest.State.DONE).filter(created_at__lt=before)
    return list(old.exclude(claimed_at__gt=before).values_list("pk", flat=True))


def sources_for(complaint: Complaint) -> list[Connector]:
    """The sources in which this case may be looked up."""
    rows = Connector.objects.filter(kind=Connector.Kind.SQL, is_active=True, archived_at=None)
    team_id = complaint.conversation.team_id
    return list(rows.filter(Q(team=None) | Q(team_id=team_id)).order_by("name", "id"))


def source_readings(complaint: Complaint) -> list[SourceReading]:
    """What sources said about this case lately, newest first."""
    return list(complaint.source_readings.select_related("connector").order_by("-id")[:3])


def lost_readings(before: datetime) -> list[int]:
    """Readings whose wake-up was lost."""
    rows = SourceReading.objects.filter(state=SourceReading.State.WAITING, created_at__lt=before)
    return list(rows.values_list("pk", flat=True)[:50])


def asked_with(connector: Connector) -> list[str]:
    """What a source is asked with: `email`, `order`, `customer`."""
    return sql.asked_with(sql.read_settings(connector.settings))
