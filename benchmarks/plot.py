"""Two plots, written as SVG by hand: they need nothing but straight lines and text."""

from collections import defaultdict
from html import escape
from itertools import cycle
from math import ceil, floor, log10
from pathlib import Path

from .bars import OURS
from .bars import parts as libraries
from .measure import Result
from .report import duration

NAMESPACE = "http://www.w3.org/2000/svg"
WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, TOP, BOTTOM = 70, 210, 50, 50
OUR_COLOUR = "#d55e00"
COLOURS = ("#0072b2", "#009e73", "#cc79a7", "#7a5c00", "#56b4e9", "#444444", "#999999")


def svg(title: str, height: float, parts: list[str]) -> str:
    """A picture on a white ground, with its title."""
    return "\n".join(
        [
            f'<svg xmlns="{NAMESPACE}" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif">',
            f"<title>{escape(title)}</title>",
            f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
            label(LEFT, 24, title, size=15),
            *parts,
            "</svg>\n",
        ]
    )


def label(
    x: float, y: float, words: str, *, anchor: str = "start", colour: str = "#222", size: int = 12
) -> str:
    """Some words at a place."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}"'
        f' font-size="{size}">{escape(words)}</text>'
    )


def cost_against_size(results: list[Result]) -> str:
    """The median of each contender against the bytes of the document, both logarithmic."""
    lines: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for result in results:
        for row in result.rows:
            if row.median is not None:
                name = row.label if row.contender else row.label.split(":")[0]
                lines[name].append((log10(result.document_bytes), log10(row.median)))
    points = [point for line in lines.values() for point in line]
    left, right = floor(min(x for x, _ in points)), max(x for x, _ in points)
    low, high = floor(min(y for _, y in points)), ceil(max(y for _, y in points))

    def across(x: float) -> float:
        return LEFT + (x - left) / (right - left) * (WIDTH - LEFT - RIGHT)

    def up(y: float) -> float:
        return HEIGHT - BOTTOM - (y - low) / (high - low) * (HEIGHT - TOP - BOTTOM)

    parts: list[str] = []
    for decade in range(left, floor(right) + 1):
        x = across(decade)
        parts.append(f'<path d="M{x:.1f},{TOP}V{HEIGHT - BOTTOM}" stroke="#ddd"/>')
        parts.append(label(x, HEIGHT - BOTTOM + 18, f"{10**decade:,}", anchor="middle"))
    for decade in range(low, high + 1):
        y = up(decade)
        tick = duration(10.0**decade).replace(".00", "").replace(".0", "")
        parts.append(f'<path d="M{LEFT},{y:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        parts.append(label(LEFT - 8, y + 4, tick, anchor="end"))
    parts.append(label(LEFT, HEIGHT - 12, "bytes of the document"))

    # The names stand at the ends of their lines, the highest first, and push each other down.
    free = float(TOP)
    colours = cycle(COLOURS)
    for name, line in sorted(lines.items(), key=lambda item: -item[1][-1][1]):
        colour, width = (OUR_COLOUR, 3) if name == OURS else (next(colours), 1.5)
        places = [(across(x), up(y)) for x, y in line]
        path = "L".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="{width}"/>')
        free = max(free + 16, places[-1][1] + 4)
        parts.append(label(places[-1][0] + 8, free, name, colour=colour))
    return svg("One deep replace: time against the size of the document", HEIGHT, parts)


def bars(results: list[Result]) -> str:
    """The medians of some cases on one scale, in each the fastest on top."""
    groups = [
        (result, [row for row in result.rows if row.contender and row.median is not None])
        for result in results
    ]
    longest = max(row.median or 0 for _, rows in groups for row in rows)
    start, step = 340, 22
    parts: list[str] = []
    y = float(TOP)
    for result, rows in groups:
        parts.append(label(LEFT, y + 12, f"{result.name}: {result.title}", size=13))
        y += step
        for row in rows:
            width = (row.median or 0) / longest * (WIDTH - start - 80)
            colour = OUR_COLOUR if OURS in libraries(row) else COLOURS[0]
            parts += [
                label(start - 8, y + 12, row.label, anchor="end"),
                f'<rect x="{start}" y="{y}" width="{width:.1f}" height="16" fill="{colour}"/>',
                label(start + width + 6, y + 12, duration(row.median)),
            ]
            y += step
        y += step
    return svg("The whole validated update: time for one request", y, parts)


def plots(results: list[Result]) -> dict[str, str]:
    """The plots that can be drawn of these results, by file name."""
    drawn: dict[str, str] = {}
    if sizes := [result for result in results if result.workload == "sizes"]:
        drawn["sizes.svg"] = cost_against_size(sizes)
    if updates := [result for result in results if result.name in {"W8 a", "W8 b", "W8 c"}]:
        drawn["update.svg"] = bars(updates)
    return drawn


def write(results: list[Result], directory: Path) -> list[str]:
    """Write the plots of these results, and return their names."""
    drawn = plots(results)
    if drawn:
        directory.mkdir(parents=True, exist_ok=True)
    for name, image in drawn.items():
        (directory / name).write_text(image, encoding="utf-8")
    return list(drawn)
