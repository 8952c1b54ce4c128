from django.apps import AppConfig


class PracticeConfig(AppConfig):
    name = "backstory.practice"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import backstory.practice.phrases  # noqa: F401
        from backstory.live import bus
        from backstory.practice import tasks

        bus.subscribe("practice.said", tasks.voice_turn)
