"""What the other point-and-click tool of the field can do, ticked: each row of docs/app-features.md is a test here.

``python tests/test_app_features.py`` writes that page; a test holds both equal.  Read of shinyrecap at commit 9c06676.
"""

import asyncio
import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("starlette", reason="starlette is not installed (the extra [app] has it)")
from app_driver import BY_PLACE, Page, text_of

from estimation import charts, load_table, models
from estimation.app.desk import Run, Taken
from estimation.app.jobs.studies import run
from estimation.models.log_linear.compare_heterogeneity import COMPARED

DOCS = Path(__file__).parent.parent / "docs" / "app-features.md"
KOSOVO = load_table("kosovo")
FEATURES = []
MISSING = (
    (
        "Report",
        "Contents of the report ticked one by one",
        "its parts follow from the models, questions and strata that the study declares; none can be left out",
    ),
    (
        "Latent classes",
        "Samples, thinning and burn-in as numbers",
        "chains run until R-hat and effective sample sizes are reached, and stop with a reason where they are not",
    ),
    ("Introduction", "A video", "the manual is in the program and needs no network"),
)
STUDY = """table = "kosovo.csv"
seed = 1
title = "Synthetic"
headline = "Graphs"

[counted]
who = "people"
where = "here"
when = "then"
excludes = "nobody"

[[model]]
label = "Graphs"
name = "decomposable"
"""


def feature(area, theirs, ours):
    """A row of the table, and the test that ticks it."""

    def registered(test):
        FEATURES.append((area, theirs, ours, test.__name__))
        return test

    return registered


@pytest.fixture
def page(tmp_path):
    KOSOVO.to_csv(tmp_path / "kosovo.csv")
    (tmp_path / "study.toml").write_text(STUDY)
    return Page(tmp_path)


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """A study run by the job of the page."""
    folder = tmp_path_factory.mktemp("study")
    KOSOVO.to_csv(folder / "kosovo.csv")
    (folder / "study.toml").write_text(STUDY)
    news = []
    given = {"study": str(folder / "study.toml"), "out": str(folder / "results"), "public": None, "force": False}
    run(given, b"", news.append)
    return Page(folder), news


def read(page, text, name="table.csv"):
    page.desk.take(Taken(name, text if isinstance(text, bytes) else text.encode()))
    return page.see("/file")


@feature("Import", "Comma, semicolon, tab or space between columns", "recognised; said where it is unusual")
@pytest.mark.parametrize("mark", [",", ";", "\t", " "])
def test_each_separator_is_recognised(page, mark):
    rows = [["A", "B", "count"], ["1", "0", "54"], ["0", "1", "30"], ["1", "1", "12"]]
    assert "96 people on 2 lists" in text_of(read(page, "\n".join(mark.join(row) for row in rows)))


@feature("Import", "With or without a header", "recognised; a row that could be either is asked about")
def test_a_table_without_a_header_is_not_read_as_one_with(page):
    with_header = text_of(read(page, "A,B,count\n1,0,54\n0,1,30\n1,1,12\n"))
    assert "96 people on 2 lists" in with_header
    html = text_of(read(page, "1,0,54\n0,1,30\n1,1,12\n"))
    assert "96 people" in html or "heading" in html


@feature(
    "Import",
    "Counts or a row for each person, guessed",
    "recognised by the form, never by the size of numbers; changeable",
)
def test_counts_that_are_all_one_are_not_taken_for_persons(page):
    assert "The rows are counts per history" in text_of(read(page, "A,B,count\n1,0,1\n0,1,1\n1,1,1\n"))
    people = text_of(read(page, "id,A,B\n1,1,0\n2,0,1\n3,1,1\n4,1,1\n"))
    assert "4 people on 2 lists, in 3 capture histories" in people
    assert "A row may be one person" in people


@feature(
    "Import", "The rows of the file are seen", "the first cells of each column, with what it was taken for and why"
)
def test_what_each_column_was_taken_for_is_seen_and_can_be_changed(page):
    html = read(page, "police,press,count\n1,0,54\n0,1,30\n1,1,12\n")
    assert "What each column was taken for" in html
    assert html.count("<select") == 3


@feature(
    "Log-linear models",
    "M0, Mt, Mh and Mth in five forms, with N, standard error, AIC, BIC",
    "and Mb, Mbh, deviance, fit, and why a model has no number",
)
def test_every_form_is_in_one_table_with_its_criteria(page):
    html = page.see("/heterogeneity")
    assert [name for name in COMPARED if f"<bdi>{name}</bdi>" not in html] == []
    assert all(f">{heading}</th>" in html for heading in ("N", "standard error", "AIC", "BIC", "deviance", "fit (p)"))
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


@feature("Help", "A text at 20 controls", "at every setting, from its docstring")
def test_every_setting_of_every_model_has_its_help(page):
    given = {"path": str(page.desk.folder / "kosovo.csv"), "study": str(page.desk.folder / "study.toml")}
    about = asyncio.run(page.desk.reader.ask("models", given))
    without = [(m["name"], s["name"]) for m in about["models"] for s in m["settings"] if not s["help"]]
    assert without == []


