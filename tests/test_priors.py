"""The library of priors: published N/n, dependence by the exact likelihood, and its discount where N is known."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import hypergeom, nchypergeom_fisher, norm

import estimation as mse
from estimation.errors import SettingError
from estimation.priors import hierarchy
from estimation.priors.dependence import pairs_of_study
from estimation.priors.given_others import conditional_discount
from estimation.priors.pair_likelihood import log_likelihood
from estimation.priors.sources import NOT_STATED, study_table

DATA = Path(__file__).parents[1] / "data" / "priors"


def made_rows():
    """The script that remakes the numbers, as a module."""
    path = Path(__file__).parents[1] / "scripts" / "make_priors.py"
    spec = importlib.util.spec_from_file_location("make_priors", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class TestExpansion:
    @pytest.mark.parametrize(
        ("kind", "without", "studies", "quantiles", "predictive"),
        [
            ("all", (), 22, (1.10, 1.18, 1.72, 2.36, 3.17, 4.10, 18.86), (1.10, 2.13, 14.182)),
            ("all", "khartoum", 21, (1.10, 1.17, 1.70, 2.35, 3.01, 3.86, 6.0), (1.11, 1.99, 9.745)),
            ("killings", (), 8, (1.11, 1.35, 1.64, 1.98, 2.47, 7.62, 18.86), (1.05, 2.04, 21.47)),
            ("killings", "khartoum", 7, (1.11, 1.31, 1.57, 1.76, 2.27, 2.53, 2.81), (1.10, 1.70, 5.83)),
            ("hidden populations", (), 8, (2.37, 2.51, 2.69, 3.22, 3.93, 4.69, 6.0), (1.96, 3.31, 6.59)),
            ("health registers", (), 6, (1.10, 1.13, 1.20, 1.65, 2.10, 2.67, 3.22), (1.04, 1.48, 7.38)),
        ],
    )
    def test_it_gives_the_numbers_of_an_independent_computation(self, kind, without, studies, quantiles, predictive):
        found = mse.priors.expansion(kind, without=without)
        assert found.n_studies == studies
        # Half a unit of the last digit that was written down.
        assert list(found.quantiles.values()) == pytest.approx(quantiles, abs=0.0051)
        assert found.predictive == pytest.approx(predictive, abs=0.0051)

    def test_the_predictive_interval_is_the_one_of_its_formula(self):
        factors = np.array([one.factor for one in mse.priors.expansion("health registers").studies])
        z = np.log(factors - 1)
        sd = z.std(ddof=1) * np.sqrt(1 + 1 / 6)
        by_hand = 1 + np.exp(norm.ppf([0.025, 0.5, 0.975], z.mean(), sd))
        assert mse.priors.expansion("health registers").predictive == pytest.approx(by_hand)

    def test_its_range_is_a_prior_that_latent_classes_take(self):
        found = mse.priors.expansion("killings")
        model = mse.models.LatentClass(expansion=found.range)
        assert model.expansion == pytest.approx(found.range)

    def test_leaving_out_the_study_that_says_most_lowers_the_upper_end(self):
        whole = mse.priors.expansion("killings")
        parts = whole.leave_one_study_out()
        assert set(parts) == {one.name for one in whole.studies}
        assert min(parts, key=lambda name: parts[name].range[1]) == "khartoum"
        assert all(part.n_studies == 7 for part in parts.values())

    def test_its_frame_has_a_row_a_study_and_its_words_say_how_many(self):
        found = mse.priors.expansion("all")
        frame = found.to_frame()
        assert len(frame) == found.n_studies
        assert frame["expansion_factor"].is_monotonic_increasing
        assert str(found).startswith("In 22 published studies (all kinds)")
        assert all(caveat in str(found) for caveat in found.caveats)

    def test_a_wrong_kind_or_study_is_named_with_the_nearest(self):
        with pytest.raises(SettingError, match=r"no kind 'killing'; .*killings"):
            mse.priors.expansion("killing")
        with pytest.raises(SettingError, match=r"no study 'kosova' to leave out; .*kosovo"):
            mse.priors.expansion("killings", without="kosova")
        with pytest.raises(SettingError, match=r"kind = None; it must be a word, one of: killings, "):
            mse.priors.expansion(None)
        with pytest.raises(SettingError, match=r"without = \[1\]; it must be the name of a study"):
            mse.priors.expansion(without=[1])
        three = mse.priors.expansion("health registers", without=["lesbian", "diabetes", "hiv_veneto"])
        assert three.n_studies == 3
        assert three.leave_one_study_out() == {}
        with pytest.raises(SettingError, match="2 studies are left"):
            mse.priors.expansion("health registers", without=["lesbian", "diabetes", "hiv_veneto", "spina_bifida"])


class TestPairLikelihood:
    @pytest.mark.parametrize("cells", [(3, 5, 2, 9), (0, 4, 6, 20), (7, 0, 3, 11), (197, 1929, 351, 5104)])
    def test_it_is_fishers_noncentral_hypergeometric(self, cells):
        both, first, second, _ = cells
        values = np.array([-1.5, -0.2, 0.0, 0.8, 2.5])
        whole, row, column = sum(cells), both + first, both + second
        expected = [nchypergeom_fisher.logpmf(both, whole, row, column, np.exp(psi)) for psi in values]
        assert log_likelihood(cells, values) == pytest.approx(expected, rel=1e-6)

    def test_an_empty_cell_bounds_the_odds_ratio_on_one_side_only(self):
        ratios = np.linspace(-12, 3, 200)
        values = log_likelihood((0, 4, 6, 20), ratios)
        assert (np.diff(values) < 0).all()
        assert values[0] == pytest.approx(0, abs=1e-3)


class TestDependence:
    @pytest.mark.parametrize(
        ("kind", "studies", "pairs", "mean", "between", "within", "predictive", "negative"),
        [
            ("killings", 4, 15, 1.00, 0.71, 0.85, (0.21, 2.7, 36), 0.20),
            ("trafficking", 5, 72, 0.84, 0.98, 0.90, (0.12, 2.3, 44), 0.28),
            ("health and drug use", 7, 40, 0.68, 0.60, 0.55, (0.33, 2.0, 12), 0.21),
            ("all", 17, 130, 0.85, 0.63, 0.75, (0.33, 2.3, 17), 0.20),
        ],
    )
    def test_it_gives_the_numbers_of_an_independent_computation(
        self, kind, studies, pairs, mean, between, within, predictive, negative
    ):
        """Made on another grid, written down to two digits; a grid moves the second by one or two."""
        found = mse.priors.dependence(kind)
        assert (len(found.studies), len(found.pairs)) == (studies, pairs)
        assert (found.mean, found.between, found.within) == pytest.approx((mean, between, within), abs=0.02)
        assert found.predictive == pytest.approx(predictive, rel=0.05)
        assert found.probability_negative == pytest.approx(negative, abs=0.012)

    @pytest.mark.parametrize(
        ("of", "studies", "pairs", "mean", "between", "within", "predictive", "negative"),
        [
            ("killings", 10, 42, 1.06, 1.11, 0.64, (0.18, 2.9, 48), 0.18),
            ("kosovo", 4, 24, 0.84, 0.29, 0.49, (0.61, 2.3, 8.8), 0.09),
        ],
    )
    def test_strata_in_the_place_of_their_totals_do_too(
        self, of, studies, pairs, mean, between, within, predictive, negative
    ):
        """Ten studies have little to say of how they differ: the upper end moves by a tenth with the grid."""
        found = [one for one in mse.priors.studies() if one.kind == "killings"]
        totals = {one.part_of for one in found}
        chosen = [one for one in found if one.name not in totals and of in ("killings", one.part_of)]
        by_study = [[(p.cells,) for p in pairs_of_study(one) if p.is_informative] for one in chosen]
        posterior = hierarchy.posterior(by_study)
        assert (len(by_study), sum(map(len, by_study))) == (studies, pairs)
        assert (posterior.mean, posterior.between, posterior.within) == pytest.approx((mean, between, within), abs=0.05)
        ends = np.exp(hierarchy.predictive(posterior.predictive, (0.025, 0.5, 0.975)))
        assert ends == pytest.approx(predictive, rel=0.12)
        assert hierarchy.probability_below(posterior.predictive, 0.0) == pytest.approx(negative, abs=0.025)

    def test_the_grid_agrees_with_weighted_draws_from_the_prior(self):
        """Two small studies by importance sampling, mu within -4 and 6; tolerance 5 Monte Carlo errors."""
        by_study = [[(3, 5, 2, 9), (0, 4, 6, 20)], [(6, 4, 2, 8), (2, 9, 9, 12), (1, 1, 0, 7)]]
        rng, size = np.random.default_rng(1), 400_000
        mu = rng.uniform(-4, 6, size)
        between, within = (np.abs(rng.standard_normal(size)) for _ in range(2))
        log_weight = np.zeros(size)
        table = np.linspace(-40, 40, 8001)
        for pairs in by_study:
            study_mean = mu + between * rng.standard_normal(size)
            for both, first, second, neither in pairs:
                psi = study_mean + within * rng.standard_normal(size)
                x = np.arange(max(0, both - neither), both + min(first, second) + 1)
                pmf = nchypergeom_fisher(both + first + second + neither, both + first, both + second, 1.0).pmf(x)
                tilted = np.log(pmf) + np.multiply.outer(table, x)
                curve = np.log(pmf[x == both]) + table * both - np.logaddexp.reduce(tilted, axis=1)
                log_weight += np.interp(psi, table, curve)
        weight = np.exp(log_weight - log_weight.max())
        weight /= weight.sum()
        found = hierarchy.posterior([[(cells,) for cells in pairs] for pairs in by_study])
        for values, on_grid in ((mu, found.mean), (between, found.between), (within, found.within)):
            by_draws = weight @ values
            error = np.sqrt((weight**2) @ (values - by_draws) ** 2)
            assert on_grid == pytest.approx(by_draws, abs=5 * error)

    def test_one_half_in_empty_cells_is_wrong_where_lists_are_small(self):
        """Pairs drawn with known log odds ratios of mean -0.5, in margins so small that most overlaps are empty.

        The exact posterior holds the mean (it would miss by 3 sd once in 370 such tests); one half added to each cell
        pulls the mean up by more than that and finds less spread within studies than there is.
        """
        rng, by_study = np.random.default_rng(5), []
        central = hypergeom(120, 10, 8).pmf(np.arange(9))
        for _ in range(12):
            of_study = rng.normal(-0.5, 0.5)
            tilted = central * np.exp(np.multiply.outer(rng.normal(of_study, 1.0, 12), np.arange(9)))
            overlaps = [int(rng.choice(9, p=one / one.sum())) for one in tilted]
            by_study.append([(x, 10 - x, 8 - x, 102 + x) for x in overlaps])
        assert np.mean([cells[0] == 0 for pairs in by_study for cells in pairs]) > 0.5
        found = hierarchy.posterior([[(cells,) for cells in pairs] for pairs in by_study])
        assert abs(found.mean + 0.5) < 3 * found.mean_sd
        mean, within = with_one_half_added(by_study)
        assert mean > -0.5 + 3 * found.mean_sd
        assert within < 0.5 < found.within

    def test_trafficking_with_one_half_added_gives_its_artefact(self):
        """The same on five real tables: a larger mean, and next to no spread within them."""
        pairs = mse.priors.dependence("trafficking").pairs
        by_study = [[p.cells for p in pairs if p.study == name] for name in dict.fromkeys(p.study for p in pairs)]
        mean, within = with_one_half_added(by_study)
        exact = mse.priors.dependence("trafficking")
        assert within < exact.within / 5
        assert mean > exact.mean + 0.2

    def test_lists_are_asked_for_by_kind_in_either_order(self):
        found = mse.priors.dependence(lists=("state", "NGO"))
        assert {pair.study for pair in found.pairs} == {"peru", "uk"}
        assert all(set(pair.kinds) == {"state", "NGO"} for pair in found.pairs)
        assert mse.priors.dependence(lists=("NGO", "state")).predictive == pytest.approx(found.predictive)

    def test_every_list_of_every_study_has_a_kind_or_says_that_none_is_stated(self):
        for study in mse.priors.studies():
            assert tuple(one.name for one in study.lists) == study_table(study.table).lists
            assert all(one.kind and one.stated for one in study.lists)
        stated = [one.kind for study in mse.priors.studies() for one in study.lists]
        assert NOT_STATED in stated
        assert {"state", "NGO", "survey", "health service"} <= set(stated)

    def test_what_is_not_there_is_named(self):
        with pytest.raises(SettingError, match=r"no kind of list 'goverment'"):
            mse.priors.dependence(lists=("goverment", "NGO"))
        with pytest.raises(SettingError, match=r"no such pair of lists; kinds of pairs in studies of killings are: "):
            mse.priors.dependence("killings", lists=("school", "state"))
        with pytest.raises(SettingError, match=r"lists = 'state'; it must be two kinds, as in \('state', 'NGO'\)"):
            mse.priors.dependence(lists="state")
        with pytest.raises(SettingError, match="lists names 3 kinds"):
            mse.priors.dependence(lists=("state", "NGO", "survey"))
        with pytest.raises(SettingError, match="no study is left; leave out fewer"):
            mse.priors.dependence("killings", without=["gaza", "khartoum", "kosovo", "peru"])
        with pytest.raises(SettingError, match=r"no study 'spina_bifida' to leave out; there are gaza, khartoum"):
            mse.priors.population_dependence("killings", without="spina_bifida")
        assert mse.priors.dependence(lists=["state", "NGO"]).lists == ("state", "NGO")

    def test_a_study_left_out_is_gone_and_moves_the_answer(self):
        whole = mse.priors.dependence("killings")
        parts = whole.leave_one_study_out()
        assert set(parts) == set(whole.studies)
        assert "peru" not in parts["peru"].studies
        assert parts["peru"].mean < whole.mean < parts["gaza"].mean

    def test_its_frame_has_a_row_a_pair_with_no_odds_ratio_where_a_cell_is_empty(self):
        found = mse.priors.dependence("trafficking")
        frame = found.to_frame()
        assert len(frame) == 72
        empty = (frame[["n_11", "n_10", "n_01", "n_00"]] == 0).any(axis=1)
        assert empty.any()
        assert (frame["odds_ratio"].isna() == empty).all()


def with_one_half_added(by_study):
    """Mean and spread within studies by moments (DerSimonian, Laird), one half added where a cell is empty."""
    q, scale, freedom, means, weights = 0.0, 0.0, 0, [], []
    for pairs in by_study:
        cells = np.array(pairs, dtype=float)
        cells += 0.5 * (cells == 0).any(axis=1, keepdims=True)
        ratio = np.log(cells[:, 0] * cells[:, 3] / cells[:, 1] / cells[:, 2])
        weight = 1 / (1 / cells).sum(axis=1)
        mean = np.average(ratio, weights=weight)
        q += weight @ (ratio - mean) ** 2
        scale += weight.sum() - (weight**2).sum() / weight.sum()
        freedom += len(ratio) - 1
        means.append(mean)
        weights.append(weight.sum())
    within = np.sqrt(max(0.0, (q - freedom) / scale))
    return np.mean(means), within


class TestDiscount:
    def test_a_prior_that_is_none_is_refused(self):
        with pytest.raises(SettingError, match=r"(?s)sd = -1.*correlation = 2"):
            mse.priors.NormalPrior(0.5, -1, 2)

    def test_given_the_other_lists_three_lists_have_the_same_odds_ratio_and_five_a_smaller_one(self):
        pairs = {one.pair.study: [] for one in conditional_discount().pairs}
        for here, there in zip(conditional_discount().pairs, mse.priors.discount().pairs, strict=True):
            pairs[here.pair.study].append((here.on_other_lists, there.on_other_lists))
        # That of the greatest conditional likelihood is a little closer to 0 than the cross ratio of the counts.
        smaller = np.diff(pairs["hepatitis_a"])
        assert (smaller > 0).all()
        assert (smaller < 0.02).all()
        assert np.diff(pairs["synthetic_five_lists"]).mean() > 0.5
        assert all(mean > 0.1 for _, mean in conditional_discount().by_study)

    def test_the_prior_given_the_other_lists_is_of_a_smaller_odds_ratio(self):
        given, whatever = mse.priors.conditional_dependence(), mse.priors.population_dependence()
        assert given.mean < whatever.mean
        assert (given.mean, given.sd, given.correlation) == pytest.approx((0.47, 1.06, 0.41), abs=0.005)

    def test_lists_look_more_dependent_among_people_on_another_list_in_every_known_table(self):
        found = mse.priors.discount()
        assert {name: round(mean, 1) for name, mean in found.by_study} == {
            "kosovo": 0.2,
            "hepatitis_a": 0.7,
            "synthetic_five_lists": 0.2,
        }
        assert len(found.pairs) == 6 + 3 + 10

    @pytest.mark.parametrize(
        ("name", "mean", "low", "high"), [("kosovo", 0.61, 0.09, 0.93), ("hepatitis_a", 0.87, 0.71, 0.96)]
    )
    def test_with_the_true_number_the_odds_ratios_are_those_written_down(self, name, mean, low, high):
        ratios = [one.in_population for one in mse.priors.discount().pairs if one.pair.study == name]
        assert (np.mean(ratios), min(ratios), max(ratios)) == pytest.approx((mean, low, high), abs=0.0101)

    def test_the_prior_for_the_population_is_the_predictive_less_the_discount(self):
        found = mse.priors.population_dependence()
        mean, _ = mse.priors.dependence().predictive_moments
        assert found.mean == pytest.approx(mean - mse.priors.discount().mean)
        assert (round(found.mean, 1), round(found.sd, 1)) == (0.6, 1.0)
        assert found.odds_ratio == pytest.approx((0.26, 1.8, 13), rel=0.1)


@pytest.mark.parametrize("name", ["expansion.csv", "pairs.csv", "discount.csv", "normal.csv"])
def test_the_numbers_written_down_are_those_of_the_counts(name):
    made = made_rows()
    assert made.as_csv(made.FILES[name]()) == (DATA / "made" / name).read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_odds_ratios_written_down_are_those_of_the_counts():
    made = made_rows()
    assert made.as_csv(made.dependence_rows()) == (DATA / "made" / "dependence.csv").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_markov_chain_that_shares_no_code_agrees_with_the_grid():
    """Killings: Metropolis on each psi and tau, Gibbs on the means; scipy's likelihood.  5 Monte Carlo errors."""
    pairs = mse.priors.dependence("killings").pairs
    names = list(dict.fromkeys(p.study for p in pairs))
    of = np.array([names.index(p.study) for p in pairs])
    grid = np.arange(-9, 9.001, 0.02)
    curves = np.array([scipy_curve(p.cells, grid) for p in pairs])
    rng, n, k = np.random.default_rng(7), len(pairs), len(names)
    psi, means, mu, between, within = np.ones(n), np.ones(k), 1.0, 0.7, 0.7
    sizes, kept = np.bincount(of), []
    at = (np.arange(n),)

    def likelihood(values):
        place = (values - grid[0]) / 0.02
        left = np.clip(place.astype(int), 0, grid.size - 2)
        return curves[(*at, left)] + (place - left) * (curves[(*at, left + 1)] - curves[(*at, left)])

    for step in range(120_000):
        proposed = psi + rng.standard_normal(n) * np.where(step % 2, 0.1, 0.6)
        gain = likelihood(proposed) - likelihood(psi)
        gain -= ((proposed - means[of]) ** 2 - (psi - means[of]) ** 2) / (2 * within**2)
        psi = np.where(np.log(rng.random(n)) < gain, proposed, psi)
        precision = sizes / within**2 + 1 / between**2
        centre = (np.bincount(of, psi) / within**2 + mu / between**2) / precision
        means = centre + rng.standard_normal(k) / np.sqrt(precision)
        mu = rng.normal(means.mean(), between / np.sqrt(k))
        within = next_spread(rng, within, psi - means[of])
        between = next_spread(rng, between, means - mu)
        kept.append((mu, between, within))
    draws = np.array(kept[5_000:])
    found = mse.priors.dependence("killings")
    batches = draws.reshape(50, -1, 3).mean(axis=1)
    error = batches.std(axis=0, ddof=1) / np.sqrt(50)
    assert (np.abs(draws.mean(axis=0) - (found.mean, found.between, found.within)) < 5 * error).all()


def scipy_curve(cells, grid):
    """Log likelihood on a grid by way of scipy's central distribution, tilted."""
    both, first, second, neither = cells
    x = np.arange(max(0, both - neither), both + min(first, second) + 1)
    central = hypergeom(sum(cells), both + first, both + second).logpmf(x)
    return central[x == both] + grid * both - np.logaddexp.reduce(central + np.multiply.outer(grid, x), axis=1)


def next_spread(rng, spread, deviations):
    """A Metropolis step on the logarithm of a standard deviation with a half-normal(1) prior."""
    proposed = spread * np.exp(0.5 * rng.standard_normal())

    def log_density(sd):
        return -len(deviations) * np.log(sd) - (deviations @ deviations) / (2 * sd**2) - sd**2 / 2 + np.log(sd)

    return proposed if np.log(rng.random()) < log_density(proposed) - log_density(spread) else spread
