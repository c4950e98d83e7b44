"""PDFs for tests: set by Typst from a source, whole or with one fault planted."""

from __future__ import annotations

import io

import pikepdf
import typst

HEAD = """
#set document(title: {title}, date: none)
#set text(lang: "{lang}", size: 11pt)
#set par(justify: false)
"""
TITLE = '"Trafficking in the North"'


def compiled(body, title=TITLE, lang="en", head=""):
    """The bytes of a PDF/UA-1 document with a body."""
    source = HEAD.format(title=title, lang=lang) + head + body
    return typst.compile(source.encode(), pdf_standards=["ua-1"])


def changed(data, change):
    """The same document after a function has changed it, as pikepdf has it."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        change(pdf)
        made = io.BytesIO()
        pdf.save(made)
    return made.getvalue()


def elements(pdf, tag):
    """The elements of a tag, anywhere in a document."""
    return [
        each
        for each in pdf.objects
        if isinstance(each, pikepdf.Dictionary) and each.get("/S") == f"/{tag}" and "/P" in each
    ]


def quoted(text):
    """Any text as a string of Typst."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
