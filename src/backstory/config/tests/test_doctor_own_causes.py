"""What the doctor says of the desk's own model of causes."""

import pytest

from backstory.cases.models import CauseModel, CauseModelChoice
from backstory.config import health
from backstory.kernel import files
from backstory.language import learn
from backstory.language.learned_data import Example

pytestmark = pytest.mark.django_db


@pytest.fixture
def in_force(db) -> CauseModel:
    taught = [Example(f"{word} {at}", word) for word in ("invoice", "boiler") for at in range(5)]
    path, sha256 = files.put("models", learn.train(taught, with_encoder=False).data)
    model = CauseModel.objects.create(state="trained", path=path, sha256=sha256)
    CauseModelChoice.objects.create(model=model)
    return model


def test_without_one_the_doctor_is_silent(db):
    assert not list(health.own_causes())


def test_one_that_works_is_named(in_force):
    (finding,) = health.own_causes()
    assert finding.level == "well" and f"Model {in_force.pk} proposes" in finding.words


def test_a_broken_one_is_a_warning_that_says_what_answers_now(in_force):
    CauseModel.objects.update(sha256="0" * 64)
    (finding,) = health.own_causes()
    assert finding.level == "warning" and "SHA-256" in finding.words and "shipped one answers" in finding.mend
