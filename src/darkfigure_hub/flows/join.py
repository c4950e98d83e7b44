"""Join: who was invited sets a password by the code they were handed."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone

from darkfigure.basis.errors import DarkfigureError
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure_hub.access import logging, record
from darkfigure_hub.flows.appoint import code_hash
from darkfigure_hub.store.models import Account
from darkfigure_hub.store.queries import accounts

NO_CODE = (
    "That address and code do not belong together, or the code holds no more: whoever invited you "
    "can give you another."
)


def join(scope: Scope, email: str, code: str, password: str) -> Account:
    """The account that an address and a code are of, with its password set; the code is used up.

    Raises NotPermitted; DarkfigureError where they do not belong together, or the password will
    not do.
    """
    scope.require(Permission.USE_INVITATION)
    with logging(scope):
        held = accounts.joins(email, code_hash(code), timezone.now())
        if held is None:
            raise DarkfigureError(NO_CODE)
        try:
            validate_password(password, held)
        except ValidationError as error:
            raise DarkfigureError(" ".join(error.messages)) from None
        accounts.joined(held, password)
        record(scope, "joined", {"account": held.pk})
    return held
