"""Whether text is in the language that it is said to be in.

Languages are told apart by py3langid, by the letters that follow one another. Short texts and
names can be of any language: what is looked at is the running text, and then long paragraphs.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import Any

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from darkfigure.writing.pdf.document import Document
from darkfigure.writing.pdf.faults import Fault, Found

#: Letters from which a text is long enough to tell, and how sure that must be.
_LONG, _LONG_PARAGRAPH, _SURE = 200, 250, 0.999
_RUNNING = ("P", "LI", "H1", "H2", "H3", "H4", "H5", "H6", "BlockQuote")
#: Languages written alike, of which the one is taken for the other.
_ALIKE = ({"nb", "nn", "no", "da"}, {"hr", "sr", "bs", "sl"}, {"id", "ms"}, {"cs", "sk"})


@cache
def _telling() -> Any:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def check_tongue(document: Document) -> Found:
    """That a language is stated, and is the one that is written."""
    if not document.tree.lang:
        yield Fault("language_missing")
    texts: dict[str, list[str]] = defaultdict(list)
    for each in document.tree.walk():
        if each.type not in _RUNNING or (each.parent and each.parent.within(*_RUNNING)):
            continue
        lang = (each.lang or "").split("-")[0].lower()
        text = document.text_of(each)
        own = {(kid.lang or "").split("-")[0].lower() for kid in each.walk()} == {lang}
        if lang and own:
            texts[lang].append(text)
            if (found := _other(text, lang, _LONG_PARAGRAPH)) is not None:
                yield document.fault("language_of_another", each, stated=lang, found=found)
                return
    for lang, parts in texts.items():
        if (found := _other(" ".join(parts), lang, _LONG)) is not None:
            yield Fault("language_of_another", given={"stated": lang, "found": found})


def _other(text: str, lang: str, least: int) -> str | None:
    """Which other language a text is in, where that is sure."""
    if sum(each.isalpha() for each in text) < least:
        return None
    telling = _telling()
    if lang not in telling.labels:
        return None
    found, sure = telling.classify(text)
    if found == lang or sure < _SURE or any({found, lang} <= each for each in _ALIKE):
        return None
    return str(found)
