"""Holding a request against an OpenAPI 3 document: is there such an operation, and does the body fit?"""

import re
from typing import Any
from urllib.parse import urlsplit

import jsonschema_rs

from backstory.recovery.connectors.interface import Misconfigured


def _refuse(address: str) -> Any:
    """Nothing is fetched: a document must hold all it refers to."""
    raise ValueError(f"{address} lies outside the document")


def operation(document: dict[str, Any], method: str, url: str) -> tuple[str, dict[str, Any]]:
    """The path template and the operation a request would reach. Raises Misconfigured where there is none."""
    path = urlsplit(url).path
    for template, item in (document.get("paths") or {}).items():
        if not isinstance(item, dict) or not _fits(str(template), path):
            continue
        found = item.get(method.lower())
        if isinstance(found, dict):
            return str(template), found
    raise Misconfigured(f"The OpenAPI document has no operation {method} {path}.", "openapi")


def _fits(template: str, path: str) -> bool:
    """Whether a path ends as the template says: what stands before it is the server's own part."""
    pattern = "".join(
        "[^/]+" if part.startswith("{") else re.escape(part) for part in re.split(r"(\{[^}]*\})", template)
    )
    return re.search(rf"{pattern}/?$", path) is not None


def ensure_fits(document: dict[str, Any], method: str, url: str, body: Any, content_type: str) -> None:
    """Raises Misconfigured, with the schema's own words, where the document does not allow the request."""
    template, found = operation(document, method, url)
    content = ((found.get("requestBody") or {}).get("content") or {}) if isinstance(found, dict) else {}
    if not content:
        return
    if content_type not in content:
        raise Misconfigured(f"The operation takes {', '.join(content)}, not {content_type}.", "openapi")
    if "schema" not in content[content_type]:
        return
    place = "/".join(_escaped(part) for part in ("paths", template, method.lower(), "requestBody", "content"))
    schema = {**document, "$ref": f"#/{place}/{_escaped(content_type)}/schema"}
    try:
        validator = jsonschema_rs.Draft202012Validator(schema, retriever=_refuse)
        first = next(iter(validator.iter_errors(body)), None)
    except (ValueError, jsonschema_rs.ReferencingError) as error:
        raise Misconfigured(f"The OpenAPI document cannot be read: {str(error)[:200]}", "openapi") from None
    if first is not None:
        where = "/".join(str(part) for part in first.instance_path) or "the body"
        raise Misconfigured(f"The OpenAPI document does not allow {where}: {first.message[:200]}.", "openapi")


def _escaped(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1")
