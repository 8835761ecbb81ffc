#!/usr/bin/env python3
"""Draws what `Benchmarks hashing --json FILE` measured.

    python3 Benchmarks/Plots/hashing.py FILE FOLDER

writes hashing.svg into FOLDER. Needs matplotlib (Debian and Ubuntu: python3-matplotlib).
"""

import json
import sys
from pathlib import Path

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt
import matplotlib.ticker

# The colours of Okabe and Ito, which the colour-blind can tell apart; each construction also has a mark of its own.
COLOURS = ["#0072B2", "#D55E00", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#000000"]
MARKS = "osD^vPX"
PANELS = [("owned", "a look-up, the hash is given, ns", 1), ("build", "making it from names and weights, ms", 1e6)]

plt.rcParams.update({"svg.hashsalt": "hashing", "svg.fonttype": "none", "font.size": 9, "axes.titlesize": 10,
                     "font.family": "sans-serif", "axes.spines.top": False, "axes.spines.right": False})


def plain(axis):
    """Numbers as people write them, not powers of ten."""
    axis.set_major_formatter(matplotlib.ticker.FuncFormatter(lambda value, _: f"{value:,g}"))


def hashing(rows):
    names = list(dict.fromkeys(row["subject"] for row in rows))
    figure, panels = plt.subplots(1, len(PANELS), figsize=(10.5, 4.4))
    for axes, (column, title, unit) in zip(panels, PANELS):
        for place, name in enumerate(names):
            cells = sorted((row["backends"], row["nanoseconds"][column]) for row in rows if row["subject"] == name)
            counts = [count for count, _ in cells]
            # From the fastest run to the slowest.
            axes.fill_between(counts, [cell["runs"][0] / unit for _, cell in cells],
                              [cell["runs"][-1] / unit for _, cell in cells],
                              color=COLOURS[place % len(COLOURS)], alpha=0.15, linewidth=0)
            axes.plot(counts, [cell["median"] / unit for _, cell in cells], marker=MARKS[place % len(MARKS)],
                      color=COLOURS[place % len(COLOURS)], markersize=5, linewidth=1.2, label=name)
        axes.set_xscale("log")
        axes.set_yscale("log")
        plain(axes.xaxis)
        plain(axes.yaxis)
        axes.set_xlabel("backends, of equal weights")
        axes.set_title(title)
        axes.grid(color="#EEEEEE")
    panels[-1].legend(loc="center left", bbox_to_anchor=(1.02, 0.5), frameon=False)
    figure.tight_layout()
    return figure


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    results = json.loads(Path(sys.argv[1]).read_text())
    path = Path(sys.argv[2]) / "hashing.svg"
    hashing(results["rows"]).savefig(path, metadata={"Date": None, "Creator": None})
    print(path)


main()
