"""Two lists over their odds ratio, and every pair of lists taken as independent."""

from math import sqrt

import numpy as np
import pytest

from estimation.capture.datasets import load_table
from estimation.errors import SettingError
from estimation.models.classical.two_lists import LincolnPetersen
from estimation.models.no_highest_order import NoHighestOrderInteraction
from estimation.results.estimates import Estimate
from estimation.sensitivity.odds_ratio import odds_ratio
from estimation.sensitivity.pairs import pairs

KOSOVO = load_table("kosovo")
PAIR = ("ABA", "HRW")


def curve(values, pair=PAIR):
    return odds_ratio(KOSOVO, values, pair=pair, rng=np.random.default_rng(1))


def test_theta_is_the_odds_ratio_among_all_people():
    on = KOSOVO.keep(PAIR)
    both, one, other = on.count(*PAIR), on.count("ABA"), on.count("HRW")
    for alternative in curve([0.5, 1, 2]).alternatives:
        ((_, n, _),) = alternative.result.tables[0].rows
        n_00 = n - on.n_observed
        assert both * n_00 / (one * other) == pytest.approx(alternative.value, rel=1e-12)


def test_each_point_is_the_model_at_one_over_theta_whichever_others_are_asked_for():
    for alternative in curve([0.5, 2]).alternatives:
        alone = NoHighestOrderInteraction(1 / alternative.value, PAIR).fit(KOSOVO, rng=np.random.default_rng(1))
        assert (alternative.result.total.values == alone.total.values).all()


def test_the_baseline_is_independence():
    found = curve([1])
    assert (found.baseline.total.values == found.alternatives[0].result.total.values).all()


def test_the_larger_theta_the_more_people():
    medians = [alternative.result.median for alternative in curve([0.5, 0.8, 1, 1.2, 3]).alternatives]
    assert medians == sorted(set(medians))


def test_a_theta_the_other_lists_contradict_stays_in_the_curve():
    assert curve([0.1, 1]).finding.endswith(" Not estimable: theta = 0.1.")


def test_all_that_is_wrong_with_a_call_is_said_at_once():
    with pytest.raises(SettingError, match=r"(?s)2 problems.*theta = 0.*pair names 3"):
        curve([0, 1], ("EXH", "ABA", "HRW"))
    with pytest.raises(ValueError, match="give at least one"):
        curve([])


def test_the_published_marginal_curve_of_aba_and_hrw_comes_out():
    # Medians of Aleshin-Guendel et al. (2023), xi = 1 / theta; 10,000 draws there and 16,000 here: 4 standard errors of
    # both samples, false-alarm rate 6e-5 a figure.
    error = sqrt(0.25 * (1 / 10_000 + 1 / 16_000))
    published = {1.0: 9486, 1 / 0.9: 10307, 1 / 0.8: 11331, 1 / 0.7: 12645}
    for alternative, figure in zip(curve(list(published)).alternatives, published.values(), strict=True):
        below = float((alternative.result.total.values <= figure).mean())
        assert below == pytest.approx(0.5, abs=4 * error)


def test_each_pair_in_closed_form_is_lincoln_petersen():
    model = NoHighestOrderInteraction(2.0, draws=1000)
    found = pairs(KOSOVO, model=model, rng=np.random.default_rng(1))
    assert [a.label for a in found.alternatives] == [
        "EXH and ABA", "EXH and OSCE", "EXH and HRW", "ABA and OSCE", "ABA and HRW", "OSCE and HRW",
    ]  # fmt: skip
    for alternative in found.alternatives:
        first, second = alternative.label.split(" and ")
        alone = LincolnPetersen((first, second)).fit(KOSOVO, rng=np.random.default_rng(1))
        ((_, n, _),) = alternative.result.tables[0].rows
        assert n == pytest.approx(alone.median, rel=1e-12)


def test_the_baseline_of_the_pairs_is_the_model_as_given():
    model = NoHighestOrderInteraction(2.0, draws=1000)
    found = pairs(KOSOVO, model=model, rng=np.random.default_rng(1))
    alone = model.fit(KOSOVO, rng=np.random.default_rng(1))
    assert isinstance(alone, Estimate)
    assert (found.baseline.total.values == alone.total.values).all()
