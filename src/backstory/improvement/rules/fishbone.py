"""The service Ishikawa drawn as a picture: an SVG of text and lines, every word escaped. Pure.

It has no style of its own but `currentColor`, so it reads in light, in dark and on paper. Source of the diagram:
Ishikawa, *Guide to Quality Control* (1968); the eight branches are ours, for a service.
"""

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

COLUMN, LEFT, HEAD = 232, 12, 210
LINE, GAP, FONT = 16, 10, 13
WRAP, MOST_LINES, HEAD_WRAP = 25, 3, 22
SLANT = 34


def wrap(text: str, width: int, most: int) -> list[str]:
    """The text in at most so many lines of about `width` characters; what does not fit ends in “…”."""
    lines: list[str] = []
    for word in text.split():
        pieces = [word[start : start + width] for start in range(0, len(word), width)]
        for piece in pieces:
            if lines and len(lines[-1]) + 1 + len(piece) <= width:
                lines[-1] += f" {piece}"
            else:
                lines.append(piece)
    if len(lines) > most:
        lines = [*lines[: most - 1], f"{lines[most - 1][: width - 1]}…"]
    return lines or [""]


def _text(x: float, y: float, words: str, more: str = "") -> str:
    return f'<text x="{x:g}" y="{y:g}"{more}>{escape(words)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, width: float = 1.5) -> str:
    return f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" stroke="currentColor" stroke-width="{width:g}"/>'


def _height(items: Sequence[str]) -> float:
    lines = sum(len(wrap(item, WRAP, MOST_LINES)) for item in items)
    return lines * LINE + len(items) * GAP


def _bone(x: float, outer: float, spine: float, name: str, items: Sequence[str]) -> list[str]:
    """One branch: its name at the outer end, a slanted line to the spine, its entries beside the line."""
    above = outer < spine
    end = x + COLUMN
    parts = [_line(end - SLANT, outer, end, spine, 2)]
    label = outer - 8 if above else outer + FONT + 6
    parts.append(_text(end - SLANT, label, name, ' text-anchor="end" font-weight="700"'))
    y = (outer if above else spine) + LINE + 4
    for item in items:
        lines = wrap(item, WRAP, MOST_LINES)
        middle = y + (len(lines) - 1) * LINE / 2 - 4
        along = abs(middle - outer) / abs(spine - outer)
        on_bone = end - SLANT + SLANT * along
        parts.append(_line(on_bone - 14, middle, on_bone, middle, 1))
        for line in lines:
            parts.append(_text(on_bone - 19, y, line, ' text-anchor="end"'))
            y += LINE
        y += GAP
    return parts


def svg(problem: str, branches: Sequence[tuple[str, Sequence[str]]], title: str) -> str:
    """The diagram of a problem: branches (name, entries) in order, the first half above the spine, the rest below.

    `title` is what a screen reader says; a list with the whole texts belongs beside the picture.
    """
    half = (len(branches) + 1) // 2
    upper, lower = branches[:half], branches[half:]
    room = {"up": max((_height(items) for _, items in upper), default=0)}
    room["down"] = max((_height(items) for _, items in lower), default=0)
    top = 28
    spine = top + max(room["up"], 70) + 24
    bottom = spine + max(room["down"], 70) + 24
    width = LEFT + half * COLUMN + HEAD + 40
    parts: list[str] = []
    for number, (name, items) in enumerate(upper):
        parts += _bone(LEFT + number * COLUMN, top, spine, name, items)
    for number, (name, items) in enumerate(lower):
        parts += _bone(LEFT + number * COLUMN, bottom, spine, name, items)
    tip = LEFT + half * COLUMN + 24
    parts += [_line(LEFT, spine, tip, spine, 3), *_head(tip, spine, problem)]
    attributes: Mapping[str, str] = {
        "xmlns": "http://www.w3.org/2000/svg",
        "viewBox": f"0 0 {width:g} {bottom + 30:g}",
        "width": f"{width:g}",
        "height": f"{bottom + 30:g}",
        "role": "img",
        "aria-label": title,
        "font-family": "system-ui, sans-serif",
        "font-size": str(FONT),
        "fill": "currentColor",
        "color": "currentColor",
    }
    opening = " ".join(f"{name}={quoteattr(value)}" for name, value in attributes.items())
    return f"<svg {opening}><title>{escape(title)}</title>{''.join(parts)}</svg>"


def _head(tip: float, spine: float, problem: str) -> list[str]:
    lines = wrap(problem, HEAD_WRAP, 5)
    height = len(lines) * 18 + 20
    box = (
        f'<rect x="{tip:g}" y="{spine - height / 2:g}" width="{HEAD}" height="{height:g}" rx="8" '
        'fill="none" stroke="currentColor" stroke-width="2"/>'
    )
    start = spine - (len(lines) - 1) * 9 + 5
    words = [
        _text(tip + HEAD / 2, start + number * 18, line, ' text-anchor="middle" font-weight="700"')
        for number, line in enumerate(lines)
    ]
    return [box, *words]
