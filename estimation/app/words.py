"""The languages that the page speaks."""

from __future__ import annotations

from collections.abc import Mapping

from estimation.text.languages import language, language_codes
from estimation.text.words import Words

__all__ = ["language_names", "words_of"]

_AREA = "app"


def words_of(code: str) -> Words:
    """The words of a language.

    Raises
    ------
    SettingError
        When the page does not speak it.
    """
    return Words(language(code, _AREA))


def language_names() -> Mapping[str, str]:
    """The languages that the page speaks by their codes, each by its own name; English first.

    Examples
    --------
    >>> list(language_names())
    ['en', 'es', 'fa']
    """
    return {code: language(code, _AREA).name for code in language_codes(_AREA)}
