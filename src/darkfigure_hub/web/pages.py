"""What every page is: one that only reads, asked for in an address that is understood whole."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from logging import getLogger

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from darkfigure.basis.errors import DarkfigureError, StoreUnavailable
from darkfigure.basis.unforeseen import place_of
from darkfigure.tables.question import only_known
from darkfigure_hub.flows.open_repository import open_repository
from darkfigure_hub.web.errors import CLOSED, failed, refused

LOG = getLogger("darkfigure.web")
View = Callable[..., HttpResponse]


def page(*known: str) -> Callable[[View], View]:
    """A page that only reads, and of which an address may say what is known; what Darkfigure says
    no to becomes a page with that sentence.
    """
    return partial(_page, known=known)


def _page(view: View, known: tuple[str, ...]) -> View:
    @require_safe
    @wraps(view)
    def read_only(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        try:
            only_known(request.GET.lists(), known, several=("where", "by"))
            open_repository()
            return view(request, *args, **kwargs)
        except StoreUnavailable:
            return refused(request, CLOSED, status=503)
        except DarkfigureError as error:
            return refused(request, str(error), status=400)
        except Http404:
            raise
        except Exception as error:  # noqa: BLE001 - what it says may hold a name: it is not logged
            LOG.error("%s", place_of(error))
            return failed(request)

    return read_only


def written(text: str) -> SafeString:
    """HTML that the library wrote and escaped."""
    return mark_safe(text)  # noqa: S308


def shown(request: HttpRequest, title: str, part: str, **more: object) -> HttpResponse:
    """A page around HTML that the library wrote and escaped."""
    return render(request, "web/answer.html", {"title": title, "part": written(part), **more})
