"""Carrying remedies out in other systems: a typed interface and the connectors that ship. Pure."""

from collections.abc import Mapping
from typing import Any

from backstory.recovery.connectors import hand_over, http, sql, stripe
from backstory.recovery.connectors.interface import (
    Connector,
    Evidence,
    Misconfigured,
    Order,
    Outcome,
    State,
    believed,
    contradiction,
)

KINDS = ("http", "stripe", "csv", "sql")


def check_settings(kind: str, settings: Mapping[str, Any]) -> None:
    """Raises Misconfigured, naming the field, where a connector of this kind could not work with the settings."""
    if kind == "http":
        http.read_settings(settings)
    elif kind == "stripe":
        stripe.read_settings(settings)
    elif kind == "sql":
        sql.read_settings(settings)
    elif kind != "csv":
        raise Misconfigured("Choose one of the kinds of connector.", "kind")


def make(kind: str, settings: Mapping[str, Any], secret: str = "") -> Connector:
    """The connector of this kind. `sql` carries nothing out: it reads, see `sql.read`."""
    if kind == "http":
        return http.HttpConnector(http.read_settings(settings), secret)
    if kind == "stripe":
        return stripe.StripeConnector(stripe.read_settings(settings), secret)
    if kind == "csv":
        return hand_over.HandOverConnector()
    raise Misconfigured("This connector only reads.", "kind")


__all__ = [
    "KINDS",
    "Connector",
    "Evidence",
    "Misconfigured",
    "Order",
    "Outcome",
    "State",
    "believed",
    "check_settings",
    "contradiction",
    "make",
]
