"""Reliability diagrams as plain SVG: the same numbers give the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from backstory.language import measures
from backstory.language.measures import Bin

SIZE, LEFT, TOP, GAP = 260, 52, 46, 44
INK, FAINT, LINE, PAPER = "#1f2933", "#9aa5b1", "#b45309", "#ffffff"


def reliability_diagram(title: str, panels: Sequence[tuple[str, Sequence[Bin]]]) -> str:
    """One square a panel (its name, its bins): stated probability across, share that was so upwards, 95 % intervals.

    The area of a dot grows with how many verdicts it stands for; on the grey diagonal what is said is what is so.
    """
    width = LEFT + len(panels) * (SIZE + GAP)
    height = TOP + SIZE + 62
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'font-family="system-ui, sans-serif" font-size="12" fill="{INK}" role="img">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{width}" height="{height}" fill="{PAPER}"/>',
        f'<text x="{LEFT}" y="18" font-size="14" font-weight="600">{escape(title)}</text>',
    ]
    for at, (name, bins) in enumerate(panels):
        parts += _panel(LEFT + at * (SIZE + GAP), name, bins)
    return "\n".join([*parts, "</svg>", ""])


def _panel(left: int, name: str, bins: Sequence[Bin]) -> list[str]:
    error, total = measures.calibration_error(bins), sum(one.count for one in bins)
    bottom = TOP + SIZE
    return [
        f'<text x="{left}" y="{TOP - 10}">{escape(name)}: error {error:.3f}, n {total}</text>',
        f'<rect x="{left}" y="{TOP}" width="{SIZE}" height="{SIZE}" fill="none" stroke="{FAINT}"/>',
        f'<line x1="{left}" y1="{bottom}" x2="{left + SIZE}" y2="{TOP}" stroke="{FAINT}" stroke-dasharray="4 4"/>',
        *_ticks(left),
        *(part for one in bins for part in _dot(left, one, total)),
        f'<text x="{left + SIZE // 2}" y="{bottom + 40}" text-anchor="middle">stated probability</text>',
    ]


def _ticks(left: int) -> list[str]:
    parts = []
    for tenth in (0, 2, 4, 6, 8, 10):
        x, y = left + SIZE * tenth / 10, TOP + SIZE - SIZE * tenth / 10
        parts.append(f'<text x="{x:.1f}" y="{TOP + SIZE + 18}" text-anchor="middle">{tenth / 10:g}</text>')
        parts.append(f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{tenth / 10:g}</text>')
    return parts


def _dot(left: int, one: Bin, total: int) -> list[str]:
    low, high = measures.wilson_of(one.right, one.count)
    x, y = left + SIZE * one.p, TOP + SIZE - SIZE * one.right / one.count
    radius = 2.5 + 9 * (one.count / total) ** 0.5
    return [
        f'<line x1="{x:.1f}" y1="{TOP + SIZE - SIZE * low:.1f}" x2="{x:.1f}" y2="{TOP + SIZE - SIZE * high:.1f}" '
        f'stroke="{LINE}"/>',
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{LINE}" fill-opacity="0.75"/>',
    ]
