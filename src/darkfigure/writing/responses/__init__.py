"""Responses in their forms: letters, the register, the disclosure log."""
