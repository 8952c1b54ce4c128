"""The kinds of remedy."""

from django.db import models


class RemedyKind(models.TextChoices):
    REFUND = "refund", "Refund"
    REPLACEMENT = "replacement", "Replacement"
    REPAIR = "repair", "Repair"
    CREDIT = "credit", "Credit"
    DISCOUNT = "discount", "Discount"
    UPGRADE = "upgrade", "Upgrade"
    GOODWILL = "goodwill", "Goodwill"
    APOLOGY = "apology", "Apology by a named person"
    CORRECTION = "correction", "Correction"
    EXPENSE = "expense", "Expense repaid"
