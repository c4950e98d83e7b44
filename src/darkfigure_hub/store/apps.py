"""The store as a Django app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate

from darkfigure_hub.store.roles import as_owner, as_service


class StoreConfig(AppConfig):
    """The one app with tables."""

    name = "darkfigure_hub.store"
    label = "store"
    verbose_name = "Repository"

    def ready(self) -> None:
        """Migrations run as the owner of the tables; everything else as the service."""
        pre_migrate.connect(as_owner, sender=self)
        post_migrate.connect(as_service, sender=self)
