"""The agent workspace."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages for agents, leads and administrators."""

    name = "backstory.web"
    label = "web"
    verbose_name = "Agent workspace"
