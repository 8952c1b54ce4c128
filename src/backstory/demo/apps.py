from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "backstory.demo"
    default_auto_field = "django.db.models.BigAutoField"
