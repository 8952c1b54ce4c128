"""How this room's events read in a timeline."""

from backstory.live.phrases import register

register(
    {
        "alarm.raised": "More complaints than usual ({cause}): {observed} in {days} days, {expected} were usual.",
        "alarm.decided": "{actor} looked at a rise ({cause}): {state}.",
        "assumption.entered": "{actor} entered a figure: {input}, {figure} ({source}).",
        "assumption.withdrawn": "{actor} took a figure back: {input}.",
        "report_schedule.added": "{actor} has the report {report} sent by mail.",
        "report_schedule.ended": "{actor} ended sending the report {report} by mail.",
        "report_schedule.left": "{actor} wants the report {report} by mail no more.",
        "report.sent": "The report {report} was sent to {count} people.",
    }
)
