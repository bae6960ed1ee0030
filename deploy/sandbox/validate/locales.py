"""The languages of Discord, and texts given in several of them."""

from deploy.sandbox.errors import Form
from deploy.sandbox.state.model import Json

LOCALES = frozenset(
    "id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja "  # noqa: SIM905
    "zh-TW ko".split()
)


def check(texts: object, form: Form, at: str, most: int) -> Json | None:
    """`{"de": "…"}` with texts of at most so many characters; what is wrong goes into `form`."""
    if texts is None:
        return None
    if not isinstance(texts, dict):
        form.add(at, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
        return None
    for locale, text in texts.items():
        if locale not in LOCALES:
            form.add(f"{at}.{locale}", "BASE_TYPE_CHOICES", f"{locale} is none of Discord's languages.")
        elif text is not None:
            form.text(f"{at}.{locale}", text, 1, most)
    return {locale: text for locale, text in texts.items() if text is not None} or None
