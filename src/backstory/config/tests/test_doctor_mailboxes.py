"""What the doctor says of each mailbox."""

from typing import Any

import pytest

from backstory.channels.email.tests.servers import Sink
from backstory.config import health_mail
from backstory.conversations import actions
from backstory.conversations.models import Grant, Mailbox
from conftest import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_listeners(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health_mail, "env", type("Env", (), {"smtp_port": 0, "lmtp_port": 0, "mail_host": ""}))


def found(mailbox: Mailbox) -> list[tuple[str, str]]:
    return [(each.level, each.words) for each in health_mail.mail_in() if mailbox.address in each.words]


def test_a_mailbox_at_work_is_well(cast: Cast) -> None:
    assert found(cast.mailbox) == [("well", "care@desk.example goes to Customer care.")]


def test_trouble_is_told_in_the_words_of_the_page(cast: Cast) -> None:
    actions.note_mailbox_error(cast.mailbox.pk, "imap.desk.example answered, but the log-in was refused.")
    assert found(cast.mailbox) == [
        ("fault", "care@desk.example: imap.desk.example answered, but the log-in was refused.")
    ]


def test_a_consent_that_was_taken_back_is_a_fault(cast: Cast) -> None:
    Mailbox.objects.filter(pk=cast.mailbox.pk).update(incoming=Mailbox.Incoming.GRANT)
    assert found(cast.mailbox)[0][0] == "fault"
    Grant.objects.create(mailbox=cast.mailbox, state=Grant.State.REFUSED, refresh_token_sealed="x", error="Taken back.")
    assert found(cast.mailbox) == [("fault", "care@desk.example: a new consent is needed. Taken back.")]


def test_a_paused_mailbox_is_a_warning_an_archived_one_nothing_and_none_at_all_a_fault(cast: Cast) -> None:
    actions.pause_mailbox(cast.dana, cast.mailbox.pk)
    assert found(cast.mailbox)[0][0] == "warning"
    for mailbox in (cast.mailbox, cast.parts_mailbox):
        actions.archive_mailbox(cast.dana, mailbox.pk)
    assert found(cast.mailbox) == []
    assert next(health_mail.mail_in()).level == "fault"


def test_the_mailboxs_own_way_out_is_tried(cast: Cast, settings: Any) -> None:
    settings.MAIL_MODE, settings.EMAIL_TIMEOUT = "smtp", 10
    with Sink() as sink:
        server = actions.Server("127.0.0.1", sink.port, "none")
        actions.set_outgoing(cast.dana, cast.mailbox.pk, Mailbox.Outgoing.SMTP, server)
        assert found(cast.mailbox)[1] == ("well", "127.0.0.1 takes the letters of care@desk.example.")
        sink.answers["GREETING"] = "554 go away"
        assert found(cast.mailbox)[1][0] == "fault"
