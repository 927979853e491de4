"""The latent-class model in PyMC: its density against the compiled sweeps', its settings, and a small fit.

The density of the graph is evaluated by Python, so that nothing is compiled; one small fit compiles.
False alarms: comparisons of Monte Carlo averages are made at 4 Monte Carlo standard errors (6 in 100,000 each).
"""

import arviz
import numpy as np
import pytensor
import pytest

from estimation.capture.datasets import load_table
from estimation.capture.table import CaptureTable
from estimation.errors import SettingError
from estimation.models.latent_class.alpha_prior import parse_alpha_prior
from estimation.models.latent_class.gibbs import LatentClass
from estimation.models.latent_class.in_pymc import LatentClassPyMC, build_model
from estimation.models.latent_class.kernel import marginal_density
from estimation.models.latent_class.state import Cells, Prior, Workspace
from estimation.models.missing_cell import draw_unseen
from estimation.models.nuts import NoStartError
from estimation.models.protocol import Model
from estimation.models.registry import make_model
from estimation.results.estimates import Estimate, NotEstimable

HEPATITIS = load_table("hepatitis_a")
KOSOVO = load_table("kosovo")
# With steps this small the first attempt has no divergences, so that there is no second one of twice the length.
SMALL = LatentClassPyMC(
    classes=3, alpha_prior="log-normal(-1, 0.7)", chains=2, draws=1500, warmup=500, target_accept=0.99
)


def graph_density(table, settings):
    """Log density and gradient of the graph at a place laid out as the sweeps lay it out: logits, log E, log alpha."""
    model = build_model(table, settings)
    value = model.logp()
    names = [variable.name for variable in model.value_vars]
    gradient = pytensor.gradient.grad(value, model.value_vars)
    # Kept as Python: compiling would take longer than all that this is used for.
    mode = pytensor.compile.mode.Mode(linker="py", optimizer="fast_compile")
    evaluate = pytensor.function(model.value_vars, [value, *gradient], mode=mode)
    lists, classes = len(table.lists), settings.classes

    def at(x):
        parts = {
            "logit_capture": x[: lists * classes].reshape(lists, classes),
            "stick_log__": x[lists * classes : -1],
            "alpha_log__": x[-1],
        }
        log_density, *slopes = evaluate(*[parts[name] for name in names])
        slope = dict(zip(names, slopes, strict=True))
        return float(log_density), np.concatenate([np.ravel(slope[name]) for name in parts])

    return at


def sweeps_density(table, settings):
    shape, rate, precision = parse_alpha_prior(settings.alpha_prior).in_log_alpha
    prior = Prior(shape, rate, *settings.capture_numbers(len(table.lists)), precision)
    cells = Cells.of(table)
    work = Workspace.for_table(settings.classes, len(table.lists), cells.counts.size)

    def at(x):
        gradient = np.empty(x.size)
        return marginal_density(x, cells, prior, work.mixture, gradient), gradient

    return at


@pytest.mark.parametrize(
    ("table", "settings"),
    [
        (KOSOVO, {}),
        (KOSOVO, {"classes": 6, "alpha_prior": "log-normal(-1, 0.7)", "capture_a": 0.6, "capture_b": 2.5}),
        (HEPATITIS, {"classes": 4, "alpha_prior": "gamma(2, 3)", "expansion": (1.1, 5)}),
    ],
)
def test_the_density_and_its_gradient_are_those_of_the_sweeps_up_to_a_constant(table, settings):
    settings = LatentClassPyMC(**settings)
    graph, sweeps = graph_density(table, settings), sweeps_density(table, settings)
    rng = np.random.default_rng(11)
    apart = []
    for spread in (0.3, 1, 3, 10, 30):  # to logits of 60 and sticks of 1e-30
        for _ in range(4):
            x = rng.normal(0, spread, len(table.lists) * settings.classes + settings.classes)
            x[len(table.lists) * settings.classes :] = np.minimum(x[len(table.lists) * settings.classes :], 4)
            (one, slope), (other, other_slope) = graph(x), sweeps(x)
            apart.append(one - other)
            np.testing.assert_allclose(slope, other_slope, rtol=1e-8, atol=1e-8 * table.n_observed)
    assert np.ptp(apart) < 1e-8


