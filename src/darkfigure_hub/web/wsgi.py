"""The entry point of the web server."""

import os

from django.core.wsgi import get_wsgi_application

from darkfigure_hub import flows

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "darkfigure_hub.settings")
application = get_wsgi_application()
flows.read_log.count_public_readings()
