"""Backstory: a self-hosted complaint desk."""
