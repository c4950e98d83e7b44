"""Settings of the hub. Every value that differs between installations comes from the environment.

DATABASE_URL      a PostgreSQL server (15 or later); without it an embedded one is started in
DARKFIGURE_HOME DARKFIGURE_HOME   data folder; by default the one named in darkfigure.home of the
virtual environment, else the user's own DARKFIGURE_HOSTS  host names served, separated by commas,
by default this machine only DARKFIGURE_SECRET secret key for signing; without it one is made anew
at each start
"""

from __future__ import annotations

import os
import secrets
from urllib.parse import unquote, urlsplit


def _database() -> dict[str, object]:
    url = os.environ.get("DATABASE_URL", "")
    parts = urlsplit(url)
    return {
        "ENGINE": "darkfigure_hub.store.postgres",
        "EMBEDDED": not url,
        "NAME": unquote(parts.path.lstrip("/")) or "darkfigure",
        "USER": unquote(parts.username or "") or ("postgres" if not url else ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or "") or _query(parts.query, "host"),
        "PORT": str(parts.port or _query(parts.query, "port")),
        "OPTIONS": {"client_encoding": "UTF8"},
    }


def _query(query: str, name: str) -> str:
    pairs = (pair.partition("=") for pair in query.split("&"))
    return next((unquote(value) for key, _, value in pairs if key == name), "")


DATABASES = {"default": _database()}
DEBUG = False
SECRET_KEY = os.environ.get("DARKFIGURE_SECRET") or secrets.token_urlsafe(50)
ALLOWED_HOSTS = os.environ.get("DARKFIGURE_HOSTS", "127.0.0.1,localhost").split(",")
INSTALLED_APPS = [
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "darkfigure_hub.store",
    "darkfigure_hub.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "darkfigure_hub.web.guard.ContentPolicy",
]
ROOT_URLCONF = "darkfigure_hub.urls"
WSGI_APPLICATION = "darkfigure_hub.web.wsgi.application"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {"django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False}},
}
