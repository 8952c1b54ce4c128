"""What the read model holds, and where each of its columns comes from. Pure.

A source is one operational table read by conversation; `derive` makes the facts of it.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

Kind = Literal["BIGINT", "INTEGER", "VARCHAR", "TIMESTAMP", "DOUBLE", "BOOLEAN", "DECIMAL(14,2)"]


@dataclass(frozen=True)
class Column:
    """`sql` as both SQLite and PostgreSQL understand it; `kind` is DuckDB's name of the type."""

    name: str
    sql: str
    kind: Kind


@dataclass(frozen=True)
class Source:
    """One operational table with what it is joined to; `key` is the column that holds the conversation's id."""

    name: str
    tables: str
    key: str
    columns: tuple[Column, ...]


def _columns(**given: tuple[str, Kind]) -> tuple[Column, ...]:
    return tuple(Column(name, sql, kind) for name, (sql, kind) in given.items())


SOURCES = (
    Source(
        "conversation",
        "conversations_conversation c JOIN people_customer p ON p.id = c.customer_id "
        "LEFT JOIN conversations_place l ON l.id = c.place_id",
        "c.id",
        _columns(
            conversation_id=("c.id", "BIGINT"),
            team_id=("c.team_id", "BIGINT"),
            mailbox_id=("c.mailbox_id", "BIGINT"),
            customer_id=("c.customer_id", "BIGINT"),
            channel=("c.channel", "VARCHAR"),
            language=("p.language", "VARCHAR"),
            state=("c.state", "VARCHAR"),
            began_at=("c.created_at", "TIMESTAMP"),
            waiting_since=("c.waiting_since", "TIMESTAMP"),
            place_id=("c.place_id", "BIGINT"),
            product=("nullif(l.product, '')", "VARCHAR"),
        ),
    ),
    Source(
        "message",
        "conversations_message m LEFT JOIN cases_reading r ON r.message_id = m.id",
        "m.conversation_id",
        _columns(
            conversation_id=("m.conversation_id", "BIGINT"),
            message_id=("m.id", "BIGINT"),
            direction=("m.direction", "VARCHAR"),
            by_person=("CASE WHEN m.author_id IS NULL THEN 0 ELSE 1 END", "BOOLEAN"),
            said_at=("m.created_at", "TIMESTAMP"),
            strain=("r.strain", "DOUBLE"),
        ),
    ),
    Source(
        "sign",  # that there is one, never which
        "cases_sensitivereading s JOIN conversations_message m ON m.id = s.message_id",
        "m.conversation_id",
        _columns(
            conversation_id=("m.conversation_id", "BIGINT"),
            seen=("CASE WHEN CAST(s.data AS TEXT) LIKE '%\"vulnerability\": []%' THEN 0 ELSE 1 END", "BOOLEAN"),
        ),
    ),
    Source(
        "complaint",
        "cases_complaint k",
        "k.conversation_id",
        _columns(
            conversation_id=("k.conversation_id", "BIGINT"),
            complaint_id=("k.id", "BIGINT"),
            state=("k.state", "VARCHAR"),
            received_at=("k.received_at", "TIMESTAMP"),
            closed_at=("k.closed_at", "TIMESTAMP"),
            severity=("k.severity", "INTEGER"),
            cause_id=("k.cause_id", "BIGINT"),
            outcome=("k.outcome", "VARCHAR"),
            reopened=("k.reopened_count", "INTEGER"),
        ),
    ),
    Source(
        "promise",
        "cases_promise p",
        "p.conversation_id",
        _columns(
            conversation_id=("p.conversation_id", "BIGINT"),
            promise_id=("p.id", "BIGINT"),
            state=("p.state", "VARCHAR"),
            due_at=("p.due_at", "TIMESTAMP"),
            decided_at=("p.decided_at", "TIMESTAMP"),
        ),
    ),
    Source(
        "remedy",
        "recovery_remedy y JOIN cases_complaint k ON k.id = y.complaint_id",
        "k.conversation_id",
        _columns(
            conversation_id=("k.conversation_id", "BIGINT"),
            remedy_id=("y.id", "BIGINT"),
            kind=("y.kind", "VARCHAR"),
            amount=("y.amount", "DECIMAL(14,2)"),
            currency=("y.currency", "VARCHAR"),
            state=("y.state", "VARCHAR"),
            cost=("coalesce(y.cost, y.amount)", "DECIMAL(14,2)"),  # as `Remedy.cost_to_us`
            proposed_at=("y.created_at", "TIMESTAMP"),
            decided_at=("y.decided_at", "TIMESTAMP"),
            offered_at=("y.offered_at", "TIMESTAMP"),
            answer=("y.answer", "VARCHAR"),
            answered_at=("y.answered_at", "TIMESTAMP"),
            carried_out_at=("y.carried_out_at", "TIMESTAMP"),
        ),
    ),
    Source(
        "survey",
        "recovery_survey v JOIN cases_complaint k ON k.id = v.complaint_id",
        "k.conversation_id",
        _columns(
            conversation_id=("k.conversation_id", "BIGINT"),
            survey_id=("v.id", "BIGINT"),
            kind=("v.kind", "VARCHAR"),
            round=("v.round", "INTEGER"),
            sent_at=("v.sent_at", "TIMESTAMP"),
            answered_at=("v.answered_at", "TIMESTAMP"),
            score=("v.score", "INTEGER"),
        ),
    ),
)

