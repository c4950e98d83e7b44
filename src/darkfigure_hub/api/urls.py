"""Addresses of the interface for programs."""

from django.urls import path

from darkfigure_hub.api.routes import api

urlpatterns = [path("", api.urls)]
