"""The tools of the page: answers side by side, a prior that moves, plans by simulation, counts at events."""

import pytest

pytest.importorskip("starlette", reason="starlette is not installed (the extra [app] has it)")
from app_driver import Page, text_of

from estimation import convert_events, load_table, models, read_table
from estimation.app.jobs.models import help_of
from estimation.app.warm import Refused
from estimation.capture.convert_events import Event
from estimation.models.log_linear.compare_heterogeneity import COMPARED
from estimation.simulation import design

STUDY = 'table = "kosovo.csv"  # counts per history\nseed = 1\n'
HEADLINE = 'headline = "Chao"\n\n[[model]]\nlabel = "Chao"\nname = "chao"  # a bound\n'
PLAN = {
    "total": "1,000", "name.0": "police", "size.0": "30 %", "name.1": "press", "size.1": "200",
    "added.name": "ngo", "added.size": "25%", "model": "log-linear", "heterogeneity": "2", "near": "10",
    "replications": "5", "seed": "3",
}  # fmt: skip
EVENTS = {
    "names": "police, press, ngo", "0.all": "120", "1.all": "53", "1.0": "13", "2.all": "56", "2.0": "9", "2.1": "4",
    "2.2": "3", "counted": "exactly",
}  # fmt: skip


@pytest.fixture
def page(tmp_path):
    load_table("kosovo").to_csv(tmp_path / "kosovo.csv")
    (tmp_path / "study.toml").write_text(STUDY + HEADLINE)
    return Page(tmp_path)


@pytest.mark.parametrize("place", ["/pairs", "/heterogeneity", "/prior"])
def test_no_number_of_people_is_seen_before_the_headline_is_declared(page, place):
    (page.desk.folder / "study.toml").write_text(STUDY)
    html = text_of(page.see(place))
    assert "First say which model carries the headline" in html
    assert "7,231" not in html
    assert "7,395" not in html
    for picture in ("pairs", "profile"):
        with pytest.raises(Refused):
            page.see(f"/picture/{picture}")
    asked = {"median": "8000", "percentile_90": "20000"}
    assert "The graphs" not in text_of(page.press("/prior", "compute", asked))


def test_pairs_stand_with_what_their_spread_means(page):
    html = text_of(page.see("/pairs"))
    found = models.pairs_by_chapman(load_table("kosovo"))
    assert found.finding in html
    assert all(cell in html for row in found.cells() for cell in row)
    assert page.see("/picture/pairs").startswith(b"<?xml")


def test_all_models_with_heterogeneity_stand_in_their_order_with_none_chosen(page):
    html = page.see("/heterogeneity")
    order = [html.index(f"<bdi>{name}</bdi>") for name in COMPARED]
    assert order == sorted(order)
    assert "selected" not in html
    for picture in ("heterogeneity", "first-captures", "profile"):
        assert page.see(f"/picture/{picture}").startswith(b"<?xml")
    with pytest.raises(Refused, match="XX"):
        page.see("/picture/profile", model="[EXH XX]")


def test_the_picture_of_a_prior_moves_and_a_prior_that_cannot_be_is_refused_in_words(page):
    first = page.see("/picture/prior", median="8000", percentile_90="20000")
    assert first != page.see("/picture/prior", median="9000", percentile_90="20000")
    assert first == page.see("/picture/prior", median="8000", percentile_90="20000")
    with pytest.raises(Refused, match="no distribution"):
        page.see("/picture/prior")
    html = page.press("/prior", "compute", {"median": "9000", "percentile_90": "8000"})
    assert "This must be above the median." in html
    assert 'aria-invalid="true"' in html
    assert "The prior needs both numbers" in page.press("/prior", "compute", {"median": "9000"})


def test_graphs_have_their_probability_and_expected_number_and_the_saturated_one_a_warning_above_the_number(page):
    load_table("uk_five_lists").to_csv(page.desk.folder / "kosovo.csv", force=True)
    html = text_of(page.press("/prior", "compute", {"delta": "0.5", "include_saturated": "yes"}))
    model = models.DecomposableGraphs(delta=0.5, include_saturated=True)
    result = model.fit(load_table("uk_five_lists"), rng=1)
    assert html.index("Warning: The saturated graph") < html.index(str(result)[:20])
    graph, _, mean = result.tables[0].rows[0]
    assert graph in html
    assert f"{mean:,.0f}" in html


