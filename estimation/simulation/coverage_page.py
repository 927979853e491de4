"""The coverage page: the scores of each model in each scenario, in tables and words; the program writes all numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from estimation.models.protocol import settings_of_numbers
from estimation.provenance import Setting
from estimation.simulation.coverage_study import Scores
from estimation.simulation.scores import Measure, Score
from estimation.simulation.trials import LEVEL

__all__ = ["coverage_page"]

_FAR = 3.0
"""Standard errors below the level from which coverage falls short."""


def coverage_page(scores: Scores, *, command: str, subject: str = "") -> str:
    """The page: coverage, bias and length of each model in each scenario, and which models fail where.

    Parameters
    ----------
    scores : Scores
        From `coverage_study`.
    command : str
        The command that made them.
    subject : str
        What kind of tables, for the title.

    Returns
    -------
    str
        Markdown.
    """
    parts = [
        f"# Simulation study: coverage of the intervals{f', {subject}' if subject else ''}",
        _opening(scores, command),
        f"## Coverage of the {LEVEL * 100:g} % interval",
        "Per cent of tables whose interval contains the true number, ± Monte Carlo standard error. "
        f"**Bold**: more than {_FAR:g} standard errors below {LEVEL * 100:g}. In brackets, where some tables have no "
        "estimate: per cent of all tables, those without an estimate counted as missed.",
        _table(scores, _coverage),
        "## Bias",
        "Median of (estimate - N) / N, in per cent; negative where the estimate is too low.",
        _table(scores, lambda each: _percent(each.bias, signed=True)),
        "## Length of the interval",
        "Median of (upper - lower) / N, in per cent. A long interval that contains N says little; a short one that "
        "does not contain it misleads.",
        _table(scores, lambda each: _percent(each.length)),
        *_remarks(scores),
        "## Which models fail, and why",
        *_scenarios(scores),
        "## Tables without an estimate",
        _without(scores),
        "## The models and their settings",
        "\n".join(_model(label, scores) for label in scores.models),
    ]
    return "\n\n".join(parts) + "\n"


def _opening(scores: Scores, command: str) -> str:
    return (
        "**SYNTHETIC data.** Tables are drawn from invented populations whose size N is known, and every model is "
        f"fitted to the same tables: {scores.scores[0].replications} of each scenario. "
        f"Where a model's assumptions hold, its {LEVEL * 100:g} % interval should contain N in {LEVEL * 100:g} of 100 "
        "tables; where they do not hold, this page shows how often it does. An estimate marked as a bound is a lower "
        "bound of N: its interval has a lower end only.\n\n"
        f"Made by `{command}` (seed {scores.seed}); the program writes every number on this page. The scenarios are "
        "the files in `data/synthetic_scenarios`. Standard errors: Agresti, Coull (1998) for shares, McKean, Schrader "
        "(1984) for medians."
    )


def _table(scores: Scores, cell: Callable[[Score], str]) -> str:
    """One row a model, one column a scenario."""
    rows = [["", *(scenario.title for scenario in scores.scenarios.values())]]
    for label in scores.models:
        rows.append([_called(label, scores), *(cell(scores.of(name, label)) for name in scores.scenarios)])
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "|---|" + "---:|" * len(scores.scenarios), *lines[1:]])


def _called(label: str, scores: Scores) -> str:
    """A model's label, and whether it is a bound."""
    bound = any(each.is_lower_bound for each in scores.scores if each.model == label)
    return f"{label} (bound)" if bound else label


def _percent(measure: Measure | None, *, signed: bool = False) -> str:
    if measure is None:
        return "no estimate"
    if math.isinf(measure.value):
        return "no upper limit"
    error = "" if math.isinf(measure.error) else f" ± {100 * measure.error:.1f}"
    return f"{100 * measure.value:+.1f}{error}" if signed else f"{100 * measure.value:.1f}{error}"


def _short(each: Score) -> bool:
    """Whether coverage is so far below the level that Monte Carlo error does not explain it."""
    return each.coverage is not None and each.coverage.value < LEVEL - _FAR * each.coverage.error


def _coverage(each: Score) -> str:
    written = _percent(each.coverage)
    written = f"**{written}**" if _short(each) else written
    return f"{written} ({100 * each.coverage_of_all:.1f} of all)" if each.not_estimable else written


def _remarks(scores: Scores) -> Iterable[str]:
    """What the three tables show together about a model."""
    for label, model in scores.models.items():
        own = [each for each in scores.scores if each.model == label]
        lengths = [each.length.value for each in own if each.length is not None]
        if lengths and 1 < min(lengths) < math.inf:
            yield (
                f"**{label}** reaches its coverage with intervals that are typically {min(lengths):.1f} to "
                f"{max(lengths):.1f} times as long as N."
            )
        if model.name == "chao" and any((each.too_high or 0) > (1 - LEVEL) / 2 + 0.1 for each in own):
            yield (
                f"**{label}** is no bound where lists differ in size, and not called one where that can be seen in the "
                "table."
            )


def _scenarios(scores: Scores) -> Iterable[str]:
    """For each scenario its note, its numbers, and which models fall short there."""
    for name, scenario in scores.scenarios.items():
        sizes = ", ".join(
            f"{called} {size:,.0f}" for called, size in zip(scenario.lists, scenario.expected_list_sizes, strict=True)
        )
        yield (
            f"### {scenario.title}\n\n{scenario.note}\n\n"
            f"N = {scenario.n_total:,}; expected list sizes {sizes}; about {scenario.expected_observed:,.0f} people on "
            f"at least one list. {_verdict([scores.of(name, label) for label in scores.models])}"
        )


def _verdict(row: list[Score]) -> str:
    """Which models fall short, and on which side the intervals miss."""
    short = [each for each in row if _short(each)]
    scored = [each for each in row if each.coverage is not None]
    if not short:
        return f"None of the {len(scored)} models falls short."
    low = [each.model for each in short if (each.too_low or 0) >= (each.too_high or 0)]
    high = [each.model for each in short if each.model not in low]
    sentences = [f"{len(short)} of {len(scored)} models {'fall' if len(short) > 1 else 'falls'} short."]
    if low:
        sentences.append(f"Intervals mostly too low: {'; '.join(low)}.")
    if high:
        sentences.append(f"Intervals mostly too high: {'; '.join(high)}.")
    best = max(scored, key=lambda each: each.coverage.value if each.coverage else 0.0)
    if len(short) == len(scored) and best.coverage is not None:
        sentences.append(f"The highest coverage is {_percent(best.coverage)} %, by {best.model}.")
    return " ".join(sentences)


def _without(scores: Scores) -> str:
    missing = [each for each in scores.scores if each.not_estimable]
    if not missing:
        return "None: every model gave an estimate for every table."
    return "\n".join(
        f"- {each.model}, {scores.scenarios[each.scenario].title}: {each.not_estimable} of {each.replications}. "
        f"Most frequent reason: {each.reason}"
        for each in missing
    )


def _model(label: str, scores: Scores) -> str:
    model = scores.models[label]
    settings = ", ".join(f"{name} = {_plain(value)}" for name, value in settings_of_numbers(model))
    return f"- {label}: `{model.name}`{f' with {settings}' if settings else ''}. {model.assumptions[0]}"


def _plain(value: Setting) -> str:
    if isinstance(value, tuple):
        return " and ".join(_plain(part) for part in value)
    return "not set" if value is None else f"{value}"
