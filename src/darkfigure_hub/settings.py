"""Settings of the hub. Every value that differs between installations comes from the environment.

DATABASE_URL           a PostgreSQL server (15 or later); without it an embedded one is started in
                       DARKFIGURE_HOME. Its user is the owner of the tables, or darkfigure_service
DATABASE_OWNER_URL     the owner of the tables, where DATABASE_URL is the service's: for migrations
DATABASE_IDENTITY_URL  the login that reads names (darkfigure_identity), where it is not made here
DATABASE_WEB_URL       the login of the pages (darkfigure_web), where it is not made here
DARKFIGURE_HOME        data folder; by default the one named in darkfigure.home of the virtual
                       environment, else the user's own
DARKFIGURE_POSTGRES    folder of the embedded server's programs, or `wheel`; by default the
                       system's, else those of the wheel
DARKFIGURE_LOG_KEY     what the log is sealed with; without it a key is made in DARKFIGURE_HOME
DARKFIGURE_TLS         1 where the pages are reached by https alone: cookies go by nothing else
DARKFIGURE_HOSTS       host names served, separated by commas, by default this machine only
DARKFIGURE_SECRET      what sessions are signed and sealed with; without it, a key made in
                       DARKFIGURE_HOME
DARKFIGURE_BREACHED    a file of passwords known to be breached: one SHA-1 a line, sorted;
                       the most common ones are refused without it
DARKFIGURE_ADDRESS     where the pages are reached, as mail says it: https://darkfigure.example.org
DARKFIGURE_MAIL        the mail server: smtp://USER@HOST:587 (turns to TLS), smtps://USER@HOST:465,
                       or smtp+open://127.0.0.1:25 on this machine; without it mail is written to
                       files in DARKFIGURE_HOME/mail
DARKFIGURE_MAIL_PASSWORD_FILE  a file that holds its password
DARKFIGURE_MAIL_FROM   whom mail is from, by default darkfigure@ this machine's name in ADDRESS
DARKFIGURE_LOGS        json: log lines as JSON, with a line for each request; by default as text
DARKFIGURE_OIDC_ISSUER a provider of OpenID Connect by which people of a department sign in, as
                       https://login.example.gov; without it there is none. With it go
DARKFIGURE_OIDC_CLIENT, DARKFIGURE_OIDC_SECRET  what this hub is registered there as
DARKFIGURE_OIDC_NAME, DARKFIGURE_OIDC_AGENCY    what the department is called, and its agency's code
DARKFIGURE_OIDC_SECOND_FACTOR  values of the claims amr and acr that say a second factor was given
                       there, as `mfa`; without it everybody gives one here
NAME_FILE              of DATABASE_URL and its like, of DARKFIGURE_LOG_KEY, DARKFIGURE_SECRET and
                       DARKFIGURE_OIDC_SECRET: a file that holds the value, as systemd and
                       containers hand over secrets
DARKFIGURE_WEBHOOKS_LOOPBACK  1 where webhooks may lead to this machine, to try a receiver
"""

from __future__ import annotations

import os
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit


def _given(name: str) -> str:
    """A value from the environment, or from the file that NAME_FILE names."""
    if held := os.environ.get(f"{name}_FILE", ""):
        return Path(held).read_text(encoding="utf-8").strip()
    return os.environ.get(name, "")


class _Secret:
    """The key that cookies and forms are signed with, read where something is signed: most commands
    sign nothing.
    """

    def __str__(self) -> str:
        return str(import_module("darkfigure_hub.store.secret").secret())


def _host(address: str) -> str:
    """The host that an address names."""
    return urlsplit(address).hostname or "localhost"


