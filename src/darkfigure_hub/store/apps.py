"""The store as a Django app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from darkfigure_hub.store.roles import grant


class StoreConfig(AppConfig):
    """The one app with tables."""

    name = "darkfigure_hub.store"
    label = "store"
    verbose_name = "Repository"

    def ready(self) -> None:
        """What is new after migrations is granted to who uses it."""
        post_migrate.connect(grant, sender=self)
