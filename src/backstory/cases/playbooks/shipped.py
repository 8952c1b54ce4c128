"""The playbooks that the desk comes with: YAML in this package, read once."""

from functools import cache
from pathlib import Path

from backstory.cases.playbooks.schema import Playbook
from backstory.cases.playbooks.texts import parse

FOLDER = Path(__file__).parent / "data"
GENERAL = "general"


@cache
def sources() -> dict[str, str]:
    """The YAML texts by the playbooks' ids, the general one first."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.yaml"))]
    found = {parse(text).id: text for text in texts}
    return {GENERAL: found[GENERAL], **found}


def general() -> Playbook:
    """The four steps of CARE: for every complaint that no other playbook fits."""
    return parse(sources()[GENERAL])
