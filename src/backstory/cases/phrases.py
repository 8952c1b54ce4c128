"""How this room's events read in a timeline. No sentence tells what a backstory says."""

from backstory.live.phrases import register

register(
    {
        "reading.recorded": "{actor} read the message.",
        "reading.corrected": "{actor} judged what was read in a message: {field}.",
        "reading.restored": "{actor} took back a judgement of what was read in a message: {field}.",
        "sensitive.seen": "{actor} saw what is sensitive in the messages.",
        "sensitive.corrected": "{actor} judged what is sensitive in a message.",
        "rereading.started": "{actor} had the messages read again.",
        "rereading.paused": "{actor} paused the reading again.",
        "rereading.resumed": "{actor} had the reading again go on.",
        "rereading.finished": "{actor} has read the messages again: {read}, of which {moved} otherwise than before.",
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
        "cause_model.requested": "{actor} asked for model {number} of the causes.",
        "cause_model.trained": "{actor} trained model {number} of the causes on {examples} messages.",
        "cause_model.failed": "{actor} could not train model {number} of the causes.",
        "cause_model.chosen": "{actor} put {name} in force for proposing causes.",
        "cause.retired": "{actor} retired the cause “{name}”.",
    }
)
