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
        "remedy.seconded": "{actor} said yes, as the first of two: {remedy} {money}.",
        "remedy.changed": "{actor} changed what was asked for from {before} to {money}.",
        "remedy.escalated": "Undecided for {hours} hours: {remedy} {money} now goes to {to}.",
        "limit.set": "{actor} set the limit of the role {role} to {money}.",
        "limit.removed": "{actor} took the limit of the role {role} away: {money} {where}.",
        "second_look.set": "{actor} had two people decide from {money} on.",
        "absence.planned": "{who} will be away; {deputy} decides meanwhile.",
        "absence.ended": "{who} is back.",
        "survey.sent": "The customer was asked whether it is settled.",
        "survey.answered": "{actor} answered the survey: {score} of {highest}.",
        "survey.chosen": "{actor} chose what {place} asks afterwards: {survey}.",
        "recovery.begun": "A second recovery began: {why}.",
        "recovery.given": "{actor} gave the second recovery to {owner}.",
        "recovery.done": "The second recovery is done: {outcome}.",
        "followups.planned": "Planned to come back to the customer: {count}.",
        "followup.done": "{actor} came back to the customer: {what}.",
        "followup.not_reached": "{actor} reached nobody: {what}.",
        "followup.put_off": "{actor} reached nobody and will try again: {what}.",
        "followup.skipped": "{actor} skipped a follow-up: {what}.",
        "followup.given": "{actor} gave a follow-up to {owner}: {what}.",
        "followup.reminded": "A follow-up is due: {what}.",
        "update.sent": "{actor} told the customer how it stands.",
        "update.skipped": "{actor} skipped an update to the customer.",
        "update.planned": "{actor} planned an update to the customer.",
        "updates.on": "{actor} lets updates go out by themselves again.",
        "updates.off": "{actor} lets no update go out by itself here.",
        "updates.manner": "{actor} set how customers are kept informed.",
        "links.revoked": "{actor} revoked the status links sent so far.",
    }
)
