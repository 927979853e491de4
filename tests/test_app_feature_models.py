"""What the page in a browser does with models: comparison, averaging, latent classes, pairs, the report."""

import re

import numpy as np
import pytest

pytest.importorskip("starlette", reason="starlette is not installed (the extra [app] has it)")
from app_driver import text_of
from app_features import KOSOVO, feature, page_of_kosovo

from estimation import charts, load_table, models
from estimation.app.desk import Run
from estimation.app.jobs.studies import run
from estimation.models.log_linear.compare_heterogeneity import COMPARED
from estimation.study.report_keys import MAY_BE_LEFT_OUT
from estimation.study.study_file import read_study


@pytest.fixture
def page(tmp_path):
    return page_of_kosovo(tmp_path)


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """A study run by the job of the page."""
    page = page_of_kosovo(tmp_path_factory.mktemp("study"))
    folder, news = page.desk.folder, []
    given = {"study": str(folder / "study.toml"), "out": str(folder / "results"), "public": None, "force": False}
    run(given, b"", news.append)
    return page, news


@feature(
    "Log-linear models",
    "M0, Mt, Mh and Mth in five forms, with N, standard error, AIC, BIC",
    "and Mb, Mbh, deviance, fit, and why a model has no number",
)
def test_every_form_is_in_one_table_with_its_criteria(page):
    html = page.see("/heterogeneity")
    assert [name for name in COMPARED if f"<bdi>{name}</bdi>" not in html] == []
    headings = ("N", "standard error", "AIC", "BIC", "deviance", "fit (p)")
    assert all(f"<bdi>{heading}</bdi></th>" in html for heading in headings)
    mt, mth = (models.Heterogeneity(name).fit(KOSOVO, rng=1) for name in ("Mh-Normal", "Mth-Normal"))
    assert mt.median != mth.median  # their row "Mth Normal" repeats Mh Normal


@feature(
    "Log-linear models",
    "The model with the lowest AIC is chosen for the user",
    "no: the order is fixed, the lowest AIC and BIC are named, and nothing is chosen",
)
def test_no_model_is_chosen_by_a_criterion(page):
    html = text_of(page.see("/heterogeneity"))
    assert "The lowest AIC is that of Mth-Chao" in html
    assert "cannot choose between forms" in html


@feature(
    "Log-linear models",
    "One model's interval by profile likelihood, with its plot",
    "for any log-linear model, drawn anew while it is typed",
)
def test_the_profile_of_a_model_is_drawn(page):
    other = page.see("/picture/profile", model="[EXH ABA][OSCE HRW]")
    assert other.startswith(b"<?xml")
    assert other != page.see("/picture/profile")


@feature(
    "Log-linear models",
    "Counts by number of lists, and the two heterogeneity plots",
    "with the limits of sampling error and the lines of equal people",
)
def test_both_heterogeneity_plots_are_drawn_and_the_table_is_described(page):
    assert page.see("/picture/heterogeneity") != page.see("/picture/first-captures")
    assert "Pairs of lists" in page.see("/table")


@feature("Bayesian model averaging", "Three to five lists", "two to seven, exactly")
@pytest.mark.parametrize("lists", [2, 3, 5])
def test_graphs_of_any_number_of_lists_are_averaged(lists):
    table = load_table("uk_five_lists")
    table = table.keep(table.lists[:lists]) if lists > 2 else KOSOVO.keep(["EXH", "ABA"])
    result = models.DecomposableGraphs(fit_check=False).fit(table, rng=1)
    assert result.median > table.n_observed


@feature(
    "Bayesian model averaging",
    "delta, the largest N, prior non-informative or log-normal by median and 90 %",
    "the same, with the help of each from its docstring",
)
def test_the_prior_of_graphs_is_stated_by_median_and_upper_number(page):
    typed = {"median": "8000", "percentile_90": "9000", "delta": "0.5", "n_0_max": "20000"}
    informative = text_of(page.press("/prior", "compute", typed))
    assert "below 8,000 people with probability 50 %, and below 9,000 with probability 90 %" in informative
    assert "Every order of magnitude of N" in text_of(page.press("/prior", "compute", {"delta": "0.5"}))


@feature(
    "Bayesian model averaging",
    "Plots of the prior and its cumulative probability",
    "one picture that moves while the numbers are typed, with the share below the people observed",
)
def test_the_picture_of_the_prior_follows_what_is_typed(page):
    assert 'data-picture="prior-picture"' in page.see("/prior")
    first, second = (page.see("/picture/prior", median=m, percentile_90="20000") for m in ("8000", "8001"))
    assert first != second


@feature("Bayesian model averaging", "Mean, median, 95 % interval, posterior plot", "in the results and the report")
@pytest.mark.slow
def test_the_posterior_is_in_the_results(results):
    page, _ = results
    assert "credible" in page.see("/results")
    assert (page.desk.folder / "results" / "charts" / "posterior.svg").is_file()


