"""Priors of alpha: what may be written, what it means, and that its draws are from it.

False alarms: Kolmogorov-Smirnov tests fail one time in 1,000 when all is right; seeds are fixed.
"""

import numpy as np
import pytest
from scipy import stats

from estimation.models.latent_class.alpha_prior import AlphaPrior, parse_alpha_prior

FORMS = {
    "gamma(0.25, 2)": stats.gamma(0.25, scale=0.5),
    "log-normal(-1, 0.5)": stats.lognorm(0.5, scale=np.exp(-1)),
    " gamma( 1e0 ,.5 ) ": stats.expon(scale=2.0),
}
every_form = pytest.mark.parametrize(("text", "known"), FORMS.items(), ids=FORMS)


@every_form
def test_density_of_log_alpha_is_the_known_one(text, known):
    shape, rate, precision = parse_alpha_prior(text).in_log_alpha
    u = np.linspace(-6, 3, 50)
    ours = shape * u - rate * np.exp(u) - precision * u**2 / 2
    assert np.ptp(ours - known.logpdf(np.exp(u)) - u) == pytest.approx(0, abs=1e-10)


@every_form
def test_draws_are_from_it(text, known):
    drawn = parse_alpha_prior(text).draw_log_alpha(np.random.default_rng(4), 5000)
    assert stats.kstest(np.exp(drawn), known.cdf).pvalue > 0.001


def test_draws_of_a_tiny_shape_are_finite():
    assert np.isfinite(AlphaPrior("gamma", 1e-3, 1.0).draw_log_alpha(np.random.default_rng(1), 1000)).all()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("gamma", "'gamma' is no prior of alpha; write"),
        ("normal(0, 1)", "is no prior of alpha; write"),
        ("gamma(1, 2, 3)", "is no prior of alpha; write"),
        ("gamma(-1, 2)", "shape and rate of the Gamma distribution must be above 0"),
        ("gamma(1, 0)", "shape and rate of the Gamma distribution must be above 0"),
        ("log-normal(0, 0)", "standard deviation between 0.01 and 100"),
        ("log-normal(1e5, 1)", "mean of log alpha must lie between -100 and 100"),
    ],
)
def test_what_is_no_prior_is_refused_in_words(text, said):
    with pytest.raises(ValueError, match=said):
        parse_alpha_prior(text)
