"""Where each address leads."""

from django.urls import include, path

urlpatterns = [
    path("api/", include("darkfigure_hub.api.urls")),
    path("", include("darkfigure_hub.web.urls")),
]

handler404 = "darkfigure_hub.web.errors.not_found"
handler500 = "darkfigure_hub.web.errors.failed"
