"""How this room's events read in a timeline. No sentence tells what a backstory says."""

from backstory.live.phrases import register

register(
    {
        "reading.recorded": "{actor} read the message.",
        "complaint.opened": "{actor} opened complaint {number}.",
        "complaint.closed": "{actor} closed the complaint: {outcome}.",
        "complaint.reopened": "{actor} reopened complaint {number}.",
        "cause.set": "{actor} confirmed the cause: {cause}.",
        "severity.set": "{actor} set the severity to {severity} of 4.",
        "backstory.saved": "{actor} recorded what is at stake.",
        "backstory.read": "{actor} read the backstory.",
        "backstory.confirmed": "{actor} noted that the customer confirmed the summary.",
        "summary.sent": "{actor} sent the customer a summary of what was heard.",
        "action.added": "{actor} agreed on a step for the {serves}, to be done by {owner}.",
        "action.done": "{actor} finished a step for the {serves}.",
        "promise.suggested": "{actor} found words that may be a promise.",
        "promise.accepted": "{actor} took on a promise.",
        "promise.dismissed": "{actor} saw no promise in those words.",
        "promise.kept": "{actor} kept a promise.",
        "promise.broken": "A promise was not kept.",
        "promise.reminded": "A promise is soon due.",
        "cause.added": "{actor} added the cause “{name}”.",
        "cause.renamed": "{actor} named a cause “{name}”.",
        "cause.moved": "{actor} moved the cause “{name}”.",
        "cause.retired": "{actor} retired the cause “{name}”.",
    }
)
