"""Views over an answer written: text, HTML, CSV, JSON, ODS."""
