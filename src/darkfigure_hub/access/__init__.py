"""Permission: who may see what and do what, for what purpose; and the log of what was done."""

from darkfigure_hub.access.log import record, verify
from darkfigure_hub.access.scopes import for_nobody, for_operator, for_public

__all__ = ["for_nobody", "for_operator", "for_public", "record", "verify"]
