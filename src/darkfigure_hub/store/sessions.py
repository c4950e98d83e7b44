"""Sessions kept by the hash of their key: who reads the table cannot take one over."""

from __future__ import annotations

from hashlib import sha256
from typing import Any, cast

from django.contrib.sessions.backends.db import SessionStore as KeptByKey
from django.utils import timezone

from darkfigure_hub.store.models.account import Session


def key_hash(key: str) -> str:
    """What a session's key is kept as."""
    return sha256(key.encode()).hexdigest()[:40]


class SessionStore(KeptByKey):
    """Django's sessions in the database, found by the hash of what the cookie holds; with each,
    whose it is.
    """

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The table."""
        return Session

    def _get_session_from_db(self) -> Session | None:
        """The row of the key, unless it has ended."""
        kept = key_hash(self.session_key or "")
        found = Session.objects.filter(session_key=kept, expire_date__gt=timezone.now()).first()
        if found is None:
            self._session_key = None
        return found

    def exists(self, session_key: str) -> bool:
        """Whether there is a session of that key."""
        return super().exists(key_hash(session_key))

    def delete(self, session_key: str | None = None) -> None:
        """End a session."""
        key = session_key or self.session_key
        if key is not None:
            super().delete(key_hash(key))

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row of a session: whose it is follows from what it holds."""
        made = cast("Session", super().create_model_instance(data))
        made.session_key = key_hash(made.session_key)
        held = Session.objects.filter(session_key=made.session_key).first()
        if held is not None:
            made.begun_at = held.begun_at
        made.account_id = int(data["_auth_user_id"]) if "_auth_user_id" in data else None
        made.acting_id = data.get(ACTING)
        made.seal = data.get(SEAL, "")
        made.browser, made.purpose = data.get(BROWSER, ""), data.get(PURPOSE, "")
        return made


#: What of a session's content stands in columns of its own.
ACTING, SEAL, BROWSER, PURPOSE = "acting", "seal", "browser", "purpose"
