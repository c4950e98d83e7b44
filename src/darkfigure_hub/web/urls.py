"""Addresses of the pages."""

from django.urls import path

from darkfigure_hub.web import views

urlpatterns = [
    path("", views.front, name="front"),
    path("ask", views.ask, name="ask"),
    path("bridge", views.bridge, name="bridge"),
    path("estimates", views.estimates, name="estimates"),
    path("flow", views.flow, name="flow"),
    path("held", views.held, name="held"),
    path("measures", views.measures, name="measures"),
    path("understand", views.understand, name="understand"),
    path("source/<str:cell_id>", views.source, name="source"),
]