@feature(
    "Power",
    "N, list sizes, people alike or different by the odds ratio of the 90th percentile, number of simulations",
    "the same for any model, and one more list",
)
def test_a_plan_says_how_near_estimates_are_and_what_one_more_list_buys(page):
    page.press("/plan", "begin", {
        "total": "1000", "name.0": "A", "size.0": "300", "name.1": "B", "size.1": "30%", "name.2": "C", "size.2": "200",
        "added.name": "D", "added.size": "300", "model": "log-linear", "heterogeneity": "2", "near": "10",
        "replications": "8", "seed": "1",
    })  # fmt: skip
    html = text_of(page.see("/plan"))
    assert "estimates within 10%" in html
    assert "one more list, D, of 300" in html
    assert "people who differ (odds ratio 2)" in html


@feature(
    "Power",
    "Histogram with the truth; plot of capture probabilities",
    "the same, stamped as synthetic, with the band that counts as near",
)
def test_a_plan_is_drawn(page):
    page.press("/plan", "begin", {
        "total": "500", "name.0": "A", "size.0": "200", "name.1": "B", "size.1": "200", "model": "log-linear",
        "heterogeneity": "3", "near": "20", "replications": "4", "seed": "1",
    })  # fmt: skip
    assert page.see("/plan/file/estimates.svg") != page.see("/plan/file/people.svg")


@feature("Power", "After an error the button is dead", "no: what is wrong stands at its field, and the button works")
def test_after_an_error_a_plan_can_be_begun(page):
    fields = {
        "total": "",
        "name.0": "A",
        "size.0": "9",
        "model": "chao",
        "heterogeneity": "1",
        "near": "10",
        "replications": "2",
        "seed": "1",
    }
    assert "Give a number above 0." in page.press("/plan", "begin", fields)
    page.press("/plan", "begin", {**fields, "total": "100"})
    assert "there are 1 lists" in text_of(page.see("/plan"))
    again = {**fields, "total": "100", "size.0": "40", "name.1": "B", "size.1": "50"}
    page.press("/plan", "begin", again)
    assert page.desk.plan.answer is not None


@feature(
    "Conversion",
    "2 to 10 events, counts by what earlier events recorded, to histories; download",
    "the same, also from a spreadsheet, and the table goes on into the study",
)
def test_counts_at_events_become_histories(page):
    fields = {"names": "A, B", "0.all": "10", "1.all": "8", "1.0": "3"}
    assert "15 people on 2 lists" in text_of(page.press("/events", "convert", fields))
    assert page.press("/events", "look", {"csv": "A,B,count\n1,0,7"}) == "/file"


@feature("Conversion", "Histories with fewer than nobody are warned of", "each is named, with the event and the number")
def test_a_negative_history_is_named(page):
    html = text_of(page.press("/events", "convert", {"names": "A, B", "0.all": "2", "1.all": "8", "1.0": "3"}))
    assert "B: 3 people are said to have been recorded before by A and by no other event, and only 2 were" in html


@feature("All pages", "No seed: no number comes twice", "every number has a seed, which is in the study")
def test_the_same_page_gives_the_same_bytes(page):
    assert page.see("/picture/heterogeneity") == page.see("/picture/heterogeneity")
    assert page.desk.study.get("seed") == 1


def page_of_features():
    """The page, made from the tests."""
    lines = [
        "# What the page in a browser can do",
        "",
        "What [shinyrecap](https://github.com/fellstat/shinyrecap), the point-and-click tool of the field, has (commit",
        "9c06676), and what `mse app` has for it. Each row is ticked by a test of its name in",
        "`tests/test_app_features.py`, from which this page is made.",
        "",
        "| | shinyrecap | `mse app` | ticked by |",
        "|---|---|---|---|",
    ]
    lines += [f"| {area} | {theirs} | {ours} | `{name}` |" for area, theirs, ours, name in FEATURES]
    lines += ["", "## Missing here", "", "| | shinyrecap | why |", "|---|---|---|"]
    lines += [f"| {area} | {theirs} | {why} |" for area, theirs, why in MISSING]
    lines += [
        "",
        "## Only here",
        "",
        "Seeds, a saved study that `mse run` turns into the same bytes, the headline declared before any number is",
        "seen, sensitivities, claims, strata, name lists and their linkage, six and more lists, right-to-left pages,",
        "help without a network.",
        "",
    ]
    return "\n".join(lines)


def test_the_page_of_features_is_made_from_these_tests():
    assert DOCS.read_text(encoding="utf-8") == page_of_features()


def test_every_tool_is_in_the_list_of_pages():
    assert {place for place, page in BY_PLACE.items() if page.group == "tools"} >= {
        "/pairs", "/heterogeneity", "/prior", "/plan", "/events"
    }  # fmt: skip


if __name__ == "__main__":
    sys.stdout.write(f"{DOCS.write_text(page_of_features(), encoding='utf-8')} characters written\n")
