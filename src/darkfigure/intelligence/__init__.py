"""Requirements: what we want to learn, and what would close each gap."""

from typing import TYPE_CHECKING

from darkfigure.basis.loading import names_from

if TYPE_CHECKING:
    from darkfigure.intelligence import requirements, set_schema

__all__ = ["requirements", "set_schema"]

__getattr__ = names_from(__name__, {"requirements": "", "set_schema": ""})
