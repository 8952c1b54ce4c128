from django.apps import AppConfig


class ImprovementConfig(AppConfig):
    name = "backstory.improvement"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import backstory.improvement.phrases  # noqa: F401
        from backstory.improvement import tasks
        from backstory.live import bus

        bus.subscribe("problem.reopened", tasks.tell_owner)
