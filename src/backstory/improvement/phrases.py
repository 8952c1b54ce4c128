"""How this room's events read in a timeline."""

from backstory.live.phrases import register

register(
    {
        "problem.opened": "{actor} opened the problem “{title}”.",
        "problem.changed": "{actor} changed the problem “{title}”.",
        "problem.linked": "{actor} linked complaints to the problem: {count}.",
        "problem.unlinked": "{actor} found that {number} does not belong to the problem.",
        "problem.confirmed": "{actor} confirmed the problem “{title}”.",
        "problem.fixing": "{actor} noted that the problem “{title}” is being fixed.",
        "problem.watching": "{actor} began to watch whether “{title}” stays away.",
        "problem.proven": "{actor} noted that “{title}” is proven fixed.",
        "problem.reopened": "{actor} reopened the problem “{title}”.",
        "problem.accepted": "{actor} accepted the problem “{title}” with a reason.",
        "problem.decided": "{actor} added to the decision log.",
        "campaign.planned": "{actor} began to prepare news for customers: “{name}”.",
        "campaign.changed": "{actor} changed the news “{name}”.",
        "campaign.previewed": "{actor} previewed the news “{name}” for {count} people.",
        "campaign.approved": "{actor} approved the news “{name}”.",
        "campaign.started": "{actor} began to send the news “{name}”.",
        "campaign.paused": "{actor} paused the news “{name}”.",
        "campaign.resumed": "{actor} went on with the news “{name}”.",
        "campaign.stopped": "{actor} stopped the news “{name}”.",
        "campaign.done": "The news “{name}” has been sent to {count} people.",
        "news.declined": "{actor} wants no letters unasked any more.",
        "why.added": "{actor} answered a “why?”.",
        "why.changed": "{actor} changed the answer to a “why?”.",
        "why.removed": "{actor} took back the answer to a “why?”.",
        "why.evidence": "{actor} added evidence to an answer.",
        "fishbone.changed": "{actor} changed the fishbone.",
        "failure.rated": "{actor} changed the ratings of what may fail.",
        "fix.planned": "{actor} planned a fix, to be done by {owner}.",
        "fix.done": "{actor} noted that a fix is in place since {day}.",
        "fix.dropped": "{actor} dropped a planned fix.",
    }
)