def test_the_model_can_be_extended_and_keeps_its_names():
    model = build_model(HEPATITIS, LatentClassPyMC(classes=4))
    assert [variable.name for variable in model.free_RVs] == ["alpha", "stick", "logit_capture"]
    assert [variable.name for variable in model.potentials] == ["log_likelihood"]
    assert [variable.name for variable in model.deterministics] == ["log_share", "log_odds_unseen"]
    with model:
        import pymc

        pymc.Potential("one_more", model["log_share"][0])
    assert len(model.potentials) == 2


def test_draws_from_the_prior_of_the_graph_are_the_stated_prior():
    import pymc

    settings = LatentClassPyMC(classes=3, capture_a=2.0, capture_b=5.0)
    with pytensor.config.change_flags(mode="FAST_COMPILE"):
        logit = pymc.draw(build_model(KOSOVO, settings)["logit_capture"], draws=500, random_seed=1)
    lambda_ = 1 / (1 + np.exp(-logit))
    # Beta(2, 5): mean 2/7, standard deviation 0.16; 6,000 independent draws, 4 standard errors.
    assert lambda_.shape == (500, 4, 3)
    assert lambda_.mean() == pytest.approx(2 / 7, abs=4 * 0.16 / 6000**0.5)


def test_unseen_people_have_the_mean_and_variance_of_the_negative_binomial():
    drawn = draw_unseen(np.full((4, 50_000), np.log(0.25)), 40, np.random.default_rng(1))
    # Mean n odds = 10, variance n odds (1 + odds) = 12.5; 4 standard errors of 200,000 draws.
    assert drawn.mean() == pytest.approx(10, abs=4 * (12.5 / 200_000) ** 0.5)
    assert drawn.var() == pytest.approx(12.5, rel=4 * (3 / 200_000) ** 0.5)
    assert draw_unseen(np.array([0.0, 40.0]), 40, np.random.default_rng(1)) is None


class TestSettings:
    def test_all_bad_ones_are_named_together_with_those_of_the_shared_prior(self):
        with pytest.raises(SettingError) as caught:
            LatentClassPyMC(
                classes=1,
                capture_a=-1.0,
                capture_b=1,
                alpha_prior="flat",
                chains=1,
                draws=5,
                warmup=2.5,
                target_accept=1,
            )
        for name in ("classes = 1", "capture_a = -1", "alpha_prior", "chains = 1", "draws = 5", "warmup = 2.5"):
            assert name in str(caught.value)
        assert len(caught.value.problems) == 7

    def test_have_the_names_and_defaults_of_the_other_route(self):
        for name in ("classes", "alpha_prior", "capture_a", "capture_b", "expansion"):
            assert getattr(LatentClassPyMC(), name) == getattr(LatentClass(), name)

    def test_can_be_given_by_name(self):
        model = make_model("latent-class-pymc", {"classes": "5", "expansion": [1.1, 5]})
        assert model == LatentClassPyMC(classes=5, expansion=(1.1, 5.0))
        assert isinstance(model, Model)
        assert model.assumptions == LatentClass(classes=5, expansion=(1.1, 5.0)).assumptions


@pytest.fixture(scope="module")
def fitted():
    return SMALL.fit(HEPATITIS, rng=np.random.default_rng(3))


# Two attempts of a few draws, which are too few for a number: all that is drawn is kept beside the reason.
BRIEF = LatentClassPyMC(classes=3, alpha_prior="log-normal(-1, 0.7)", chains=2, draws=100, warmup=100)


@pytest.fixture(scope="module")
def brief():
    return BRIEF.fit(HEPATITIS, rng=np.random.default_rng(1))


