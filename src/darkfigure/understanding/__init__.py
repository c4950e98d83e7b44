"""Questions in plain words: what a text asks, as readings that say what they left out."""

from darkfigure.understanding.understood import Reading, understand

__all__ = ["Reading", "understand"]
