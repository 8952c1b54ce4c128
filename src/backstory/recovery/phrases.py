"""How this room's events read in a timeline."""

from backstory.live.phrases import register

register(
    {
        "remedy.requested": "{actor} asked for approval: {remedy} {money}.",
        "remedy.granted": "{actor} granted: {remedy} {money}.",
        "remedy.declined": "{actor} declined: {remedy} {money}.",
        "remedy.offered": "{actor} told the customer: {remedy} {money}.",
        "remedy.accepted": "The customer accepted: {remedy} {money} (noted by {actor}).",
        "remedy.refused": "The customer does not want: {remedy} {money} (noted by {actor}).",
        "remedy.carried_out": "Carried out: {remedy} {money} (noted by {actor}).",
        "limit.set": "{actor} set the limit of the role {role} to {money}.",
        "survey.sent": "The customer was asked whether it is settled.",
        "survey.answered": "{actor} answered the survey: {score} of 5.",
        "links.revoked": "{actor} revoked the status links sent so far.",
    }
)
