"""Stop the embedded server."""

from __future__ import annotations

from darkfigure_hub.store import server


def stop_server() -> bool:
    """Stop the embedded PostgreSQL of this data folder; whether it was running."""
    return server.stop()
