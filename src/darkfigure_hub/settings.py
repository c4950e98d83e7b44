"""Settings of the hub. Every value that differs between installations comes from the environment.

DATABASE_URL           a PostgreSQL server (15 or later); without it an embedded one is started in
                       DARKFIGURE_HOME. Its user is the owner of the tables, or darkfigure_service
DATABASE_OWNER_URL     the owner of the tables, where DATABASE_URL is the service's: for migrations
DATABASE_IDENTITY_URL  the login that reads names (darkfigure_identity), where it is not made here
DARKFIGURE_HOME        data folder; by default the one named in darkfigure.home of the virtual
                       environment, else the user's own
DARKFIGURE_POSTGRES    folder of the embedded server's programs, or `wheel`; by default the
                       system's, else those of the wheel
DARKFIGURE_LOG_KEY     what the log is sealed with; without it a key is made in DARKFIGURE_HOME
DARKFIGURE_HOSTS       host names served, separated by commas, by default this machine only
DARKFIGURE_SECRET      secret key for signing; without it one is made anew at each start
"""

from __future__ import annotations

import os
import secrets

DATABASES = {
    "default": {
        "ENGINE": "darkfigure_hub.store.postgres",
        "ADDRESSES": {
            name: os.environ.get(name, "")
            for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_IDENTITY_URL")
        },
    }
}
#: Questions in work at once, each with one connection to the database; those that wait for a place
#: and for how many seconds; the threads that all of them need, and those that are refused.
WORKING = 2 + (os.cpu_count() or 2)
WAITING, PATIENCE = 48, 10.0
THREADS = WORKING + WAITING + 16
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
    # Pages hold no secret beside what their address asks (no session, no form that writes), so that
    # compressing them gives nothing away.
    "django.middleware.gzip.GZipMiddleware",
    "darkfigure_hub.web.queue.Queue",
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
    "filters": {"bare": {"()": "darkfigure_hub.store.postgres.telling.Bare"}},
    "loggers": {
        "django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "psycopg": {"filters": ["bare"]},
        "psycopg.transaction": {"filters": ["bare"]},
    },
}
