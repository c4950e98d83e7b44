"""The entry point of the web server: of `serve`, and of any other that speaks WSGI."""

import os
import sys

from django.core.wsgi import get_wsgi_application

from darkfigure_hub.flows import read_log  # sets Django up, whose models the rest is made of

# isort: split
from darkfigure_hub.access.sealing import keep_connections, log_in_as_web
from darkfigure_hub.settings import WORKING
from darkfigure_hub.web.bodies import TakenInFirst

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "darkfigure_hub.settings")
#: A request that comes back from the database some twenty times waits each time for who computes.
sys.setswitchinterval(0.0005)
application = TakenInFirst(get_wsgi_application())
log_in_as_web()
keep_connections(2 * WORKING)
read_log.count_public_readings()