DATABASES = {
    "default": {
        "ENGINE": "darkfigure_hub.store.postgres",
        "ADDRESSES": {
            name: _given(name)
            for name in (
                "DATABASE_URL",
                "DATABASE_OWNER_URL",
                "DATABASE_IDENTITY_URL",
                "DATABASE_WEB_URL",
            )
        },
    }
}
#: Records are counted by as many at once as there are cores. Questions in work at once, each with
#: one connection to the database, and as many beside them that ask for counts of records, most of
#: which were counted before; those that wait for a place of either kind, and for how many seconds;
#: the threads that all of them need, and those that are refused.
COUNTING = os.cpu_count() or 2
WORKING = 2 + COUNTING
WAITING, PATIENCE = 48, 10.0
THREADS = 2 * (WORKING + WAITING) + 16
DEBUG = False
SECRET_KEY = _Secret()
ALLOWED_HOSTS = os.environ.get("DARKFIGURE_HOSTS", "127.0.0.1,localhost").split(",")
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "darkfigure_hub.store",
    "darkfigure_hub.web",  # before those whose pages it gives its own look
    "allauth",
    "allauth.account",
    "allauth.mfa",
]
MIDDLEWARE = [
    "darkfigure_hub.web.measuring.Measured",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "darkfigure_hub.web.guard.Compressed",
    "darkfigure_hub.web.guard.Kept",
    "darkfigure_hub.web.queue.Queue",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "darkfigure_hub.web.taking_in.LargeFiles",  # before anything reads what was sent
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "darkfigure_hub.web.signed_in.ActingMiddleware",
    "darkfigure_hub.web.known_browsers.KnownBrowsers",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "darkfigure_hub.web.guard.ContentPolicy",
]
#: Bytes of what is sent in a form, but for a file that a page asks for.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
CSRF_FAILURE_VIEW = "darkfigure_hub.web.errors.out_of_step"
ROOT_URLCONF = "darkfigure_hub.urls"
WSGI_APPLICATION = "darkfigure_hub.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "darkfigure_hub.web.signed_in.who",
            ]
        },
    }
]
#: How often somebody tried to sign in, and which codes were used: one memory for all processes.
CACHES = {"default": {"BACKEND": "darkfigure_hub.store.queries.fleeting.Fleeting"}}
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Signing in. Nobody signs up: an administrator invites, another approves (flows/appoint).
AUTH_USER_MODEL = "store.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "darkfigure_hub.access.passwords.NotBreached"},
]
#: The department whose own sign-in lets people in (access/department.py); without an issuer, none.
DEPARTMENT = {
    name: _given(f"DARKFIGURE_OIDC_{name}")
    for name in ("ISSUER", "CLIENT", "SECRET", "NAME", "AGENCY", "SECOND_FACTOR")
}
LOGIN_URL, LOGIN_REDIRECT_URL, LOGOUT_REDIRECT_URL = "/account/sign-in", "/desk/", "/"
ACCOUNT_ADAPTER = "darkfigure_hub.web.signing_in.Invited"
MFA_ADAPTER = "darkfigure_hub.web.signing_in.SecondFactor"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
#: How often one may try depends on whose browser it is (`web/known_browsers.py`): a whole force
#: sits behind one address, and none of them locks the others out. Codes of second factors are tried
#: by who has the password, so often for each account.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "5/5m/key,50/d/key"}
MFA_RATE_LIMITS = {"webauthn_login": "300/m/ip"}
ACCOUNT_REAUTHENTICATION_METHODS = ("password", "mfa")
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Darkfigure: "
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Darkfigure"
#: A code that was shown just before the one now is taken as well: clocks differ, and people type.
MFA_TOTP_TOLERANCE = 1
SESSION_ENGINE = "darkfigure_hub.store.sessions"
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "darkfigure_session", "darkfigure_form"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
#: A session ends so long after it was last used, and with the browser.
SESSION_COOKIE_AGE = int(timedelta(hours=2).total_seconds())
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
#: Served by https through a proxy, which says so: cookies go by nothing else, and browsers keep to
#: it.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = os.environ.get("DARKFIGURE_TLS", "") == "1"
if SESSION_COOKIE_SECURE:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds())
    CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # whose X-Forwarded-For says who tries to sign in how often
# Mail, sent by the worker (flows/post): by a server, or into the data folder.
ADDRESS = os.environ.get("DARKFIGURE_ADDRESS", "").rstrip("/") or (
    f"https://{ALLOWED_HOSTS[0]}" if SESSION_COOKIE_SECURE else f"http://{ALLOWED_HOSTS[0]}:8000"
)
EMAIL_BACKEND = "darkfigure_hub.store.mail.server"
DEFAULT_FROM_EMAIL = os.environ.get("DARKFIGURE_MAIL_FROM", "") or f"darkfigure@{_host(ADDRESS)}"
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
if os.environ.get("DARKFIGURE_LOGS", "") == "json":
    LOGGING["formatters"] = {"json": {"()": "darkfigure_hub.store.log_lines.JsonLines"}}
    LOGGING["handlers"] = {"console": {"class": "logging.StreamHandler", "formatter": "json"}}
    LOGGING["root"] = {"handlers": ["console"], "level": "WARNING"}
    LOGGING["loggers"] = {
        **LOGGING["loggers"],  # type: ignore[dict-item]
        "darkfigure.answered": {"level": "INFO"},
    }
