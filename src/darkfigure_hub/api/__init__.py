"""The interface for programs: the same questions, as JSON."""
