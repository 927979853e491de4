"""Draw the pictures of the explanations: python scripts/draw_explanations.py docs/explanation.

Kosovo's are of the packaged table; pictures of invented people are stamped.  Each needs some seconds, latent classes
the most.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes

import estimation as mse

SEED = 1


def xi() -> Axes:
    """Kosovo by the interaction of all four lists, which no table shows."""
    values = [0.25, 0.5, 0.75, 1, 1.5, 2, 4]
    model = mse.models.NoHighestOrderInteraction()
    over_xi = mse.sensitivity.vary_setting(mse.load_table("kosovo"), "xi", values, model=model, rng=SEED)
    return mse.charts.plot_curve(over_xi, scale="log", counted="people killed")


def hidden_classes() -> Axes:
    """Models on invented people of two hidden kinds, beside their true number."""
    drawn = mse.simulation.simulate(mse.simulation.load_scenario("two_hidden_classes"), rng=SEED)
    models = {
        "Independent lists": mse.models.LogLinear(),
        "Log-linear, averaged": mse.models.LogLinearAverage(),
        "Decomposable graphs": mse.models.DecomposableGraphs(),
        "Robust range": mse.models.RobustRange(),
        "No highest-order interaction": mse.models.NoHighestOrderInteraction(),
        "Latent classes": mse.models.LatentClass(),
    }
    results = {label: model.fit(drawn.table, rng=SEED) for label, model in models.items()}
    true_number = mse.claims.ReferenceFigure("The true number", "two_hidden_classes.toml", drawn.n_total)
    axes = mse.charts.plot_comparison(results, references=[true_number], counted="invented people")
    return mse.charts.stamp_synthetic(axes)


def prior() -> Axes:
    """What latent classes hold plausible before they see the lists of Kosovo, and after."""
    return mse.charts.plot_prior_predictive(
        mse.models.LatentClass().fit(mse.load_table("kosovo"), rng=SEED), counted="people killed"
    )


def linkage_error() -> Axes:
    """Kosovo, if some matches of the records had been false and some had been missed."""
    rates = [0, 0.02, 0.05, 0.1]
    model = mse.models.LogLinearAverage()
    found = mse.sensitivity.linkage_error(mse.load_table("kosovo"), rates, rates, model=model, rng=SEED)
    return mse.charts.plot_surface(found, counted="people killed")


PICTURES: dict[str, Callable[[], Axes]] = {
    "xi": xi,
    "hidden-classes": hidden_classes,
    "prior": prior,
    "linkage-error": linkage_error,
}


def main(folder: Path) -> None:
    """Draw all of them into a folder."""
    mpl.use("Agg")
    for name, draw in PICTURES.items():
        with mse.charts.style(), mpl.rc_context({"svg.hashsalt": name}):
            draw().figure.savefig(folder / f"{name}.svg", metadata={"Date": None})
        sys.stdout.write(f"{folder / name}.svg\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
