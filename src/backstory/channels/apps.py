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
        bus.subscribe("grant.answered", email_tasks.redeem_consent)
        bus.subscribe("mailbox_test.requested", email_tasks.test_mailbox)
        bus.subscribe("provider_call.stored", email_tasks.understand_provider_call)
        bus.subscribe("service_letter.waiting", email_tasks.deliver_service_letter)
