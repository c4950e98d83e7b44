"""Several measures side by side written: text, HTML, CSV, JSON, ODS."""
