from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "backstory.conversations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import backstory.conversations.phrases  # noqa: F401
