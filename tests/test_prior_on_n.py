"""Priors on N from their text."""

import numpy as np
import pytest
from scipy.special import gammaln
from scipy.stats import nbinom

from estimation.models.graphs.prior_on_n import PriorOnN, parse_prior_on_n


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1/N", PriorOnN("1/N")),
        (" flat ", PriorOnN("flat")),
        ("gamma-poisson(13.14, 55.17)", PriorOnN("gamma-poisson", 13.14, 55.17)),
        ("gamma-poisson(2,1e3)", PriorOnN("gamma-poisson", 2, 1000)),
        ("flat up to 20000", PriorOnN("flat", upper=20_000)),
        ("1/N up to 45,000", PriorOnN("1/N", upper=45_000)),
        ("gamma-poisson(1, 2) up to 9", PriorOnN("gamma-poisson", 1, 2, 9)),
        ("log-normal(8000, 20000)", PriorOnN("log-normal", median=8000, percentile_90=20_000)),
        ("log-normal( 5e3,1e4 ) up to 9,000", PriorOnN("log-normal", upper=9000, median=5000, percentile_90=10_000)),
    ],
)
def test_each_form_is_read(text, expected):
    assert parse_prior_on_n(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "uniform", "1/n", "gamma-poisson(1)", "flat up to", "flat up to many", "1 / N", "gamma-poisson(1.2.3, 4)"],
)
def test_a_text_that_names_no_prior_is_refused_with_the_forms(text):
    with pytest.raises(
        ValueError, match=r'is no prior on N; write "1/N", "flat", "gamma-poisson\(shape, scale\)" or "log-'
    ):
        parse_prior_on_n(text)


@pytest.mark.parametrize("text", ["gamma-poisson(0, 5)", "gamma-poisson(2, 0)", "gamma-poisson(1e999, 1)"])
def test_a_gamma_without_shape_or_scale_is_refused(text):
    with pytest.raises(ValueError, match="must be above 0 and finite"):
        parse_prior_on_n(text)


@pytest.mark.parametrize("text", ["log-normal(9000, 8000)", "log-normal(0, 5)", "log-normal(5, 5)"])
def test_a_median_that_is_not_below_the_percentile_is_refused(text):
    with pytest.raises(ValueError, match="below the number that N is below with probability 90 %"):
        parse_prior_on_n(text)


@pytest.mark.parametrize(("median", "percentile_90"), [(8000, 20_000), (700, 800)])
def test_half_of_a_log_normal_prior_is_below_its_median_and_nine_tenths_below_its_percentile(median, percentile_90):
    prior = parse_prior_on_n(f"log-normal({median}, {percentile_90})")
    people = np.linspace(1, 60 * percentile_90, 2_000_001)
    below = np.cumsum(np.exp(prior.log_density(people)))
    found = people[np.searchsorted(below / below[-1], [0.5, 0.9])]
    assert found == pytest.approx([median, percentile_90], rel=2e-3)


def test_a_prior_below_the_people_observed_is_called_contradicted():
    prior = parse_prior_on_n("log-normal(2000, 3000)")
    assert "99 % of its probability below the 4,400 people observed" in prior.contradicted_by(4400)[0]
    assert prior.contradicted_by(1500) == ()
    assert parse_prior_on_n("1/N").contradicted_by(4400) == ()


def test_an_upper_bound_of_nobody_is_refused():
    with pytest.raises(ValueError, match="at least 1"):
        parse_prior_on_n("flat up to 0")


def test_gamma_poisson_is_the_published_formula_and_a_negative_binomial():
    a, b = 13.14, 55.17
    people = np.arange(1.0, 2001.0)
    found = PriorOnN("gamma-poisson", a, b).log_density(people)
    written = people * np.log(b) - (people + a) * np.log(1 + b) + gammaln(people + a) - gammaln(people + 1) - gammaln(a)
    assert np.ptp(found - written) < 1e-10
    assert np.ptp(found - nbinom.logpmf(people, a, 1 / (1 + b))) < 1e-9


def test_priors_say_what_they_are():
    assert "order of magnitude" in parse_prior_on_n("1/N").sentence
    assert parse_prior_on_n("flat up to 9000").sentence.endswith("and N is at most 9,000.")
    mean, sd = 13.14 * 55.17, (13.14 * 55.17 * 56.17) ** 0.5
    said = parse_prior_on_n("gamma-poisson(13.14, 55.17)").sentence
    assert f"{mean:,.0f} people, give or take {sd:,.0f}" in said
