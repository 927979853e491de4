"""The pages of the atlas: what is published beside every declared model, in sentences whose numbers are computed."""

import html
import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import nchypergeom_fisher

import estimation as mse
from estimation.atlas.audit import Audit, audit, examined
from estimation.atlas.audit_page import audit_document
from estimation.atlas.audit_sections import _among_others
from estimation.atlas.facts import facts
from estimation.atlas.reproduction import answer_of
from estimation.atlas.study_folder import read_atlas_study
from estimation.capture.pairs import pair_summaries
from estimation.report.document import Table, blocks_of
from estimation.report.page import html_of

DATA = Path(__file__).parent.parent / "data"

MODELS = """
[[model]]
label = "Independence"
name = "log-linear"

[[model]]
label = "Log-linear, averaged by BIC"
name = "log-linear-average"

[[model]]
label = "No highest-order interaction"
name = "nhoi"
"""


def with_quick_models(name, tmp_path):
    """A copy of a packaged study with three models that take no time."""
    folder = tmp_path / name
    shutil.copytree(DATA / name, folder)
    text = (folder / "study.toml").read_text(encoding="utf-8")
    text = text[: text.index("[[model]]")] + MODELS
    text = re.sub(r'headline = ".*"', 'headline = "Log-linear, averaged by BIC"', text)
    text = re.sub(r"\nclaims = .*", "", text)
    (folder / "study.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def hepatitis(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hepatitis")
    return audit(read_atlas_study(with_quick_models("hepatitis_a", folder)), parts=folder / "parts")


def test_where_no_figure_is_the_own_one_of_the_study_the_page_begins_with_how_many_there_are(hepatitis):
    published = replace(hepatitis.atlas.published, truth=None)
    document = audit_document(replace(hepatitis, atlas=replace(hepatitis.atlas, published=published)))
    assert document.headline.figure == "Three published figures"


class TestANumberImplies:
    def test_no_highest_order_interaction_is_xi_one_in_closed_form(self):
        table = mse.load_table("kosovo")
        closed = 16941.88
        assert mse.atlas.implied_xi(table, closed) == pytest.approx(1, abs=1e-5)

    def test_the_known_numbers_imply_what_was_found(self):
        """Kosovo 2.1 and hepatitis A 3.8: xi = r / (N - n)."""
        assert round(mse.atlas.implied_xi(mse.load_table("kosovo"), 10401), 1) == 2.1
        assert round(mse.atlas.implied_xi(mse.load_table("hepatitis_a"), 545), 1) == 3.8

    def test_with_an_empty_history_or_nobody_unseen_xi_says_nothing(self):
        assert mse.atlas.implied_xi(mse.load_table("palembang"), 137) is None
        assert mse.atlas.implied_xi(mse.load_table("kosovo"), 4400) is None

    def test_odds_ratios_of_kosovo_with_its_near_census(self):
        """Their logs are 0.61 on average, from 0.09 to 0.93."""
        logs = np.log(list(mse.atlas.population_odds_ratios(mse.load_table("kosovo"), 10401).values()))
        assert np.round([logs.mean(), logs.min(), logs.max()], 2).tolist() == [0.61, 0.09, 0.93]

    def test_the_number_of_two_independent_lists_gives_an_odds_ratio_of_one(self):
        table = mse.CaptureTable.from_histories(["A", "B"], {"10": 40, "01": 30, "11": 12})
        assert mse.atlas.population_odds_ratios(table, 82 + 40 * 30 / 12) == {("A", "B"): pytest.approx(1)}


class TestPage:
    def test_every_number_of_a_fact_is_one_of_the_answers(self, hepatitis):
        sentences = " ".join(facts(hepatitis))
        average = hepatitis.findings.results["Log-linear, averaged by BIC"].median
        assert f"{average:,.0f}" in sentences
        assert "The known number, 545, is in the 95 % interval of 0 of 3 models." in sentences
        assert "there are 2.01 people for each one on a list" in sentences
        assert "xi, is 3.80" in sentences

    def test_the_page_has_every_model_and_what_is_known(self, hepatitis):
        document = audit_document(hepatitis)
        tables = [block for block in blocks_of(document.sections) if isinstance(block, Table)]
        cells = {cell for table in tables for row in table.rows for cell in row}
        assert set(hepatitis.findings.results) <= cells
        assert {"545", "3.80", "not"} <= cells
        headings = [section.heading for section in document.sections]
        assert headings[0] == "The published figures, computed again"
        assert "What would change the number" in headings

    def test_an_odds_ratio_with_an_empty_cell_has_its_exact_interval_and_nothing_added(self):
        """No 0.5 is added: nobody on both lists is an odds ratio of 0, whose upper end solves the exact tail."""
        table = mse.CaptureTable.from_histories(["A", "B", "C"], {"101": 8, "011": 6, "001": 20, "100": 9, "010": 4})
        pair = pair_summaries(table)[0]
        assert pair.odds_ratio.cells == (0, 8, 6, 20)
        text = _among_others(pair)
        upper = float(re.fullmatch(r"0 \(0 to (\d+\.\d+)\)", text)[1])
        assert nchypergeom_fisher(34, 8, 6, upper).pmf(0) == pytest.approx(0.025, rel=0.01)

    def test_the_odds_ratio_of_a_pair_stands_in_one_table(self, hepatitis):
        tables = [block for block in blocks_of(audit_document(hepatitis).sections) if isinstance(block, Table)]
        assert sum(any("P and Q" in cell or "P, Q" in cell for cell in row) for t in tables for row in t.rows) == 1

    def test_xi_is_asked_only_where_the_model_of_xi_gives_a_number(self, tmp_path):
        for name, asked in (("hepatitis_a", True), ("palembang", False)):
            study = read_atlas_study(with_quick_models(name, tmp_path))
            assert bool(examined(study.study, study).questions.xi) == asked

    def test_the_page_asks_for_nothing_from_outside(self, hepatitis):
        page = html_of(audit_document(hepatitis))
        assert not re.search(r'(src|href)="(https?:)?//', page)
        assert "default-src 'none'" in page

    def test_khartoum_goes_from_21939_to_157548_by_matching_alone(self, hepatitis):
        found = facts(Audit(read_atlas_study("khartoum_all"), hepatitis.findings, (), ()))
        assert "By the threshold of matching alone, the study's own number goes from 21,939 to 157,548." in found

    def test_no_word_of_a_page_judges_a_study(self, hepatitis):
        page = html_of(audit_document(hepatitis)).lower()
        assert not re.findall(r"\b(unfortunately|flawed|mistaken|wrongly|fails to|should have)\b", page)


