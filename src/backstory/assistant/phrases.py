"""How this room's events read in a timeline."""

from backstory.live.phrases import register

register(
    {
        "proposal.requested": "{actor} asked the language model {model} for a proposal: {what}.",
        "proposal.used": "{actor} took over what the language model proposed.",
    }
)
