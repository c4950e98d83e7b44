"""What the running service tells of itself: how many requests of which route came to what, and how
long they took. Never who asked, or what.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from ipaddress import ip_address

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import generate_latest

from darkfigure.basis.errors import DarkfigureError
from darkfigure_hub.flows.count_work import count_work

LOG = logging.getLogger("darkfigure.answered")
REGISTRY = CollectorRegistry()
_ANSWERED = Counter(
    "darkfigure_requests",
    "Requests answered, by route and status.",
    ("route", "method", "status"),
    registry=REGISTRY,
)
_SECONDS = Histogram(
    "darkfigure_request_seconds",
    "Seconds that answers took, by route.",
    ("route",),
    buckets=(0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30),
    registry=REGISTRY,
)
#: Methods that are counted under their own name: any other word may be sent.
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
#: What a proxy says of whom it asks for.
_OF_A_PROXY = ("X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "X-Real-IP", "Via")


class _Work:
    """What waits in the database, counted when it is asked for."""

    def collect(self) -> Iterator[Metric]:
        """The gauges; nothing of the work where the database does not answer."""
        up = GaugeMetricFamily("darkfigure_database_up", "Whether the database answers.")
        try:
            found = count_work()
        except DarkfigureError:
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        yield up
        for name, (help_text, counts) in found.items():
            gauge = GaugeMetricFamily(f"darkfigure_{name}", help_text, labels=("state",))
            for state, number in counts.items():
                gauge.add_metric([state], number)
            yield gauge


REGISTRY.register(_Work())


class Measured:
    """Counts each request by the name of its route, and writes a line of it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, and count it."""
        begun = time.monotonic()
        response = self.get_response(request)
        seconds = time.monotonic() - begun
        matched = request.resolver_match
        route = (matched.view_name if matched else "") or "none"
        method = request.method if request.method in _METHODS else "other"
        status = str(response.status_code)
        _ANSWERED.labels(route, method, status).inc()
        _SECONDS.labels(route).observe(seconds)
        told = {"route": route, "method": method, "status": int(status)}
        LOG.info("answered", extra={**told, "ms": round(seconds * 1000)})
        return response


def _is_of_this_machine(request: HttpRequest) -> bool:
    """Whether somebody on this machine asks, and not by way of a proxy."""
    if any(name in request.headers for name in _OF_A_PROXY):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """What the service tells of itself, in the form of Prometheus: to this machine alone."""
    if not _is_of_this_machine(request):
        raise Http404
    return HttpResponse(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)
