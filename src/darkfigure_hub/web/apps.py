"""The pages as a Django app, for its templates and static files."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages; no tables."""

    name = "darkfigure_hub.web"
    label = "web"
