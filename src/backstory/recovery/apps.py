from django.apps import AppConfig


class RecoveryConfig(AppConfig):
    name = "backstory.recovery"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import backstory.recovery.phrases  # noqa: F401
        from backstory.live import bus
        from backstory.recovery import tasks

        bus.subscribe("complaint.closed", tasks.follow_up)
        bus.subscribe("complaint.reopened", tasks.put_aside)
        bus.subscribe("remedy.carried_out", tasks.follow_up_remedy)
        bus.subscribe("playbook.tried", tasks.run_trial)
