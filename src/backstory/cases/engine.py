"""The reading engine as a whole: which one it is, and whether it works."""

import hashlib
from functools import lru_cache
from pathlib import Path

from backstory.cases.models import CauseModelChoice
from backstory.language import reader, weights
from backstory.language.weights import ModelError

RULES = weights.FOLDER.parent / "rules"


def version() -> str:
    """The engine of now, such as "1.0.0+3f2a9c01", with the desk's own model of causes where one is in force.

    It changes with any weights, phrase list or rule: readings of another version are stale. Raises ModelError.
    """
    choice = CauseModelChoice.objects.first()
    own = f" causes:{choice.model_id}" if choice and choice.model_id else ""
    return f"{_shipped(weights.FOLDER)}{own}"


@lru_cache(maxsize=4)
def _shipped(folder: Path) -> str:
    manifest = weights.manifest(folder)
    digest = hashlib.sha256(reader.RULES_VERSION.encode())
    for name, entry in sorted(manifest["files"].items()):
        digest.update(f"{name} {entry.get('sha256')}\n".encode())
    for path in sorted(RULES.rglob("*.json")):
        digest.update(path.read_bytes())
    return f"{manifest.get('version', '?')}+{digest.hexdigest()[:8]}"


def problem() -> str:
    """Why no message can be read, in words; empty where all is well. Looks at the files and loads no model."""
    try:
        version()
        for name, entry in weights.manifest(weights.FOLDER)["files"].items():
            if weights.digest((weights.FOLDER / name).read_bytes()) != entry.get("sha256"):
                return f"{name} is not the file that the manifest names (SHA-256 differs): stale or damaged."
    except (ModelError, OSError) as error:
        return str(error)
    return ""
