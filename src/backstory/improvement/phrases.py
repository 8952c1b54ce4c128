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
