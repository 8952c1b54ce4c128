"""How this room's events read in a timeline."""

from backstory.live.phrases import register

register(
    {
        "surveys.declined": "{actor} wants no more questions after a complaint.",
        "customer.merged": "{actor} said that the customers of two conversations are one person.",
        "customer.merge_undone": "{actor} took back that two customers are one person.",
        "user.added": "{name} can log in now, as {role}.",
        "user.password_set": "A new password was set.",
        "user.profile_changed": "{actor} changed their profile.",
        "token.issued": "{actor} issued the API token “{name}”.",
        "admin.added": "{actor} added {what} in the administration.",
        "admin.changed": "{actor} changed {what} in the administration.",
        "address.undeliverable": "Letters to {whom} come back for good.",
        "address.unwanted": "A reader has called our letters unwanted.",
        "address.cleared": "{actor} said that letters to an address are fine again.",
        "token.revoked": "{actor} revoked the API token “{name}”.",
    }
)
