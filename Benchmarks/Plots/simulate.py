#!/usr/bin/env python3
"""Draws what `Benchmarks simulate --json FILE` has written.

usage: simulate.py FILE FOLDER

Writes FOLDER/SCENARIO.svg: for each set-up the median, p99 and p99.9 of every policy over the bound's, and for a server that goes
bad and comes back its share of the picks over time. Needs matplotlib.
"""

import json
import pathlib
import sys

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt  # noqa: E402

matplotlib.rcParams["svg.hashsalt"] = "simulate"
matplotlib.rcParams["svg.fonttype"] = "none"
matplotlib.rcParams["font.size"] = 8


def bars(axes, rows):
    """Ratios to the bound: beyond 5 they are cut and written out."""
    names = [row["policy"] for row in rows]
    for offset, (key, label) in enumerate([("p50", "p50"), ("p99", "p99"), ("p999", "p99.9")]):
        ratios = [row[key].get("ratio") or 0 for row in rows]
        places = [index + 0.27 * (offset - 1) for index in range(len(rows))]
        axes.barh(places, [min(ratio, 5) for ratio in ratios], 0.25, label=label)
        for place, ratio in zip(places, ratios):
            axes.text(min(ratio, 5) + 0.02, place, f"{ratio:.3g}", va="center", fontsize=6)
    axes.set_yticks(range(len(rows)), names)
    axes.invert_yaxis()
    axes.axvline(1, color="black", linewidth=0.6)
    axes.set_xlim(0.5, 5.4)
    axes.set_xlabel("÷ somebody who sees all queues")
    axes.set_title(rows[0]["setup"])
    axes.legend(loc="lower right")


def course(axes, rows, key, title):
    """The share of the watched server over time, in percent of its fair share."""
    for row in rows:
        shares = row[key]
        axes.plot([0.05 * step for step in range(len(shares))], shares, label=row["policy"], linewidth=0.9)
    axes.set_yscale("symlog", linthresh=10)
    axes.set_xlim(0, min(10, 0.05 * max(len(row[key]) for row in rows)))
    axes.set_ylim(0, 1000)
    axes.axhline(10, color="black", linewidth=0.5, linestyle=":")
    axes.set_xlabel("s")
    axes.set_ylabel("% of the fair share")
    axes.set_title(title)
    axes.legend(fontsize=6)


def main(source, folder):
    summaries = json.loads(pathlib.Path(source).read_text())["summaries"]
    pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
    for scenario in dict.fromkeys(row["scenario"] for row in summaries):
        setups = {}
        for row in summaries:
            if row["scenario"] == scenario:
                setups.setdefault(row["setup"], []).append(row)
        panels = []
        for rows in setups.values():
            panels.append(lambda axes, rows=rows: bars(axes, rows))
            if rows[0]["shareAfterOnset"]:
                panels.append(lambda axes, rows=rows: course(axes, rows, "shareAfterOnset", "it goes bad, or is new"))
                panels.append(lambda axes, rows=rows: course(axes, rows, "shareAfterEnd", "it is well again"))
        figure, all_axes = plt.subplots(len(panels), 1, figsize=(7, 3.2 * len(panels)), squeeze=False)
        for axes, draw in zip(all_axes[:, 0], panels):
            draw(axes)
        figure.suptitle(scenario)
        figure.tight_layout()
        figure.savefig(pathlib.Path(folder) / f"{scenario}.svg", metadata={"Date": None})
        plt.close(figure)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
