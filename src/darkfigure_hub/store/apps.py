"""The store as a Django app."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """The one app with tables."""

    name = "darkfigure_hub.store"
    label = "store"
    verbose_name = "Repository"
