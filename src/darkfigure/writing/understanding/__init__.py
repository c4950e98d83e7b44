"""How the words of a question were understood, written."""
