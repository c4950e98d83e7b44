"""Addresses of the department's provider, and what it says of its people."""

from __future__ import annotations

from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from django.conf import settings
from django.urls import include, path


class Adapter(DefaultOIDCAdapter):
    """Says when and how somebody signed in, and of some people what is not so."""

    def get_claims(self, purpose, user, client, scopes, email=None, **more):
        claims = super().get_claims(purpose, user, client, scopes, email, **more)
        person = settings.PEOPLE[user.email]
        if purpose == "id_token":
            claims["auth_time"] = int(user.last_login.timestamp()) - person.get("ago", 0)
            claims["amr"] = person.get("amr", ["pwd"])
            claims.update(person.get("wrong", {}))
        return claims


urlpatterns = [
    path("account/", include("allauth.account.urls")),
    path("", include(("allauth.idp.urls", "idp"), namespace="idp")),
]
