"""The model of mood in `docs/practice.md`, as tables: `python -m backstory.practice.table [--write FILE]`."""

import sys
from pathlib import Path

from backstory.practice.rules import EFFECTS, STYLE_WEIGHTS, STYLES
from backstory.practice.scenarios import shipped

BEGIN = "<!-- model: written by python -m backstory.practice.table -->"
END = "<!-- end of model -->"


def effects() -> str:
    """Every signal with its points and source, and how much more or less it weighs for a style."""
    head = "| the agent … | arousal | trust | weighs more or less for | direction rests on |\n|---|---|---|---|---|\n"
    rows = []
    for kind, one in EFFECTS.items():
        weights = ", ".join(
            f"{style} × {STYLE_WEIGHTS[style][kind]:g}" for style in STYLES if kind in STYLE_WEIGHTS[style]
        )
        title = f"{one.title[0].lower()}{one.title[1:]}" + (" †" if one.hard else "")
        rows.append(f"| {title} | {one.arousal:+g} | {one.trust:+g} | {weights} | {one.source} |\n")
    return head + "".join(rows)


def scenarios() -> str:
    """Every scenario that comes with the desk."""
    head = "| scenario | behaviour | style | cause | difficulty | languages |\n|---|---|---|---|---|---|\n"
    languages: dict[str, list[str]] = {}
    for name, language in shipped():
        languages.setdefault(name, []).append(language)
    rows = []
    for name, spoken in languages.items():
        one = shipped()[(name, "en")]
        cells = (f"`{name}` {one.title}", one.behaviour, one.style, one.cause, str(one.difficulty), " ".join(spoken))
        rows.append("| " + " | ".join(cells) + " |\n")
    return head + "".join(rows)


def renewed(document: str) -> str:
    """The document with the tables between its two marks written anew; raises ValueError where a mark is missing."""
    before, rest = document.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    note = "† a hard harm: nothing else in the same message calms."
    return f"{before}{BEGIN}\n{effects()}\n{note}\n\n{scenarios()}{END}{after}"


if __name__ == "__main__":
    if sys.argv[1:2] == ["--write"]:
        path = Path(sys.argv[2])
        path.write_text(renewed(path.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        sys.stdout.write(effects() + "\n" + scenarios())
