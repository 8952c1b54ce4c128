from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "backstory.cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import backstory.cases.phrases  # noqa: F401
        from backstory.cases import tasks
        from backstory.live import bus

        bus.subscribe("message.received", tasks.read_message)
        bus.subscribe("message.sent", tasks.find_promises)
        bus.subscribe("note.added", tasks.find_promises)
        bus.subscribe("message.sent", tasks.note_phrases)
        bus.subscribe("message.sent", tasks.read_reply)
        bus.subscribe("message.sent", tasks.note_questions)
        bus.subscribe("message.sent", tasks.note_answered_abuse)
        bus.subscribe("rereading.started", tasks.reread)
        bus.subscribe("rereading.resumed", tasks.reread)
        bus.subscribe("cause_model.requested", tasks.train_causes)
        bus.subscribe("issue.added", tasks.propose_causes)
        bus.subscribe("themes.requested", tasks.search_themes)
