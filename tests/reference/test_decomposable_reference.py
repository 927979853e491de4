"""Decomposable graphs against the R package dga 2.0.2 (R 4.2.2), by number only, and against Madigan, York (1997).

The calls, with `counts` the table as a 2 x ... x 2 array, `graphs` the package's graphs for that many lists, which
include the saturated one, and `n` the people observed:

    Kosovo       bma.cr(counts, Nmissing = 0:40000, delta = 1/16, graphs4)     and delta = 0.5, 1
                 the same with logprior = 0 for the flat prior; saturated graph out: graphs4 without it, 0:(10 * n)
    UK, 5 lists  bma.cr(counts, Nmissing, delta = 1/32, graphs5)               and delta = 0.5
                 Nmissing to 30 n with the saturated graph in (20,001 equally spaced values, see below), to 10 n without
    Congenital   bma.cr(counts, Nmissing = 1:300, delta = 0.5, graphs5)
    Spina bifida bma.cr(counts, Nmissing = 1:300, delta = 1, graphs3, logprior = N log b - (N + a) log(1 + b)
                 + lgamma(N + a) - lgamma(N + 1) - lgamma(a)), a = 13.14, b = 55.17: the example of Madigan, York (1997)
"""

import numpy as np
import pytest

from estimation.capture.table import CaptureTable
from estimation.models.graphs.chordal_graphs import chordal_graphs
from estimation.models.graphs.decomposable import DecomposableGraphs
from estimation.models.graphs.graph_posterior import graph_posterior
from estimation.models.graphs.prior_on_n import parse_prior_on_n
from estimation.results.totals import Grid

KOSOVO = CaptureTable.from_histories(
    ["EXH", "ABA", "OSCE", "HRW"],
    {
        "1000": 1131, "0100": 845, "0010": 936, "0001": 306, "1100": 177, "1010": 228, "1001": 106, "0110": 217,
        "0101": 31, "0011": 123, "1110": 181, "1101": 18, "1011": 42, "0111": 32, "1111": 27,
    },
)  # fmt: skip
CONGENITAL = CaptureTable.from_histories(
    ["D1", "D2", "D3", "D4", "D5"],
    {
        "00001": 83, "00010": 97, "00011": 30, "00100": 4, "00101": 3, "00110": 2, "01000": 37, "01001": 34,
        "01010": 37, "01011": 23, "01100": 1, "01110": 3, "10000": 27, "10001": 36, "10010": 22, "10011": 5,
        "10100": 4, "10101": 5, "10110": 1, "10111": 3, "11000": 19, "11001": 18, "11010": 25, "11011": 8,
        "11100": 1, "11101": 2, "11110": 5, "11111": 2,
    },
)  # fmt: skip
SPINA_BIFIDA = CaptureTable.from_histories(
    ["birth", "death", "rehabilitation"],
    {"001": 60, "010": 49, "011": 4, "100": 247, "101": 112, "110": 142, "111": 12},
)
UK_LISTS = ["LA", "NG", "PF", "GO", "GP", "NCA"]
UK_COUNTS = {
    "LA": 54, "NG": 463, "PF": 907, "GO": 695, "GP": 316, "NCA": 57, "LA.NG": 15, "LA.PF": 19, "LA.GO": 3, "NG.PF": 56,
    "NG.GO": 19, "NG.GP": 1, "NG.NCA": 3, "PF.GO": 69, "PF.GP": 10, "PF.NCA": 31, "GO.GP": 8, "GO.NCA": 6, "GP.NCA": 1,
    "LA.NG.PF": 1, "LA.NG.GO": 1, "NG.PF.GO": 4, "NG.PF.NCA": 3, "PF.GO.NCA": 1, "LA.NG.PF.GO": 1,
}  # fmt: skip
UK = CaptureTable(
    UK_LISTS, [[name in on.split(".") for name in UK_LISTS] for on in UK_COUNTS], list(UK_COUNTS.values())
)
UK_FIVE = UK.merge(["PF", "NCA"], into="PFNCA")


def fit(table, **settings):
    return DecomposableGraphs(**settings).fit(table, rng=np.random.default_rng(1))


def limits(result):
    interval = result.interval(0.95)
    return interval.lower, interval.upper


def weights(result):
    return {row[0]: row[1] for row in result.tables[0].rows}


def test_kosovo_at_one_sixteenth():
    result = fit(KOSOVO, delta=1 / 16, include_saturated=True, n_0_max=40_000)
    assert round(result.mean, 3) == 12_749.344
    assert (result.median, result.total.mode) == (12_595, 12_267)
    assert round(result.sd, 3) == 1715.207
    assert limits(result) == (9827, 16_544)
    assert round(weights(result)["[EXH.ABA.OSCE, EXH.OSCE.HRW]"], 4) == 0.9855


def test_kosovo_by_default_leaves_out_a_saturated_graph_of_weight_one_in_a_million():
    result = fit(KOSOVO)
    assert result.mean == pytest.approx(12_749.34, abs=0.015)
    assert limits(result) == (9827, 16_544)
    assert result.diagnostics.ok


def test_kosovo_with_a_flat_prior():
    result = fit(KOSOVO, include_saturated=True, prior_on_n="flat", n_0_max=40_000)
    assert round(result.mean, 3) == 12_980.096
    assert limits(result) == (10_074, 16_915)


