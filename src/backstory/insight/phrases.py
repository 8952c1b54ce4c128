"""How this room's events read in a timeline."""

from backstory.live.phrases import register

register(
    {
        "alarm.raised": "More complaints than usual ({cause}): {observed} in {days} days, {expected} were usual.",
        "alarm.decided": "{actor} looked at a rise ({cause}): {state}.",
        "assumption.entered": "{actor} entered a figure: {input}, {figure} ({source}).",
        "assumption.withdrawn": "{actor} took a figure back: {input}.",
    }
)
