from django.apps import AppConfig


class AssistantConfig(AppConfig):
    name = "backstory.assistant"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import backstory.assistant.phrases  # noqa: F401
        from backstory.assistant import tasks
        from backstory.live import bus

        bus.subscribe("proposal.requested", tasks.propose)
