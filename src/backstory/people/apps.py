from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "backstory.people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import backstory.people.phrases  # noqa: F401
