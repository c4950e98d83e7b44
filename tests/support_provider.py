"""A provider of OpenID Connect as a department has one: django-allauth's, in a process of its own,
with people who are made up. Run as a program it serves them at a port.

Of a person: `email`, `verified`, what the provider says of how they signed in (`amr`), how long ago
(`ago`, in seconds), and what it says wrongly (`wrong`): claims put in the place of the true ones.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

PASSWORD, CLIENT, SECRET = "synthetic-harbour-19-lantern", "darkfigure", "synthetic client secret"


@contextmanager
def provider(folder, people, back):
    """The address of a provider with people, who may go back to an address of a hub."""
    from support_pages import free_port

    port = free_port()
    given = json.dumps({"folder": str(folder), "people": people, "back": back, "port": port})
    serving = subprocess.Popen([sys.executable, __file__, given], stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"{url}/.well-known/openid-configuration", timeout=5).close()
                break
            except OSError:
                time.sleep(0.1)
        yield url
    finally:
        serving.terminate()
        serving.wait(timeout=10)


def _signing_key():
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(
        serialization.Encoding.PEM, form, serialization.NoEncryption()
    ).decode()


def _configure(given):
    from django.conf import settings

    settings.configure(
        SECRET_KEY="synthetic provider",
        ROOT_URLCONF="support_provider_urls",
        ALLOWED_HOSTS=["127.0.0.1"],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": f"{given['folder']}/provider.sqlite",
                "OPTIONS": {"timeout": 20},
            }
        },
        INSTALLED_APPS=[
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "django.contrib.sessions",
            "django.contrib.messages",
            "allauth",
            "allauth.account",
            "allauth.idp.oidc",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "allauth.account.middleware.AccountMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
            }
        ],
        AUTHENTICATION_BACKENDS=["allauth.account.auth_backends.AuthenticationBackend"],
        # Each on a port of its own and one machine: browsers tell cookies apart by host alone.
        SESSION_COOKIE_NAME="provider_session",
        CSRF_COOKIE_NAME="provider_form",
        ACCOUNT_LOGIN_METHODS={"email"},
        ACCOUNT_EMAIL_VERIFICATION="none",
        ACCOUNT_RATE_LIMITS=False,
        LOGIN_URL="/account/login/",
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        IDP_OIDC_ADAPTER="support_provider_urls.Adapter",
        IDP_OIDC_PRIVATE_KEY=_signing_key(),
        PEOPLE={each["email"]: each for each in given["people"]},
        USE_TZ=True,
    )


def _fill(given):
    import django

    django.setup()
    from allauth.account.models import EmailAddress
    from allauth.idp.oidc.models import Client
    from django.contrib.auth import get_user_model
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    made = Client(id=CLIENT, name="Darkfigure", scopes="openid\nemail", skip_consent=True)
    made.redirect_uris = given["back"]
    made.set_secret(SECRET)
    made.save()
    for each in given["people"]:
        user = get_user_model().objects.create_user(
            each["email"].partition("@")[0], each["email"], PASSWORD
        )
        EmailAddress.objects.create(
            user=user, email=each["email"], verified=each["verified"], primary=True
        )


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


class _Serving(ThreadingMixIn, WSGIServer):
    daemon_threads = True


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    told = json.loads(sys.argv[1])
    _configure(told)
    _fill(told)
    from django.core.wsgi import get_wsgi_application

    make_server(
        "127.0.0.1", told["port"], get_wsgi_application(), _Serving, handler_class=_Quiet
    ).serve_forever()
