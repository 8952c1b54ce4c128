from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "backstory.insight"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import backstory.insight.phrases  # noqa: F401
