"""Replies read: a letter taken apart, the words of good and bad answers, and the empathy that a reply shows."""

from backstory.language.replies.draft import Letter, letter

__all__ = ["Letter", "letter"]
