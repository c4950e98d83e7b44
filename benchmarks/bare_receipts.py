"""The yardstick of `receipts.py`: a bare Django view that keeps what is sent, with its hash, by one
INSERT, and says its number. No token, no permission, no lock, no log, no form in which it is told.

Served by granian as the service is, with as many threads. BARE_DATABASE is how the database is
reached.
"""

from __future__ import annotations

import json
import os
from hashlib import sha256

import django
from django.conf import settings

settings.configure(
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "CONN_MAX_AGE": None,
            **json.loads(os.environ["BARE_DATABASE"]),
        }
    },
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["127.0.0.1"],
    SECRET_KEY="bare",
    USE_TZ=True,
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import re_path  # noqa: E402

INSERT = "INSERT INTO bench_receipt (sha256, body) VALUES (%s, %s) RETURNING id"


def kept(request: HttpRequest) -> HttpResponse:
    """The number under which a body was kept."""
    body = request.body
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [sha256(body).hexdigest(), body])
        (number,) = cursor.fetchone()
    return HttpResponse(str(number), status=202)


urlpatterns = [re_path("", kept)]
application = get_wsgi_application()
