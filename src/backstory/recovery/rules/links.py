"""How long the links in our letters open."""

from datetime import datetime, timedelta

LINK_LASTS = timedelta(days=180)


def link_is_fresh(signed_at: datetime, moment: datetime) -> bool:
    """Whether a status link still opens. One from the future does, as clocks differ a little between
    hosts."""
    return moment - signed_at <= LINK_LASTS
