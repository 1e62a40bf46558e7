"""Goldens of the room Radar: threshold multipliers of CFAR detectors by SciPy.

    python3 tools/golden/false_alarm.py Tests/RadarTests/Goldens

The false-alarm rate is the mean of the tail of a cell's distribution over that of the noise
estimate, which is integrated numerically here, instead of the closed forms that the room uses.
"""

import json
import pathlib
import sys

from scipy import optimize, special, stats


def estimate_density(estimator, leading, lagging, looks):
    """The density of the noise estimate, and where it has its mass."""
    def mean(cells):
        return stats.gamma(cells * looks, scale=1 / cells)
    if estimator == "orderedStatistic":
        cells = leading + lagging
        rank = max(1, min(cells, round(0.75 * cells)))
        order = stats.beta(rank, cells - rank + 1)
        cell = stats.gamma(looks)
        return (lambda y: order.pdf(cell.cdf(y)) * cell.pdf(y)), cell.ppf(order.ppf([1e-14, 1 - 1e-14]))
    if estimator == "cellAveraging" or min(leading, lagging) == 0:
        both = mean(leading + lagging)
        return both.pdf, both.ppf([1e-15, 1 - 1e-15])
    one, other = mean(leading), mean(lagging)
    if estimator == "greatestOf":
        density = lambda y: one.pdf(y) * other.cdf(y) + other.pdf(y) * one.cdf(y)
    else:
        density = lambda y: one.pdf(y) * other.sf(y) + other.pdf(y) * one.sf(y)
    reach = [min(one.ppf(1e-15), other.ppf(1e-15)), max(one.isf(1e-15), other.isf(1e-15))]
    return density, reach


def rate(multiplier, estimator, leading, lagging, looks):
    density, (low, high) = estimate_density(estimator, leading, lagging, looks)
    # Fixed panels of Gauss and Legendre: adaptive quadrature loses its way in small tails.
    nodes, weights = special.roots_legendre(40)
    total = 0.0
    panels = 60
    for panel in range(panels):
        a = low + (high - low) * panel / panels
        b = low + (high - low) * (panel + 1) / panels
        y = (a + b) / 2 + (b - a) / 2 * nodes
        tail = special.gammaincc(looks, multiplier * y)
        total += (b - a) / 2 * float((weights * tail * density(y)).sum())
    return total


cases = []
for estimator in ("cellAveraging", "greatestOf", "smallestOf", "orderedStatistic"):
    for leading, lagging in ((8, 8), (12, 12), (8, 3), (0, 8), (20, 33)):
        for looks in (1, 3, 8):
            for wanted in (1e-2, 1e-4, 1e-6):
                root = optimize.brentq(
                    lambda place: special.logit(rate(10 ** place, estimator, leading, lagging, looks))
                    - special.logit(wanted), -1.5, 3, xtol=1e-13)
                cases.append({
                    "estimator": estimator, "leading": leading, "lagging": lagging, "looks": looks,
                    "falseAlarmRate": wanted, "multiplier": 10 ** root,
                })

path = pathlib.Path(sys.argv[1]) / "false_alarm.json"
path.write_text(json.dumps({"relativeTolerance": 1e-8, "cases": cases}) + "\n")