@pytest.mark.whole  # compiling takes 20 seconds in every process
class TestASmallFit:
    def test_has_the_posterior_of_the_sweeps(self, fitted):
        sweeps = LatentClass(
            classes=3, alpha_prior="log-normal(-1, 0.7)", chains=4, warmup=600, sweeps=4000, draws=2000
        )
        other = sweeps.fit(HEPATITIS, rng=np.random.default_rng(1))
        assert isinstance(fitted, Estimate), fitted
        pairs = [(np.log(fitted.total.values), np.log(other.total.values))]
        pairs += [(fitted.total.monitored[name], other.total.monitored[name]) for name in other.total.monitored]
        assert len(pairs) == 3
        for one, two in pairs:
            errors = [np.asarray(arviz.mcse(np.asarray(v, dtype=float), method="mean")).item() for v in (one, two)]
            error = np.hypot(*errors)
            assert abs(one.mean() - two.mean()) < 4 * error

    def test_monitors_and_checks_what_the_other_route_does_and_divergences(self, fitted):
        assert set(fitted.total.monitored) == {"log alpha", "occupied classes"}
        names = {check.name for check in fitted.diagnostics.checks}
        assert {"R-hat of N", "R-hat of log alpha", "bulk ESS of occupied classes", "divergences"} <= names
        assert fitted.total.values.min() >= HEPATITIS.n_observed

    def test_too_short_to_trust_gives_no_number_but_its_draws(self, brief):
        assert isinstance(brief, NotEstimable)
        assert "raise draws" in brief.reason
        assert brief.evidence.values.shape == (2, 200)

    def test_is_the_same_to_the_bit_whatever_the_workers_and_what_was_fitted_before(self, brief):
        other = CaptureTable.from_histories(["a", "b", "c"], {"100": 50, "010": 30, "001": 20, "110": 9, "011": 4})
        BRIEF.fit(other, rng=np.random.default_rng(0))
        again = BRIEF.fit(HEPATITIS, rng=np.random.default_rng(1), workers=2)
        assert np.array_equal(brief.evidence.values, again.evidence.values)
        assert np.array_equal(brief.evidence.monitored["log alpha"], again.evidence.monitored["log alpha"])


class TestWhatGivesNoNumber:
    @pytest.mark.parametrize(
        ("lists", "histories", "said"),
        [
            (["A", "B"], {"10": 5, "01": 4, "11": 3}, "two lists"),
            (["A", "B", "C"], {"100": 5, "010": 4, "110": 2}, "nobody is on C"),
            (["A", "B", "C"], {"100": 5, "010": 4, "001": 2}, "nobody is on more than one list"),
        ],
    )
    def test_a_table_that_cannot_carry_the_model(self, lists, histories, said):
        table = CaptureTable.from_histories(lists, histories)
        result = LatentClassPyMC().fit(table, rng=np.random.default_rng(1))
        assert isinstance(result, NotEstimable)
        assert said in result.reason
        assert result.model == "latent-class-pymc"

    def test_a_sampler_without_a_place_to_start(self, monkeypatch):
        def no_start(*_, **__):
            raise NoStartError

        monkeypatch.setattr("estimation.models.nuts_attempts.run_sampler", no_start)
        monkeypatch.setattr("estimation.models.latent_class.in_pymc._compiled_density", lambda *_: Untouched())
        result = SMALL.fit(HEPATITIS, rng=np.random.default_rng(1))
        assert isinstance(result, NotEstimable)
        assert "finds no place to start from" in result.reason

    @pytest.mark.parametrize(("divergences", "refused"), [(1, False), (41, True)])
    def test_more_than_one_divergent_draw_in_a_hundred(self, monkeypatch, divergences, refused):
        rng = np.random.default_rng(1)
        drawn = {
            "alpha": rng.gamma(2, 1, (2, 1000)),
            "stick": rng.standard_exponential((2, 1000, 2)),
            "logit_capture": rng.normal(size=(2, 1000, 3, 3)),
        }
        monkeypatch.setattr("estimation.models.nuts_attempts.run_sampler", lambda *_, **__: (drawn, divergences))
        monkeypatch.setattr("estimation.models.latent_class.in_pymc._compiled_density", lambda *_: Untouched())
        result = SMALL.fit(HEPATITIS, rng=np.random.default_rng(1))
        assert isinstance(result, NotEstimable) == refused
        assert not result.diagnostics.ok

    def test_unseen_people_without_any_limit(self, monkeypatch):
        drawn = {
            "alpha": np.ones((2, 1000)),
            "stick": np.ones((2, 1000, 2)),
            "logit_capture": np.full((2, 1000, 3, 3), -60.0),
        }
        monkeypatch.setattr("estimation.models.nuts_attempts.run_sampler", lambda *_, **__: (drawn, 0))
        monkeypatch.setattr("estimation.models.latent_class.in_pymc._compiled_density", lambda *_: Untouched())
        result = SMALL.fit(HEPATITIS, rng=np.random.default_rng(1))
        assert isinstance(result, NotEstimable)
        assert "improper: the likelihood does not bound n_0" in result.reason


class Untouched:
    """Stands in for a compiled density where none is run."""

    def with_data(self, **data):
        assert set(data) == {"patterns", "counts", "alpha_prior", "capture_prior"}
        return self
