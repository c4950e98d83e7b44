"""The law applied to a case, written."""
