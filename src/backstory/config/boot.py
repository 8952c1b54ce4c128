"""Starting Django, for the commands that need it."""

import os

import django


def setup(json_lines: bool | None = None) -> None:
    """Load settings and apps; safe to call again."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backstory.config.settings")
    from backstory.config import logs
    from backstory.config.env import env

    logs.configure(env.log_json if json_lines is None else json_lines)
    django.setup()


def prepare() -> None:
    """Bring the database to this version and give it what every desk starts from. Safe to repeat."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    from backstory.cases.actions import seed_causes, seed_playbooks
    from backstory.recovery.actions import seed_limits, seed_policy

    seed_causes()
    seed_playbooks()
    seed_limits()
    seed_policy()
