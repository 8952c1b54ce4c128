"""What the demo's people have practised: a few sessions, one of them bad, and what their lead asked them to play."""

from datetime import timedelta

from backstory.demo.desk import Desk, Life
from backstory.kernel import clock
from backstory.people.models import User
from backstory.practice import actions
from backstory.practice.queries import entry

ALICE, BOB, GRACE, NIAMH, ROHAN = (
    f"{name}@kestrel-heating.example" for name in ("alice", "bob", "grace", "niamh", "rohan")
)
PLAYED = (
    # who, days ago, scenario, the agent's lines (g: of the good play, b: of the bad one), with the coach
    (ALICE, 16.2, "hot_water.en", "b0 b1", False),
    (ALICE, 16.1, "hot_water.en", "g0 g1 b2 g2 g3 g4 g5", True),
    (GRACE, 13.3, "double_charge.en", "g0 g1 g2 g3 g4", True),
    (ALICE, 9.2, "refund_rage.en", "g0 g1 g2 g3 g4", True),
    (NIAMH, 8.4, "wrong_gift.en", "g0 b0 g1 g2 g3", False),
    (ROHAN, 6.3, "hot_water.de", "g0 g1 g2 g3 g4 g5", True),
    (ALICE, 5.2, "fine_thanks.en", "g0 g1 b0", False),
    (NIAMH, 2.2, "mould_again.en", "g0 g1 g2 g3 g4", True),
)
ASKED = ("mould_again.en", 4.0, (ALICE, GRACE, NIAMH, ROHAN), "We hear this story every winter. Read all nine first.")


def practise(desk: Desk) -> Life:
    """Everybody's sessions and the assignment, each at its moment."""
    asked = False
    for who, days, ref, lines, with_coach in PLAYED:
        if days < ASKED[1] and not asked:
            yield desk.now - timedelta(days=ASKED[1])
            _ask(desk)
            asked = True
        yield desk.now - timedelta(days=days)
        _play(desk.user(who), ref, lines, with_coach=with_coach)


def _play(user: User, ref: str, lines: str, *, with_coach: bool) -> None:
    scenario = entry(user, ref).scenario
    session = actions.begin(user, ref, with_coach=with_coach, seed=len(lines))
    for number, name in enumerate(lines.split(), start=1):
        said = (scenario.good if name[0] == "g" else scenario.bad)[int(name[1:])]
        turn = actions.say(user, session.pk, said, number)
        if turn.session.ending:
            return
    actions.finish(user, session.pk)


def _ask(desk: Desk) -> None:
    ref, _, people, note = ASKED
    lead = desk.user(BOB)
    team = lead.memberships.get().team
    users = tuple(desk.user(one).pk for one in people)
    actions.assign(lead, ref, team.pk, users, note=note, due_at=clock.ahead(days=9))