def test_an_index_and_the_tables_with_a_known_number_are_written(tmp_path):
    folder = with_quick_models("hepatitis_a", tmp_path)
    written = mse.atlas.write_pages([folder, "no_table_taxicabs", "no_table_el_salvador"], tmp_path / "out")
    assert sorted(path.name for path in written) == ["hepatitis_a.html", "index.html", "truths.html"]
    index = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert 'href="hepatitis_a.html"' in index
    assert "no_table_el_salvador.html" not in index
    assert "El Salvador" in index
    for each in mse.atlas.run(["no_table_taxicabs", "no_table_el_salvador"]):  # they have no page that could say it
        assert html.escape(each.reason) in index
    assert "study.toml" not in index  # nor could a study file be written: no table is public
    truths = (tmp_path / "out" / "truths.html").read_text(encoding="utf-8")
    assert "1 of 4 intervals hold the number" in truths
    assert "missed by Independence, Log-linear, averaged by BIC, No highest-order interaction" in truths


def test_the_index_has_the_figures_of_a_folder_without_a_study_file_and_says_how_one_is_written(tmp_path):
    folder = tmp_path / "births"
    folder.mkdir()
    (folder / "table.csv").write_text("a,b,count\n1,1,20\n1,0,30\n0,1,40\n", encoding="utf-8")
    figure = '[[figure]]\nmethod = "{0}"\nestimate = {0}\nsource = "Nobody (1990)."\ncomputed.model = "chapman"\n'
    (folder / "published.toml").write_text(figure.format(147) + figure.format(1900), encoding="utf-8")
    mse.atlas.write_pages([folder], tmp_path / "out")
    index = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    found = mse.atlas.run([folder])
    assert [each.mark for each in found] == ["reproduced", "not"]  # 51 * 61 / 21 - 1 = 147.1
    assert all(html.escape(each.reason) in index for each in found)
    assert "Without <code>study.toml</code>" in index


def test_a_folder_with_other_files_is_left_alone(tmp_path):
    (tmp_path / "index.html").write_text("mine", encoding="utf-8")
    with pytest.raises(mse.errors.OutputError, match="it holds other files and no pages of the atlas"):
        mse.atlas.write_pages(["hepatitis_a"], tmp_path)
    assert (tmp_path / "index.html").read_text(encoding="utf-8") == "mine"


@pytest.mark.slow
def test_kosovo_by_region_and_all_together():
    """The regions by BIC sum to 11,701; all people together give 10,357."""
    study = read_atlas_study("kosovo")
    [division] = study.published.divisions
    assert round(answer_of(study, division.computed).total.median) == 11701
    [bic] = [each for each in mse.atlas.run(["kosovo"]) if each.method == "log-linear, BIC"]
    assert round(bic.ours) == 10357


def luminance(colour):
    """Relative luminance of #rgb or #rrggbb (WCAG 2)."""
    digits = colour.lstrip("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground_in_both_schemes(scheme):
    """4.5 to 1, as WCAG asks of text (AA); a page that is opened in a dark room is no black text on black."""
    style = (Path(mse.report.__file__).parent / "page.css").read_text(encoding="utf-8")
    light, dark = re.findall(r":root \{([^}]*)\}", style)
    colours = dict(re.findall(r"--(\w+): (#\w+)", light)) | (
        dict(re.findall(r"--(\w+): (#\w+)", dark)) if scheme == "dark" else {}
    )
    assert (luminance(colours["paper"]) < 0.1) == (scheme == "dark")
    for ground in ("paper", "band"):
        for ink in ("ink", "grey", "accent", "warn"):
            low, high = sorted([luminance(colours[ground]), luminance(colours[ink])])
            assert (high + 0.05) / (low + 0.05) >= 4.5, (scheme, ground, ink)
