from django.apps import AppConfig


class RecoveryConfig(AppConfig):
    name = "backstory.recovery"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import backstory.recovery.phrases  # noqa: F401
        from backstory.live import bus
        from backstory.recovery import tasks
        from backstory.recovery.rules.updates import STAGES

        bus.subscribe("complaint.closed", tasks.follow_up)
        bus.subscribe("complaint.reopened", tasks.put_aside)
        bus.subscribe("remedy.carried_out", tasks.follow_up_remedy)
        bus.subscribe("playbook.tried", tasks.run_trial)
        bus.subscribe("message.sent", tasks.replan_after_message)
        bus.subscribe("severity.set", tasks.replan_updates)
        for kind in STAGES:
            bus.subscribe(kind, tasks.note_changes)
        bus.subscribe("remedy.granted", tasks.begin_transfer)
        bus.subscribe("remedy.accepted", tasks.begin_transfer)
        bus.subscribe("remedy.refused", tasks.stop_declined)
        for kind in ("released", "retried", "looked_up"):
            bus.subscribe(f"transfer.{kind}", tasks.carry)
        bus.subscribe("connector_test.requested", tasks.try_connector)
        bus.subscribe("source.asked", tasks.read_source)
