from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "backstory.channels"

    def ready(self) -> None:
        from backstory.channels import tasks
        from backstory.channels.email import tasks as email_tasks
        from backstory.live import bus

        bus.subscribe("raw.stored", tasks.ingest_raw)
        bus.subscribe("delivery.held", email_tasks.deliver_held)
        bus.subscribe("delivery.waiting", email_tasks.deliver)
        bus.subscribe("service_letter.waiting", email_tasks.deliver_service_letter)