@feature(
    "Bayesian model averaging",
    "With or without the saturated graph; a warning from 15 %",
    "out unless asked for; the warning stands above the number",
)
def test_the_saturated_graph_is_out_unless_asked_for_and_warned_of(page):
    load_table("uk_five_lists").to_csv(page.desk.folder / "kosovo.csv", force=True)
    out = text_of(page.press("/prior", "compute", {"delta": "0.5"}))
    warned = text_of(page.press("/prior", "compute", {"delta": "0.5", "include_saturated": "yes"}))
    assert "is excluded" in out
    assert "Warning:" not in out
    assert warned.index("Warning:") < warned.index("people (95 %")


@feature("Bayesian model averaging", "Table of graphs with probability and expected N", "the same")
def test_graphs_stand_with_probability_and_expected_number(page):
    html = page.press("/prior", "compute", {})
    assert "expected number of people" in html
    assert "[EXH.ABA.OSCE, EXH.OSCE.HRW]" in html


@feature(
    "Latent classes", "K and the prior (shape and scale)", "`classes`, `alpha_prior`, and the prior stated for N/n"
)
def test_latent_classes_have_their_settings_with_help(page):
    html = text_of(page.see("/models"))
    for setting in ("classes", "alpha_prior", "expansion", "chains"):
        assert setting in html


@feature(
    "Latent classes",
    "Traces, effective sample size, warning below 100",
    "several chains, R-hat, effective sizes of the centre and the ends; no number where they fail",
)
def test_chains_are_checked_and_drawn():
    model = models.LatentClass(classes=2, chains=2, effective=400, other_priors=False, fit_check=False)
    result = model.fit(KOSOVO, rng=1)
    assert {"R-hat of N", "bulk ESS of N", "tail ESS of N"} <= {check.name for check in result.diagnostics.checks}
    assert charts.plot_trace(result.total) is not None
    assert np.asarray(result.total.values).shape[0] == 2


@feature("Latent classes", "Run, cancel, progress", "for every model and every plan; the page answers meanwhile")
@pytest.mark.slow
def test_a_run_tells_how_far_it_is_and_is_stopped_by_its_button(results, page):
    _, news = results
    shares = [said["done"] for said in news if "done" in said]
    assert shares
    assert shares[-1] > shares[0]
    under_way = page.desk.run = Run("results")
    page.desk.runner.ends = under_way
    page.press("/run", "stop", {})
    assert page.desk.runner.stops == 1


@feature(
    "Pairs",
    "Chapman for every pair with a log-normal interval",
    "in a table and a picture, with pairs that share nobody and what the spread means",
)
def test_every_pair_has_its_number(page):
    html = text_of(page.see("/pairs"))
    assert all(number in html for number in ("7,231", "7,128", "6,756", "5,965", "9,622", "5,447"))
    assert "so not every pair is independent" in html


@feature("Report", "HTML, PDF and Word", "by `[report] formats`; HTML and PDF without asking")
@pytest.mark.slow
def test_the_report_is_there_to_look_at_and_to_hand_on(results):
    page, _ = results
    html = page.see("/results")
    for name in ("report.html", "report.pdf"):
        assert (page.desk.folder / "results" / name).stat().st_size > 10_000
        assert f"/results/file/results/{name}" in html


@feature("Report", "The R code of what was clicked", "the study file, the command and the Python that do the same")
@pytest.mark.slow
def test_what_was_clicked_is_a_study_and_a_command(results):
    page, _ = results
    html = text_of(page.see("/results"))
    assert "mse run study.toml --out results" in html
    assert 'mse.run_study("study.toml", "results")' in html.replace("&#34;", '"')


@feature(
    "Report",
    "The whole input table is always printed, one row a person",
    "no: counts per history alone, and an edition that is safe to publish",
)
@pytest.mark.slow
def test_the_report_has_no_row_for_a_person(results):
    page, _ = results
    assert "No group of fewer people than" in text_of(page.see("/results"))
    report = (page.desk.folder / "results" / "report.html").read_text()
    assert report.count("<tr") < 400


@feature("Report", "Contents of the report ticked one by one", "the same; what is needed to judge the number stays")
def test_parts_of_the_report_are_ticked_and_stand_in_the_study(page):
    html = page.see("/questions")
    ticks = re.findall(r'name="part\.(\w+)" value="yes" checked', html)
    assert ticks == [*MAY_BE_LEFT_OUT]
    kept = {f"part.{key}": "yes" for key in ticks if key not in {"overlap", "fit"}}
    assert page.press("/questions", "write", {"parts": "yes", **kept}) == "/run"
    assert page.desk.study.get("report") == {"leave_out": ["overlap", "fit"]}
    assert read_study(page.desk.folder / "study.toml").report.leave_out == ("overlap", "fit")
    again = page.see("/questions")
    assert 'name="part.fit" value="yes">' in again
    assert page.press("/questions", "write", {"parts": "yes", **{f"part.{key}": "yes" for key in ticks}}) == "/run"
    assert not page.desk.study.get("report")
