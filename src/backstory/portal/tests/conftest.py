"""What the portal's tests share: a clean cache, a visitor, a complaint of Maya's."""

from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from pytest_django import Settings

from backstory.cases.actions import close_complaint, open_complaint, set_cause
from backstory.cases.models import Cause, Complaint
from backstory.conversations.models import Message
from backstory.portal import proof
from backstory.portal.tests.visitors import Visitor
from conftest import Cast


@pytest.fixture(autouse=True)
def clean_cache(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Counts and spent proofs of one test must not reach the next; sums are small, but really done."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # nobody logs in here
    monkeypatch.setattr(proof, "TRIES", (3, 9))
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def visitor(cast: Cast) -> Visitor:
    return Visitor()


@pytest.fixture
def complaint(cast: Cast, write: Callable[..., Message]) -> Complaint:
    message = write("There is never enough hot water!", customer_name="Maya Lind")
    return open_complaint(cast.alice, message.conversation_id)


@pytest.fixture
def closed(cast: Cast, complaint: Complaint) -> Complaint:
    set_cause(cast.alice, complaint.pk, Cause.objects.get(slug="outage").pk)
    return close_complaint(cast.alice, complaint.pk, "upheld", "The tank was too small.")
