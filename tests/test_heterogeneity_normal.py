"""Mh and Mth with normal log odds of capture: the integral written out, a known truth, and all models side by side."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import expit
from scipy.stats import norm

import estimation
from estimation.models.log_linear.compare_heterogeneity import COMPARED
from estimation.models.log_linear.expected_captures import expected_captures, first_captures
from estimation.models.log_linear.heterogeneity_designs import capture_histories, design_of
from estimation.models.log_linear.heterogeneity_normal import fit_normal

LISTS = ["A", "B", "C", "D"]


def probability(history, beta, sigma):
    """Of one history, by an adaptive integral over people."""

    def of(z):
        p = expit(np.array(beta) + sigma * z)
        return float(np.prod(np.where(history, p, 1 - p)) * norm.pdf(z))

    return quad(of, -12, 12, epsabs=1e-13, limit=200)[0]


def table_of(people, beta, sigma):
    histories = capture_histories(len(beta)).astype(bool)
    counts = np.rint([people * probability(history, beta, sigma) for history in histories]).astype(int)
    return estimation.CaptureTable(LISTS[: len(beta)], histories, counts)


@pytest.mark.parametrize(
    ("model", "beta", "sigma"),
    [("Mh-Normal", [-1.2] * 4, 0.8), ("Mth-Normal", [-1.5, -0.4, -2.0, 0.2], 1.3), ("Mth-Normal", [-2, -1, -1.5], 2.0)],
)
def test_the_expected_counts_give_the_people_and_the_spread_that_made_them(model, beta, sigma):
    table = table_of(10_000_000, beta, sigma)
    found = fit_normal(model, table.cells()[1:])
    assert table.n_observed + found.unseen == pytest.approx(10_000_000, rel=1e-4)
    assert found.sigma == pytest.approx(sigma, rel=1e-3)
    assert found.means == pytest.approx(table.cells()[1:], rel=1e-4)
    assert estimation.models.Heterogeneity(model).fit(table, rng=1).median == pytest.approx(10_000_000, rel=1e-4)


def test_with_people_alike_there_is_no_spread_to_find():
    result = estimation.models.Heterogeneity("Mth-Normal").fit(table_of(100_000, [-1.0, -0.5, -1.5, 0.3], 0.0), rng=1)
    assert "no heterogeneity of this form" in result.reason
    assert "use Mt" in result.reason


def test_drawn_tables_are_covered_and_the_model_without_heterogeneity_misses():
    """40 tables of 3,000 people: 95 % coverage gives fewer than 32 hits once in 2,000; Mt is 20 % too low."""
    rng = np.random.default_rng(1)
    histories = capture_histories(4).astype(bool)
    chance = [probability(history, [-0.8, -0.5, -1.0, -0.3], 1.2) for history in histories]
    hits, without = 0, []
    for _ in range(40):
        counts = rng.multinomial(3000, [1 - sum(chance), *chance])[1:]
        table = estimation.CaptureTable(LISTS, histories, counts)
        interval = estimation.models.Heterogeneity("Mth-Normal", fit_check=False).fit(table, rng=1).interval()
        hits += interval.lower <= 3000 <= interval.upper
        without.append(estimation.models.Heterogeneity("Mt", fit_check=False).fit(table, rng=1).interval().upper)
    assert hits >= 32
    assert max(without) < 3000


def test_it_has_no_design():
    with pytest.raises(ValueError, match="not linear in its coefficients"):
        design_of("Mth-Normal", 3)


class TestSideBySide:
    FOUND = estimation.models.compare_heterogeneity(estimation.load_table("kosovo"), rng=1)

    def test_every_model_has_its_row_in_a_fixed_order(self):
        rows = self.FOUND.rows()
        assert [row["model"] for row in rows] == list(COMPARED)
        assert len(rows) == 14
        assert self.FOUND.to_frame()["model"].tolist() == list(COMPARED)

    @pytest.mark.parametrize(
        ("model", "number", "deviance", "aic", "bic"),
        [("Mt", 7394.5867, 245.9387, 357.3627, 389.3095), ("M0", 7608.3676, 1104.0020, None, None)],
    )
    def test_numbers_are_those_of_other_software(self, model, number, deviance, aic, bic):
        row = next(row for row in self.FOUND.rows() if row["model"] == model)
        assert row["estimate"] == pytest.approx(number, abs=5e-5)
        assert row["deviance"] == pytest.approx(deviance, abs=5e-5)
        if aic is not None:
            assert (row["aic"], row["bic"]) == pytest.approx((aic, bic), abs=5e-5)

    def test_degrees_of_freedom_and_criteria_agree_with_each_other(self):
        """AIC = deviance + 2 parameters + what the saturated model has, the same for all."""
        saturated = {
            round(row["aic"] - row["deviance"] - 2 * (15 - row["degrees_of_freedom"]), 6) for row in self.FOUND.rows()
        }
        assert len(saturated) == 1

    def test_the_finding_names_the_lowest_and_chooses_none(self):
        assert self.FOUND.lowest_aic == self.FOUND.lowest_bic == "Mth-Chao"
        assert "None of them fits the lists" in self.FOUND.finding
        assert "cannot choose between forms that differ in the people on none" in self.FOUND.finding

    def test_a_model_that_cannot_be_fitted_keeps_its_row_with_the_reason(self):
        turned = estimation.load_table("kosovo").keep(["HRW", "ABA", "OSCE", "EXH"])
        found = estimation.models.compare_heterogeneity(turned, rng=1)
        row = next(row for row in found.rows() if row["model"] == "Mb")
        assert row["estimate"] is None
        assert "put the lists in time order" in row["reason"]
        assert [reason for reason in found.reasons if reason.startswith("Mb: ")]

    def test_the_command_prints_all_rows(self, mse, tmp_path):
        chart = tmp_path / "first.svg"
        status, out, err = mse("compare-heterogeneity", "spina_bifida_626", "--first-captures-chart", chart)
        assert status == 0, err
        assert all(model in out for model in COMPARED)
        assert chart.read_bytes().startswith(b"<?xml")


class TestExpectedCaptures:
    def test_counts_by_number_of_lists_and_by_first_list_add_to_the_people(self):
        table = estimation.load_table("kosovo")
        assert first_captures(table).sum() == table.n_observed
        assert first_captures(table).tolist() == [1910, 845 + 217 + 31 + 32, 936 + 123, 306]

    def test_equal_people_on_independent_lists_are_met_exactly(self):
        table = table_of(10_000_000, [-1.0, 0.3, -2.0], 0.0)
        expected = expected_captures(table)
        assert expected.independent == pytest.approx(table.frequencies, rel=1e-4)
        assert expected.first == pytest.approx(first_captures(table), rel=1e-4)

    def test_people_who_differ_bend_the_counts_up_from_equal_people(self):
        table = table_of(1_000_000, [-1.0, -0.5, -1.5, -1.0], 1.5)
        expected = expected_captures(table)
        ratio = table.frequencies / expected.independent
        assert ratio[0] > 0.95
        assert ratio[-1] > 2 > ratio[1]