EVENTS = Source(
    "event",
    "live_event e",
    "e.id",
    _columns(
        event_id=("e.id", "BIGINT"),
        happened_at=("e.at", "TIMESTAMP"),
        kind=("e.kind", "VARCHAR"),
        conversation_id=("e.conversation_id", "BIGINT"),
        team_id=("e.team_id", "BIGINT"),
    ),
)

CASES = """
    SELECT
        c.conversation_id, c.team_id, c.mailbox_id, c.customer_id, c.channel, c.language, c.state, c.began_at,
        c.waiting_since, s.first_in_at, s.first_answer_at,
        coalesce(s.letters_in, 0)::INTEGER AS letters_in, coalesce(s.letters_out, 0)::INTEGER AS letters_out,
        coalesce(g.vulnerable, false) AS vulnerable,
        s.worst_strain, s.last_strain,
        k.complaint_id, k.state AS complaint_state, k.received_at, k.closed_at, k.severity, k.cause_id,
        coalesce(k.outcome, '') AS outcome, k.reopened,
        c.place_id, c.product, NULL::VARCHAR AS segment
    FROM conversation c
    LEFT JOIN (
        SELECT
            conversation_id,
            min(said_at) FILTER (WHERE direction = 'in') AS first_in_at,
            min(said_at) FILTER (WHERE direction = 'out' AND by_person) AS first_answer_at,
            count(*) FILTER (WHERE direction = 'in') AS letters_in,
            count(*) FILTER (WHERE direction = 'out') AS letters_out,
            max(strain) AS worst_strain,
            last(strain ORDER BY said_at, message_id) FILTER (WHERE strain IS NOT NULL) AS last_strain
        FROM message GROUP BY conversation_id
    ) s USING (conversation_id)
    LEFT JOIN (SELECT conversation_id, bool_or(seen) AS vulnerable FROM sign GROUP BY conversation_id) g
        USING (conversation_id)
    LEFT JOIN complaint k USING (conversation_id)
"""

FACTS: dict[str, str] = {
    "cases": CASES,
    "letters": "SELECT conversation_id, direction, by_person, said_at FROM message",
    "promises": "SELECT * FROM promise",
    "remedies": "SELECT * FROM remedy",
    "surveys": "SELECT * FROM survey",
}
"""Each table of the read model as a question to the sources. `cases` has one row a conversation, with its complaint."""

TABLES = (*FACTS, "events")

VERSION = sha256(repr((SOURCES, EVENTS, FACTS)).encode()).hexdigest()[:12]
"""Changes by itself with whatever the files hold: files of another version are built anew."""
