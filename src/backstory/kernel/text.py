"""Text as every database can keep it."""


def storable(text: str) -> str:
    """Without NUL (PostgreSQL keeps none) and with lone surrogates replaced, so that it is valid UTF-8."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "")
