"""Copy a release for a post that sees it before it is out, numbered."""

from __future__ import annotations

import io
from datetime import datetime
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.utils import timezone

from darkfigure.basis.errors import DarkfigureError, NotPermitted
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.basis.problem import told
from darkfigure.publication.embargo import said_in_london
from darkfigure_hub.access import logging, record
from darkfigure_hub.flows.release_figures import files_held, release_named
from darkfigure_hub.store.queries import releases as store


def copy_release(scope: Scope, reference: str, post: str) -> tuple[bytes, int]:
    """A numbered copy of a release for a post that sees it before it is out: an archive of its
    files. Gives the archive and its number.

    Raises NotPermitted for a post that is not on the list of this version, or before its time.
    """
    scope.require(Permission.APPROVE_RELEASE)
    held = release_named(scope, reference)
    if held.state != "approved":
        raise DarkfigureError(
            f"{held.name} is {held.state}: what is approved and not out is given before."
        )
    entry = next((one for one in held.access if one["post"] == post), None)
    if entry is None:
        posts = ", ".join(one["post"] for one in held.access) or "nobody"
        raise NotPermitted(f"{told(post)} is not among who sees {held.name} before: {posts}.")
    since = datetime.fromisoformat(entry["since"])
    if timezone.now() < since:
        raise NotPermitted(f"{post} sees {held.name} from {said_in_london(since)} on.")
    with logging(scope):
        number = store.copy(held.number, post, scope.who)
        record(scope, "release copied", {"release": held.number, "copy": number})
    return _packed(files_held(scope, held), f"copy {number} of {held.address} for {post}"), number


def _packed(files: dict[str, bytes], said: str) -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.comment = said.encode()[:60_000]
        for name, body in files.items():
            archive.writestr(ZipInfo(name), body, ZIP_DEFLATED)
        archive.writestr(ZipInfo("COPY.txt"), f"{said}\n", ZIP_DEFLATED)
    return out.getvalue()
