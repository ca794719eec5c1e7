"""Interface languages: Babel catalogues read at start, one language per visitor.

Messages are written in English in code and templates; ``<locale>.po`` beside this file translates them.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, current_app, g, request

COOKIE = "language"
LOCALES = {"zh": "zh_CN", "en": "en"}
TAGS = {"zh": "zh-CN", "en": "en"}
FOLDER = Path(__file__).parent


def load_catalogues(folder: Path = FOLDER) -> dict[str, NullTranslations]:
    """Read the catalogue of every language; English is what the code already says."""
    return {language: _catalogue(folder / f"{locale}.po") for language, locale in LOCALES.items()}


def _catalogue(path: Path) -> NullTranslations:
    if not path.exists():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file))
    compiled.seek(0)
    return Translations(compiled)


def chosen_language() -> str:
    """Return the language of this request: the server's unless the visitor chose another."""
    if "language" not in g:
        wanted = request.cookies.get(COOKIE, "")
        g.language = wanted if wanted in LOCALES else current_app.config["LANGUAGE"]
    return str(g.language)


def gettext(message: str, **values: object) -> str:
    """Return a message in the language of this request."""
    text = _translations().ugettext(message)
    return text % values if values else text


def ngettext(singular: str, plural: str, num: int) -> str:
    """Return a message that depends on a number, in the language of this request."""
    return _translations().ungettext(singular, plural, num) % {"num": _Figure(num)}


class _Figure(int):
    """A number that stands in text as ``%(num)d``, or with its thousands parted as ``%(num)s``."""

    def __str__(self) -> str:
        return f"{int(self):,}"


def _translations() -> NullTranslations:
    catalogues: dict[str, NullTranslations] = current_app.extensions["catalogues"]
    return catalogues[chosen_language()]


def init_languages(app: Flask, default: str) -> None:
    """Load the catalogues and make them known to the templates."""
    app.config["LANGUAGE"] = default
    app.extensions["catalogues"] = load_catalogues()
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # added by the extension
        lambda message: _translations().ugettext(message),
        lambda singular, plural, num: _translations().ungettext(singular, plural, num),
        newstyle=True,
    )
    app.context_processor(lambda: {"language": chosen_language(), "language_tag": TAGS[chosen_language()]})
