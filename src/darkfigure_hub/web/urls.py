"""Addresses of the pages."""

from django.urls import include, path

from darkfigure_hub.web import asking, desk, disclosures, health, measuring, released, views

urlpatterns = [
    path("", views.front, name="front"),
    path("answers", disclosures.disclosures, name="disclosures"),
    path("answers.atom", disclosures.feed, {"form": "atom"}, name="disclosures_atom"),
    path("answers.json", disclosures.feed, {"form": "json"}, name="disclosures_json"),
    path("answers.csv", disclosures.feed, {"form": "csv"}, name="disclosures_csv"),
    path("answers/<str:reference>", disclosures.response, name="response"),
    path("ask", views.ask, name="ask"),
    path("ask/form", asking.ask_form, name="asking"),
    path("bridge", views.bridge, name="bridge"),
    path("account/", include("darkfigure_hub.web.signing_in_urls")),
    path("desk/", include("darkfigure_hub.web.desk_urls")),
    path("join", desk.join, name="join"),
    path("estimates", views.estimates, name="estimates"),
    path("flow", views.flow, name="flow"),
    path("health", health.lives, name="health"),
    path("ready", health.answers, name="ready"),
    path("held", views.held, name="held"),
    path("metrics", measuring.metrics, name="metrics"),
    path("measures", views.measures, name="measures"),
    path("released/", released.released, name="released"),
    path("released/<path:place>", released.released, name="released_file"),
    path("understand", views.understand, name="understand"),
    path("source/<str:cell_id>", views.source, name="source"),
]
