#!/usr/bin/env python3
"""Draws what `Benchmarks forward --json FILE` measured.

    python3 Benchmarks/Plots/forward.py FILE FOLDER

writes forward.svg into FOLDER: for each way the frames a second, what a frame costs, the time there and back, and the speed of a
connection; medians where a way was measured more than once. Prints the tables that Docs/Measurements.md has. Needs matplotlib
(Debian and Ubuntu: python3-matplotlib).
"""

import json
import statistics
import sys
from pathlib import Path

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt

# The colours of Okabe and Ito, which the colour-blind can tell apart.
COLOURS = {"ours": "#0072B2", "C forwarder": "#E69F00", "kernel": "#999999"}

plt.rcParams.update({"svg.hashsalt": "forward", "svg.fonttype": "none", "font.size": 9, "axes.titlesize": 10,
                     "font.family": "sans-serif", "axes.spines.top": False, "axes.spines.right": False})


def kind(name):
    """Who forwards."""
    return next((word for word in COLOURS if name.startswith(word)), "ours")


def ways(rows):
    """Names in the order of the modes: ours, the C forwarder of the same mode, then the kernel's own."""
    names = list(dict.fromkeys(row["name"] for row in rows))
    modes = [name for name in names if kind(name) == "ours"]
    order = {name: (modes.index(mode), kind(name)) for mode in modes for name in names
             if name in (mode, f"C forwarder, {mode}")}
    return sorted(names, key=lambda name: (order.get(name, (len(modes), ""))[0], kind(name) != "ours"))


def middle(rows, name, value):
    """The median over all rows of a way; None if there is none."""
    values = [value(row) for row in rows if row["name"] == name]
    values = [number for number in values if number is not None]
    return statistics.median(values) if values else None


def bars(axes, rows, names, title, value, mark=None, digits=0):
    """One bar a way, and a mark for what is measured beside it."""
    for place, name in enumerate(reversed(names)):
        colour = COLOURS[kind(name)]
        numbers = [middle(rows, name, value), middle(rows, name, mark) if mark else None]
        if numbers[0] is not None:
            axes.barh(place, numbers[0], 0.62, color=colour)
        if numbers[1] is not None:
            axes.plot(numbers[1], place, "D", color="white", markeredgecolor="black", markersize=5)
        known = [number for number in numbers if number is not None]
        if known:
            axes.annotate(" · ".join(f"{number:,.{digits}f}" for number in known), (max(known), place), (6, 0),
                          textcoords="offset points", va="center", fontsize=7)
    axes.set_yticks(range(len(names)), list(reversed(names)))
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(-0.6, len(names) - 0.4)
    axes.set_xlim(0, 1.25 * axes.get_xlim()[1])
    axes.set_title(title, loc="left")


def forward(rows):
    names = ways(rows)
    figure, panels = plt.subplots(2, 2, sharey=True, figsize=(11, 0.44 * len(names) + 2.4))
    bars(panels[0][0], rows, names, "thousand frames a second: none lost · in a flood (◇)",
         lambda row: row.get("lossless") and row["lossless"] / 1e3, lambda row: row.get("flood") and row["flood"]["median"] / 1e3)
    bars(panels[0][1], rows, names, "time of the forwarder's threads for a frame, ns", lambda row: row.get("nanoseconds"))
    bars(panels[1][0], rows, names, "a datagram there and back, µs, p50: idle · under load (◇)",
         lambda row: row.get("idle") and row["idle"][0], lambda row: row.get("loaded") and row["loaded"][0])
    bars(panels[1][1], rows, names, "one TCP connection, offloads on, Gbit/s",
         lambda row: row.get("gigabits") and row["gigabits"]["median"], digits=1)
    figure.suptitle("The forwarder beside a plain one in C and the kernel's own ways", fontsize=11)
    figure.tight_layout()
    return figure


def table(head, lines):
    print("\n".join([f"| {' | '.join(head)} |", "|" + "---|" * len(head)] + [f"| {' | '.join(line)} |" for line in lines]) + "\n")


def cell(number, digits=0, step=1):
    return "" if number is None else f"{step * round(number / step, digits):,.{digits}f}"


def tables(results):
    rows = results["rows"]
    lines = []
    for name in ways(rows):
        is_bound = any(row.get("isLimitedBySource") for row in rows if row["name"] == name)
        times = [cell(middle(rows, name, lambda row: row.get(key) and row[key][0])) for key in ("idle", "loaded")]
        lines.append([name, cell(middle(rows, name, lambda row: row["flood"]["median"]), step=1000),
                      ("≥ " if is_bound else "") + cell(middle(rows, name, lambda row: row["lossless"]), step=1000),
                      cell(middle(rows, name, lambda row: row.get("nanoseconds"))),
                      cell(middle(rows, name, lambda row: row["newFlows"]), step=1000), ", ".join(filter(None, times)),
                      cell(middle(rows, name, lambda row: row.get("gigabits") and row["gigabits"]["median"]), 1)])
    table(["", "flood, frames/s", "none lost", "ns a frame", "new flows/s", "there and back, µs: idle, loaded", "Gbit/s"], lines)
    table(["figures to reach", "goal", "value"],
          [[goal["name"], f"{'≥' if goal['isFloor'] else '≤'} {goal['goal']:g}" + (" MiB" if goal["unit"] == "MiB" else ""),
            ("≥ " if goal.get("isLowerBound") else "") + cell(goal["value"], 2) + ("" if goal["isMet"] else " !")]
           for goal in results["goals"]])
    shares = results["workers"]
    one = next((row["nanoseconds"]["median"] for row in shares if row["workers"] == 1), None)
    if one:
        cores = "one core" if shares[0]["cores"] == 1 else f"{shares[0]['cores']} cores"
        table([f"{shares[0]['mode']}, workers on {cores}", "flood, frames/s", "ns a frame", "÷ one worker"],
              [[str(row["workers"]), cell(row["flood"]["median"], step=1000), cell(row["nanoseconds"]["median"]),
                cell(row["nanoseconds"]["median"] / one, 2)] for row in shares])


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    results = json.loads(Path(sys.argv[1]).read_text())
    path = Path(sys.argv[2]) / "forward.svg"
    forward(results["rows"]).savefig(path, metadata={"Date": None, "Creator": None})
    tables(results)
    print(path)


main()
