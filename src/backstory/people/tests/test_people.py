"""Log-ins, customers, tokens and who may do what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstory.kernel.errors import InvalidInput, NotAllowed
from backstory.people import policy
from backstory.people.actions import add_user, customer_for, issue_token, revoke_token
from backstory.people.models import Customer, Identity
from backstory.people.policy import Permission
from backstory.people.queries import user_by_token
from backstory.people.rules import is_email, name_from_address, normalise_email


@pytest.mark.django_db
def test_a_weak_password_is_refused_in_words() -> None:
    with pytest.raises(InvalidInput, match="too short"):
        add_user("eve@desk.example", "Eve", "short")


@pytest.mark.django_db
def test_an_address_has_one_log_in(cast) -> None:
    with pytest.raises(InvalidInput, match="already has a log-in"):
        add_user("ALICE@desk.example", "Other Alice", cast.password)


@pytest.mark.django_db
def test_a_customer_is_known_by_an_address_whatever_its_case() -> None:
    first = customer_for(Identity.Kind.EMAIL, "Maya.Lind@Customer.example")
    second = customer_for(Identity.Kind.EMAIL, " maya.lind@customer.example", "Maya Lind")
    assert first == second
    assert Customer.objects.get().name == "Maya Lind"


@pytest.mark.django_db
def test_a_token_opens_the_desk_until_it_is_revoked(cast) -> None:
    secret = issue_token(cast.alice, "reports")
    assert user_by_token(secret) == cast.alice
    revoke_token(cast.alice, cast.alice.api_tokens.get().pk)
    assert user_by_token(secret) is None
    assert user_by_token("bsy_wrong") is None


@pytest.mark.django_db
def test_an_agent_may_handle_complaints_in_their_own_team_only(cast) -> None:
    assert policy.can(cast.alice, Permission.HANDLE_COMPLAINTS, cast.care.pk)
    assert not policy.can(cast.alice, Permission.HANDLE_COMPLAINTS, cast.parts.pk)
    assert not policy.can(cast.alice, Permission.APPROVE_REMEDY, cast.care.pk)
    assert policy.can(cast.bob, Permission.APPROVE_REMEDY, cast.care.pk)


@pytest.mark.django_db
def test_running_the_desk_gives_no_look_into_peoples_lives(cast) -> None:
    assert policy.can(cast.dana, Permission.ADMINISTER)
    assert policy.can(cast.dana, Permission.VIEW_CONVERSATIONS, cast.care.pk)
    assert not policy.can(cast.dana, Permission.READ_BACKSTORY, cast.care.pk)


@pytest.mark.django_db
def test_somebody_whose_log_in_ended_may_do_nothing(cast) -> None:
    cast.dana.is_active = False
    assert not any(policy.can(cast.dana, permission) for permission in Permission)
    with pytest.raises(NotAllowed, match="administer the desk"):
        policy.require(cast.dana, Permission.ADMINISTER)


@given(st.text())
def test_normalising_an_address_twice_changes_nothing(address: str) -> None:
    assert normalise_email(normalise_email(address)) == normalise_email(address)


def test_what_looks_like_an_address() -> None:
    assert is_email("maya@customer.example")
    for wrong in (
        "",
        "maya",
        "maya@",
        "@x.example",
        "a b@x.example",
        "a@b@c",
        "x" * 65 + "@x.example",
        "a@x\n.example",
    ):
        assert not is_email(wrong), wrong


def test_a_name_is_made_from_an_address() -> None:
    assert name_from_address("maya.lind_77@customer.example") == "Maya Lind 77".replace(" 77", "")
