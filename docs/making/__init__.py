"""Making the manual: what is run, what is read from the code, what is put on pages."""
