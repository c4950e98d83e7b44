"""What every page of the desk is: for who signed in and gave a second factor, answered with a
sentence where something is refused, and kept by nobody on the way.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from logging import getLogger
from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django import forms
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from darkfigure.basis.errors import (
    DarkfigureError,
    NotPermitted,
    PurposeNeeded,
    StoreUnavailable,
    UnknownName,
)
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.basis.unforeseen import place_of
from darkfigure_hub.flows.open_repository import open_repository
from darkfigure_hub.web.errors import CLOSED, failed, not_found, refused
from darkfigure_hub.web.typed import typed_in

LOG = getLogger("darkfigure.web")
#: What is said to whoever sends a form after their session ended.
OVER = "Your session has ended, and nothing of what you typed was taken. It stands below."
View = Callable[..., HttpResponse]


def desk(view: View) -> View:
    """A page of the desk that is looked at."""
    return _of_the_desk(require_http_methods(["GET", "HEAD"])(view))


def deed(view: View) -> View:
    """A page of the desk with a form: looked at, and sent."""
    return _of_the_desk(require_http_methods(["GET", "HEAD", "POST"])(view))


def _of_the_desk(view: View) -> View:
    @never_cache
    @wraps(view)
    def signed_in(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            if typed_in(request):
                return refused(request, OVER, status=403, again=True, enter=True)
            return redirect_to_login(request.get_full_path())
        if request.acting is None:  # type: ignore[attr-defined]
            return redirect("mfa_index")
        return answered(view, request, *args, **kwargs)

    return signed_in


def answered(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """What a page answers, a sentence where it is refused; what may not be known is not there."""
    try:
        open_repository()
        return view(request, *args, **kwargs)
    except StoreUnavailable:
        return refused(request, CLOSED, status=503)
    except PurposeNeeded:
        return redirect(f"{reverse('desk_purpose')}?{urlencode({'next': request.path})}")
    except NotPermitted as error:
        return refused(request, str(error), status=403)
    except UnknownName as error:
        return not_found(request, error)
    except DarkfigureError as error:
        return refused(request, str(error), status=400)
    except (Http404, ReauthenticationRequired):
        raise
    except Exception as error:  # noqa: BLE001 - what it says may hold a name: it is not logged
        LOG.error("%s", place_of(error))
        return failed(request)


def only_with(scope: Scope, permission: Permission) -> None:
    """Show a form only to who may send it: the flow asks again. Raises NotPermitted; PurposeNeeded
    where stating a purpose would let them.
    """
    if permission in scope.waits:
        raise PurposeNeeded(permission.refusal(scope.who))
    if not scope.may(permission):
        raise NotPermitted(permission.refusal(scope.who))


def prove(request: HttpRequest) -> None:
    """Go on only where one proved once more who one is, just now: else a page asks for it, and
    leads back.
    """
    raise_if_reauthentication_required(request, app="allauth.account")


def tried(form: forms.Form, do: Callable[[], Any]) -> Any:
    """What is done with a form that is filled in rightly; where it is refused, the form says why,
    with what was typed, and there is nothing.
    """
    if not form.is_valid():
        return None
    try:
        return do()
    except StoreUnavailable:
        raise
    except DarkfigureError as error:
        form.add_error(None, str(error))
        return None


def deed_page(
    request: HttpRequest,
    form: forms.Form,
    do: Callable[[], object],
    *,
    title: str,
    button: str,
    back: str = "",
    back_to: str = "",
    then: str | Callable[[Any], HttpResponse] = "",
    **more: Any,
) -> HttpResponse:
    """A page of one form: what it is for is done and leads back (to a page by its name, or to an
    address), or where it says, by what was made of it or not; or it says why it was not.
    """
    if request.method == "POST":
        made = tried(form, do)
        if form.is_bound and not form.errors:
            return then(made) if callable(then) else redirect(then or back_to or back)
    return form_page(request, title, form, button, back=back, back_to=back_to, **more)


def form_page(
    request: HttpRequest, title: str, form: forms.Form, button: str, **more: Any
) -> HttpResponse:
    """A page of one form; what was refused is a page that says so."""
    return render(
        request,
        "desk/form.html",
        {"title": title, "form": form, "button": button, **more},
        status=400 if form.errors else 200,
    )