def test_a_prior_is_written_into_the_study_and_its_comments_stay(page):
    asked = {"median": "8,000", "percentile_90": "20000", "delta": "0.5"}
    assert page.press("/prior", "use", asked) == "/models"
    written = (page.desk.folder / "study.toml").read_text()
    assert "# counts per history" in written
    assert "# a bound" in written
    (chao, graphs) = page.desk.study.models
    assert chao["label"] == "Chao"
    assert dict(graphs["settings"]) == {"prior_on_n": "log-normal(8000, 20000)", "delta": 0.5}
    page.press("/prior", "use", {"median": "", "percentile_90": ""})
    assert not page.desk.study.models[1].get("settings")


def test_every_help_of_a_control_is_the_entry_of_the_docstring(page):
    helped = help_of(design.__doc__.replace("\n    ", "\n"))
    html = text_of(page.see("/plan"))
    for name in ("total", "list_sizes", "heterogeneity", "replications", "model"):
        assert helped[name][1] in html
    assert help_of(models.DecomposableGraphs.__doc__.replace("\n    ", "\n"))["delta"][1] in text_of(page.see("/prior"))


def test_a_plan_gives_the_numbers_of_the_function(page):
    assert page.press("/plan", "begin", PLAN) == "/plan"
    html = text_of(page.see("/plan"))
    found = design(
        {"police": 300, "press": 200}, 1000, model=models.LogLinear(), rng=3, lists_added={"ngo": 250},
        heterogeneity=2.0, replications=5,
    )  # fmt: skip
    assert found.finding in html
    assert all(cell in html for row in found.cells() for cell in row)
    assert page.see("/plan/file/designs.csv").decode().startswith("design,total")
    for name in ("estimates", "widths", "people"):
        assert page.see(f"/plan/file/{name}.svg").startswith(b"<?xml")
    assert 'value="30 %"' in page.see("/plan")  # what was typed is there again


def test_what_is_wrong_with_a_plan_is_tied_to_its_field(page):
    html = page.press("/plan", "begin", {**PLAN, "size.0": "many", "replications": "x"})
    assert 'id="size.0-wrong"' in html
    assert 'id="replications-wrong"' in html
    page.press("/plan", "begin", {**PLAN, "size.0": "5000"})
    assert "more than the total of 1,000" in text_of(page.see("/plan"))


def test_a_plan_that_is_under_way_is_stopped_by_killing_its_worker(page):
    page.press("/plan", "begin", PLAN)
    page.desk.plan.answer = page.desk.plan.task = None  # as while it is computed
    page.press("/plan", "stop", {})
    assert page.desk.runner.stops == 1


def test_counts_at_events_become_the_table_that_is_looked_at_next(page):
    html = page.press("/events", "convert", EVENTS)
    table = convert_events(
        [Event("police", 120), Event("press", 53, {("police",): 13}),
         Event("ngo", 56, {("police",): 9, ("press",): 4, ("police", "press"): 3})]
    )  # fmt: skip
    assert str(table) in text_of(html)
    assert page.press("/events", "look", {"csv": table.csv_text.strip()}) == "/file"
    assert read_table(page.desk.draft.taken.content, name="histories.csv") == table
    wrong = page.press("/events", "convert", {**EVENTS, "2.1": "44"})
    assert "only 40 were; -4 would be left" in text_of(wrong)
    assert 'id="2.1-wrong"' in page.press("/events", "convert", {**EVENTS, "2.1": ""})


def test_a_file_of_events_is_taken_and_an_empty_form_given(page):
    assert "Drop a file" in page.press("/events", "file", EVENTS)
    from estimation.app.desk import Taken

    text = page.see("/events/form", names="a, b").decode()
    assert text.splitlines() == ["event,recorded before by,people", "a,nobody,", "b,nobody,", "b,a,"]
    page.desk.take(Taken("e.csv", text.replace("nobody,", "nobody,9").replace("b,a,", "b,a,2").encode()))
    assert "18 people on 2 lists" in text_of(page.press("/events", "file", EVENTS))
    page.desk.take(Taken("e.csv", text.encode()))
    assert "line 2: the people are left empty" in text_of(page.press("/events", "file", EVENTS))


def test_a_list_of_a_hostile_name_is_text(page):
    name = "<img src=x onerror=alert(1)>"
    html = page.press("/events", "convert", {**EVENTS, "names": f"{name}, press, ngo"})
    assert "<img src=x" not in html
    assert "&lt;img src=x" in html
