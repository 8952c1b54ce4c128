from django.apps import AppConfig


class ImprovementConfig(AppConfig):
    name = "backstory.improvement"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import backstory.improvement.phrases
        import backstory.improvement.tasks  # noqa: F401
