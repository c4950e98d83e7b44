"""The door to the store: Django set up, once, where a flow first needs it."""

from __future__ import annotations

import os

import django
from django.apps import apps


def open_door() -> None:
    """Set Django up if that has not been done."""
    if not apps.ready:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "darkfigure_hub.settings")
        django.setup(set_prefix=False)
