"""The yardstick of `web.py`: a bare Django view that sends the statements of SQL which a page sent,
by a login that no wall stands before, and reads every row. No session, no permission, no page.

Served by granian as the service is, with as many threads; its settings are Django's own, so that a
connection lasts for a request. BARE_STATEMENTS is a file of statements by page, BARE_DATABASE how
the database is reached.
"""

from __future__ import annotations

import json
import os
import pickle
from pathlib import Path

import django
from django.conf import settings

settings.configure(
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
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

# Written by the program that starts this one.
SENT = pickle.loads(Path(os.environ["BARE_STATEMENTS"]).read_bytes())


def bare(request: HttpRequest) -> HttpResponse:
    """How many rows the statements of a page gave."""
    rows = 0
    with connection.cursor() as cursor:
        for sql, params in SENT[request.get_full_path()]:
            cursor.execute(sql, params)
            rows += len(cursor.fetchall())
    return HttpResponse(str(rows))


urlpatterns = [re_path("", bare)]
application = get_wsgi_application()
