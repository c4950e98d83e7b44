"""The entry point of the web server."""

import os

from django.core.wsgi import get_wsgi_application

from darkfigure_hub import flows
from darkfigure_hub.access.sealing import log_in_as_web

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "darkfigure_hub.settings")
application = get_wsgi_application()
log_in_as_web()
flows.read_log.count_public_readings()
