"""A proof as a page shows it: the verdict in words, its numbers, what the charts draw."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from babel import dates
from django.utils.translation import gettext as _

from backstory.improvement.queries import Proof, baseline_of
from backstory.improvement.rules.weeks import monday_of
from backstory.kernel.errors import InvalidInput
from backstory.measures.cusum import Cusum
from backstory.measures.verdict import SENTENCES
from backstory.web.formats import reader_locale

WEEK = timedelta(days=7)
TONES = {"reduced": "good", "not_shown": "plain", "worse": "bad", "insufficient_data": "warn"}
PER = 1000


def verdict_label(verdict: str) -> str:
    names = {
        "reduced": _("Reduced"),
        "not_shown": _("Not shown"),
        "worse": _("Worse"),
        "insufficient_data": _("Insufficient data"),
    }
    return names.get(verdict, verdict)


@dataclass(frozen=True)
class Shown:
    """The verdict of a plan for people, and the numbers behind it."""

    label: str
    tone: str
    words: list[str]
    before: tuple[int, float, str]  # complaints, exposure, rate per thousand
    after: tuple[int, float, str]
    ratio: str
    p_fewer: str
    p_more: str
    power: str
    weeks_needed: int | None
    is_back: str


def _rate(count: int, exposure: float) -> str:
    return f"{PER * count / exposure:.1f}" if exposure else "–"


def shown(proof: Proof) -> Shown | None:
    """None while no whole week has passed since the fix."""
    judged = proof.judgement
    if judged is None:
        return None
    held = judged.comparison
    ratio = judged.ratio
    back = proof.recurrence
    return Shown(
        label=verdict_label(str(judged.verdict)),
        tone=TONES[str(judged.verdict)],
        words=[_(SENTENCES[reason]).format(**judged.numbers) for reason in judged.reasons],
        before=(held.before.count, held.before.exposure, _rate(held.before.count, held.before.exposure)),
        after=(held.after.count, held.after.exposure, _rate(held.after.count, held.after.exposure)),
        ratio=f"{ratio.value:.2f} ({ratio.low:.2f} – {ratio.high:.2f})" if ratio else "–",
        p_fewer=_p(judged.p_fewer),
        p_more=_p(judged.p_more),
        power=f"{round(100 * judged.power)} %",
        weeks_needed=proof.weeks_needed,
        is_back=_day(back.monday) if back else "",
    )


def _p(value: float) -> str:
    return "< 0.0001" if value < 0.0001 else f"{value:.4f}"


def _day(day: date) -> str:
    return str(dates.format_skeleton("MMMd", day, locale=reader_locale()))


SIGNALS: Mapping[str, str] = {
    "above": "beyond 3σ above",
    "below": "beyond 3σ below",
    "two_of_three_above": "2 of 3 beyond 2σ above",
    "two_of_three_below": "2 of 3 beyond 2σ below",
    "four_of_five_above": "4 of 5 beyond 1σ above",
    "four_of_five_below": "4 of 5 beyond 1σ below",
    "eight_above": "8 in a row above the centre",
    "eight_below": "8 in a row below the centre",
}


def charts(proof: Proof) -> dict[str, Any]:
    """What the page's script draws, and the tables beside: rates per thousand, gaps as they are."""
    baseline = baseline_of(proof.plan)
    times = 1 if baseline.kind == "g" else PER
    start = proof.plan.start_on
    weeks = {week.monday: week for week in (*proof.before, *proof.after, *proof.later)}
    points = [
        {
            "label": _day(point.monday),
            "value": round(point.value * times, 2),
            "lower": round(point.lower * times, 2),
            "upper": round(point.upper * times, 2),
            "count": weeks[point.monday].count,
            "exposure": weeks[point.monday].exposure,
            "after": point.monday >= monday_of(start + WEEK - timedelta(days=1)),
            "signal": "; ".join(_(SIGNALS[one]) for one in point.signals),
        }
        for point in proof.points
    ]
    unit = _("Exposure between two complaints") if times == 1 else _("Complaints per thousand")
    return {
        "control": {"points": points, "centre": round(baseline.centre * times, 2), "name": baseline.name},
        "cusum": _cusum(proof),
        "fix": next((point["label"] for point in points if point["after"]), ""),
        "words": {
            "value": unit,
            "centre": _("Usual before"),
            "limits": _("Limits"),
            "fix": _("Fix"),
            "level": _("CUSUM"),
            "limit": _("Decision limit"),
            "signal": _("Signal"),
        },
    }


def _cusum(proof: Proof) -> dict[str, Any] | None:
    found: Cusum | None = proof.fall
    if found is None:
        return None
    mondays = [week.monday for week in (*proof.after, *proof.later) if week.exposure]
    levels = [
        {"label": _day(monday), "level": round(level, 2)} for monday, level in zip(mondays, found.levels, strict=True)
    ]
    alarm = None if found.alarm is None else _day(mondays[found.alarm])
    return {"points": levels, "limit": round(found.limit, 2), "reference": round(found.reference, 3), "alarm": alarm}


def suggested_dates(today: date) -> dict[str, date]:
    """A quarter of whole weeks up to now as baseline, the fix today, judged after another quarter."""
    last = monday_of(today) - timedelta(days=1)
    return {
        "first": last - 13 * WEEK + timedelta(days=1),
        "last": last,
        "start": today,
        "end": today + 13 * WEEK,
    }


def weeks_typed(text: str) -> list[tuple[date, int]]:
    """Lines of a day and an amount, such as `2026-03-02, 1200`; InvalidInput names the first that is none."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        day, *rest = line.replace(";", ",").replace("\t", ",").split(",")
        amount = "".join(rest).strip()
        try:
            found.append((date.fromisoformat(day.strip()), int(amount)))
        except ValueError:
            raise InvalidInput(_("Line %(n)d is no day and number.") % {"n": number}, "weeks") from None
    if not found or len(found) > 600 or any(amount > 10**12 for _day, amount in found):
        raise InvalidInput(_("Enter one to 600 weeks."), "weeks")
    return found
