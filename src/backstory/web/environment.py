"""The Jinja2 environment every page of the product is rendered in."""

from functools import cache
from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment, StrictUndefined

from backstory.web import formats, shell

asset = cache(static)
"""The address of a static file, looked up once: a page asks for the same few hundreds of times."""


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """The path of a named view; raises NoReverseMatch when the name is unknown."""
    return reverse(name, args=args or None, kwargs=kwargs or None)


def environment(**options: Any) -> Environment:
    """Build the environment (named in `TEMPLATES`): escaping on, undefined names are errors."""
    options["autoescape"] = True
    options["undefined"] = StrictUndefined
    options.setdefault("trim_blocks", True)
    options.setdefault("lstrip_blocks", True)
    env = Environment(**options, extensions=["jinja2.ext.i18n", "jinja2.ext.do"])  # noqa: S701 - autoescape is set above
    env.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext, translation.ngettext, newstyle=True, pgettext=translation.pgettext
    )
    env.globals |= {
        "static": asset,
        "url": url,
        "shell_for": shell.for_request,
        "optional_url": shell.optional_url,
    }
    env.filters |= formats.FILTERS
    return env
