"""Whose numbers a report writes: the locale of a scenario."""

from storesim.inputs.mistakes import quoted, suggest

EXAMPLE = "write a language and a country, such as de-DE"


def read_locale(value: object) -> str:
    """Return a locale as it is written in full: 'de-DE' for 'de_de', 'zh-Hans-CN' for 'zh-CN'.

    Raises:
        ValueError: there is no such locale; near ones are suggested.
    """
    from babel import Locale, UnknownLocaleError  # late: few scenarios name a locale

    if not isinstance(value, str):
        shown = quoted(value) if isinstance(value, int | float) else "of another form"
        raise ValueError(f"the locale is {shown}; {EXAMPLE}")
    try:
        found = Locale.parse(value.strip().replace("_", "-"), sep="-")
    except (UnknownLocaleError, ValueError):
        found = None
    if found is None or found.modifier or found.language == "root":  # browsers know neither de-DE@euro nor root
        raise ValueError(f"there is no locale {quoted(value)}{_remedy(value)}")
    return str(found).replace("_", "-")


def _remedy(value: str) -> str:
    """Return which locales the same language has, or how a locale is written."""
    from babel.localedata import locale_identifiers

    language = value.strip().replace("_", "-").partition("-")[0].casefold()
    names = sorted(name.replace("_", "-") for name in locale_identifiers())
    own = [name for name in names if name.partition("-")[0] == language]
    return suggest(value, own) or f"; {EXAMPLE}"
