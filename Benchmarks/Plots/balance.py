#!/usr/bin/env python3
"""Draws what `Benchmarks balance --json FILE` measured.

    python3 Benchmarks/Plots/balance.py FILE FOLDER

writes shares.svg, moved.svg and lookups.svg into FOLDER. Needs matplotlib (Debian and Ubuntu: python3-matplotlib).
"""

import json
import sys
from pathlib import Path

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt
import matplotlib.ticker

# The colours of Okabe and Ito, which the colour-blind can tell apart; each number of backends also has a mark of its own.
STYLES = {5: ("#56B4E9", "v"), 10: ("#E69F00", "o"), 100: ("#009E73", "s"), 1000: ("#D55E00", "D")}
LINES = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]
MARKS = "osD^vPX*<>hd"
WEIGHTS = {"equal": "equal weights", "uneven": "weights 1 to 10"}
CHANGES = {"remove": "remove one", "add": "add one", "heavier": "one weight + 10 %", "lighter": "one weight − 10 %"}

plt.rcParams.update({"svg.hashsalt": "balance", "svg.fonttype": "none", "font.size": 9, "axes.titlesize": 10,
                     "font.family": "sans-serif", "axes.spines.top": False, "axes.spines.right": False})


def constructions(rows):
    """Names in the order in which they were measured, the first on top."""
    return list(dict.fromkeys(row["construction"] for row in rows))


def plain(axis):
    """Numbers as people write them, not powers of ten."""
    axis.set_major_formatter(matplotlib.ticker.FuncFormatter(lambda value, _: f"{value:,g}"))


def dots(axes, rows, names, value, floor, is_hollow=lambda row: False):
    """One line a construction, one mark for each number of backends; values below the floor stand on it."""
    for place, name in enumerate(reversed(names)):
        axes.axhline(place, color="#DDDDDD", linewidth=0.8, zorder=0)
        for row in rows:
            number = value(row) if row["construction"] == name else None
            if number is not None:
                colour, mark = STYLES.get(row["backends"], ("#000000", "x"))
                axes.plot(max(number, floor), place, mark, color=colour, markersize=6, zorder=2,
                          fillstyle="none" if is_hollow(row) else "full")
    axes.set_yticks(range(len(names)), list(reversed(names)))
    axes.set_ylim(-0.6, len(names) - 0.4)
    axes.tick_params(axis="y", length=0)


def legend(figure, rows):
    counts = [count for count in STYLES if any(row["backends"] == count for row in rows)]
    handles = [plt.Line2D([], [], color=STYLES[count][0], marker=STYLES[count][1], linestyle="") for count in counts]
    figure.legend(handles, [f"{count:,} backends" for count in counts], loc="lower center", ncols=len(counts), frameon=False)


def shares(rows):
    names = constructions(rows)
    figure, panels = plt.subplots(1, 2, sharey=True, figsize=(9.5, 0.32 * len(names) + 1.9))
    for axes, weights in zip(panels, WEIGHTS):
        chosen = [row for row in rows if row["weights"] == weights]
        dots(axes, chosen, names, lambda row: 100 * ((row.get("exact") or row["sampled"])["maximum"] - 1), 0.001,
             lambda row: not row.get("exact"))
        axes.set_xscale("log")
        plain(axes.xaxis)
        axes.set_title(WEIGHTS[weights])
        axes.set_xlabel("largest share above the fair share, %")
    figure.suptitle("How evenly keys spread: shares of slots and arcs, exact; hollow: of the keys asked, with their noise", fontsize=11)
    legend(figure, rows)
    figure.tight_layout(rect=(0, 0.06, 1, 1))
    return figure


def moved(rows):
    names = constructions(rows)
    figure, panels = plt.subplots(2, 4, sharex=True, sharey=True, figsize=(12, 0.5 * len(names) + 2.4))
    for line, weights in zip(panels, WEIGHTS):
        for axes, change in zip(line, CHANGES):
            chosen = [row for row in rows if row["weights"] == weights]

            def ratio(row):
                movement = row["changes"].get(change)
                return movement["moved"] / movement["minimum"] if movement else None

            dots(axes, chosen, names, ratio, 0.5)
            axes.axvline(1, color="#888888", linewidth=0.8, zorder=1)
            axes.set_xscale("log")
            plain(axes.xaxis)
            axes.set_title(f"{CHANGES[change]}, {WEIGHTS[weights]}")
    for axes in panels[1]:
        axes.set_xlabel("keys moved ÷ keys that have to")
    figure.suptitle("How many keys move when the set changes (1 = no more than have to)", fontsize=11)
    legend(figure, rows)
    figure.tight_layout(rect=(0, 0.05, 1, 1))
    return figure


def lookups(rows):
    chosen = [row for row in rows if row["weights"] == "equal"]
    figure, axes = plt.subplots(figsize=(8.5, 4.6))
    for place, name in enumerate(constructions(chosen)):
        points = sorted((row["backends"], row["lookup"]["median"]) for row in chosen if row["construction"] == name)
        axes.plot(*zip(*points), marker=MARKS[place % len(MARKS)], color=LINES[place % len(LINES)], markersize=5,
                  linestyle="-" if place < len(LINES) else "--", linewidth=1.2, label=name)
    axes.set_xscale("log")
    axes.set_yscale("log")
    plain(axes.xaxis)
    plain(axes.yaxis)
    axes.set_xlabel("backends")
    axes.set_ylabel("time of a look-up, ns (the hash is given)")
    axes.set_title("What a look-up costs, equal weights")
    axes.grid(color="#EEEEEE")
    axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False)
    figure.tight_layout()
    return figure


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    results = json.loads(Path(sys.argv[1]).read_text())
    for draw in (shares, moved, lookups):
        path = Path(sys.argv[2]) / f"{draw.__name__}.svg"
        draw(results["rows"]).savefig(path, metadata={"Date": None, "Creator": None})
        print(path)


main()