def test_kosovo_at_one_half():
    result = fit(KOSOVO, delta=0.5, include_saturated=True, n_0_max=40_000)
    assert round(result.mean, 3) == 11_013.647
    assert limits(result) == (4481, 14_484)
    assert round(weights(result)["[EXH.ABA.OSCE.HRW]"], 4) == 0.0635
    without = fit(KOSOVO, delta=0.5, n_0_max=44_000)
    assert round(without.mean) == 11_439
    assert limits(without) == (7536, 14_539)


def test_kosovo_at_one():
    result = fit(KOSOVO, delta=1.0, include_saturated=True, n_0_max=40_000)
    assert round(result.mean, 2) == 4828.03
    assert limits(result) == (4407, 6844)
    without = fit(KOSOVO, delta=1.0, n_0_max=44_000)
    assert round(without.mean) == 9458
    assert limits(without) == (6945, 12_745)


def test_congenital_anomaly():
    result = fit(CONGENITAL, delta=0.5, include_saturated=True, n_0_max=300)
    assert (round(result.mean, 4), result.median, result.total.mode) == (617.8159, 616, 614)
    assert round(result.sd, 4) == 17.2625
    assert limits(result) == (588, 655)
    first, second = result.tables[0].rows[:2]
    assert (first[0], round(first[1], 5)) == ("[D1.D2, D1.D3, D2.D4, D4.D5]", 0.21707)
    assert (second[0], round(second[1], 5)) == ("[D1.D2, D1.D3, D4.D5]", 0.16029)


SPINA_PRIOR = "gamma-poisson(13.14, 55.17)"


def from_one_unseen(grid):
    """The posterior on n_0 = 1, 2, ..., as in the reference."""
    return Grid(grid.values[1:], grid.probabilities[1:])


def bayes_estimate(grid):
    """The estimate that is best under squared relative error, E[1/N] / E[1/N^2]."""
    return (grid.probabilities @ (1 / grid.values)) / (grid.probabilities @ (1 / grid.values**2))


def test_spina_bifida_averaged():
    result = fit(SPINA_BIFIDA, delta=1.0, include_saturated=True, prior_on_n=SPINA_PRIOR, n_0_max=300)
    grid = from_one_unseen(result.total)
    assert round(grid.mean, 2) == 733.45
    assert (grid.quantile(0.025), grid.quantile(0.975)) == (682, 797)
    assert round(bayes_estimate(grid)) == 731
    assert grid.mode == 728
    assert round(result.tables[0].rows[0][1], 2) == 0.37


def test_spina_bifida_under_the_top_model():
    graphs = chordal_graphs(3)
    top = next(g for g in range(8) if graphs.label(g, SPINA_BIFIDA.lists) == "[birth, death.rehabilitation]")
    found = graph_posterior(
        SPINA_BIFIDA,
        graphs.take(np.array([top])),
        graphs.take(np.array([7])),
        delta=1.0,
        prior=parse_prior_on_n(SPINA_PRIOR),
        n_0_max=300,
    )
    grid = from_one_unseen(Grid(626 + np.arange(301), found.probabilities))
    assert round(bayes_estimate(grid)) == 731
    assert grid.mode == 729


def test_uk_five_lists_at_one_thirty_second():
    n = UK_FIVE.n_observed
    result = fit(UK_FIVE, include_saturated=True, n_0_max=30 * n)
    assert round(result.mean) == 21_282
    assert limits(result)[0] == 10_387
    assert limits(result)[1] == pytest.approx(33_511, abs=4.2)  # the reference's values are 4.116 apart
    without = fit(UK_FIVE, n_0_max=10 * n)
    assert round(without.mean) == 20_228
    assert limits(without) == (10_343, 29_446)


def test_uk_five_lists_at_one_half():
    n = UK_FIVE.n_observed
    without = fit(UK_FIVE, delta=0.5, n_0_max=10 * n)
    assert round(without.mean) == 4659
    assert limits(without) == (3887, 5685)
    result = fit(UK_FIVE, delta=0.5, include_saturated=True, n_0_max=30 * n)
    assert round(weights(result)["[LA.NG.PFNCA.GO.GP]"], 3) == 0.995


def test_uk_five_lists_at_one_half_with_the_saturated_graph_on_the_coarse_values_of_the_reference():
    # The saturated posterior is steep at n_0 = 0 (as n_0^-1/2), so that the 20,001 equally spaced values between 0 and
    # 30 n give 2,832 and 2,744 to 3,238 where the sum over all whole numbers is 2,847 and 2,744 to 3,276.
    result = fit(UK_FIVE, delta=0.5, include_saturated=True, n_0_max=30 * UK_FIVE.n_observed)
    people = result.total.values.astype(float)
    spaced = np.linspace(0, 30 * UK_FIVE.n_observed, 20_001)
    log_p = np.interp(spaced + UK_FIVE.n_observed, people, np.log(result.total.probabilities.clip(min=1e-300)))
    p = np.exp(log_p) / np.exp(log_p).sum()
    assert round(float(p @ spaced) + UK_FIVE.n_observed) == 2832
    assert round(float(spaced[np.searchsorted(np.cumsum(p), 0.975)]) + UK_FIVE.n_observed) == 3238
    assert round(result.mean) == 2847
