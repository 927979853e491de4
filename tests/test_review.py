"""Which questions move the number of people, the sheet and the page of them, and the page in a real browser."""

import csv
import io
import re
import shutil
from datetime import date

import numpy as np
import pytest

from estimation.errors import LinkageError
from estimation.linkage.decisions import RecordKey, decisions_from_csv
from estimation.linkage.draws import LinkageDraws, LinkedList, RecordPlace
from estimation.linkage.review_cases import check_same_files, review_cases, review_cases_csv
from estimation.linkage.review_page import review_page
from estimation.linkage.review_questions import ReviewQuestion, review_questions
from estimation.lists.days import Days
from estimation.lists.name_list import NameList, NameRecord, PersonName
from estimation.text.languages import language

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
JULY = Days.between(date(1988, 7, 30), date(1988, 7, 31), text="۱۳۶۷/۵/۸")


def relabelled(rows):
    """Partitions with people numbered in the order of their first records."""
    return np.array([[list(dict.fromkeys(row)).index(each) for each in row] for row in rows], dtype=np.int32)


def drawn_partitions(n_draws=600):
    """Six records: 0 and 1 always together; 2 with them, 3 with 4, and 5 with 4, by chance."""
    rng = np.random.default_rng(1)
    rows = []
    for _ in range(n_draws):
        two, three, five = rng.random(3) < (0.5, 0.3, 0.02)
        row = [0, 0, 0 if two else 1, 2, 2 if three else 3]
        rows.append([*row, row[4] if five else 4])
    return relabelled(rows)


def named_lists():
    first = NameRecord(
        2,
        (PersonName("بهرام", family="سنگ‌ریزان"),),
        event=JULY,
        places=("تهران",),
        cells=("بهرام سنگ‌ریزان", "۱۳۶۷/۵/۸"),
    )
    second = NameRecord(2, (PersonName("bahram", family="sangrizan"),), event=JULY, places=("tehran",), age=(24, 24))
    third = NameRecord(3, (PersonName("<b>kamran", family="dafsaz"),), age=(50, 50), cells=("<b>Kamran", "1988"))
    return [
        NameList("فهرست", (first,), ("نام", "تاریخ"), sha256="a" * 64),
        NameList("english", (second, third), ("name", "died"), sha256="b" * 64),
    ]


def cases():
    asked = ReviewQuestion((0,), (1,), 0.5, 0.5, 0.5), ReviewQuestion((0, 1), (2,), 0.5, 0.5, 0.9)
    return review_cases(asked, named_lists())


def test_the_first_question_removes_most_of_the_variance_and_its_share_is_that_of_knowing_the_answer():
    persons = drawn_partitions()
    people = persons.max(axis=1) + 1.0
    found = review_questions(persons, people)
    assert [(each.first, each.second) for each in found] == [((0, 1), (2,)), ((3,), (4,)), ((4,), (5,))]
    for each in found:
        together = persons[:, each.first[0]] == persons[:, each.second[0]]
        within = [together.mean() * people[together].var(), (~together).mean() * people[~together].var()]
        assert each.share == pytest.approx(1 - sum(within) / people.var())
        assert each.probability == pytest.approx(together.mean())
    assert found[-1].share_so_far == pytest.approx(1)
    assert [each.share_so_far for each in found] == sorted(each.share_so_far for each in found)


def test_a_question_that_the_ones_before_it_answer_is_not_asked():
    together = relabelled([[0, 0, 0], [0, 1, 2]] * 50)  # three records are one person or three
    found = review_questions(together, together.max(axis=1) + 1.0)
    assert len(found) == 1


def test_another_quantity_than_the_people_asks_other_questions():
    persons = drawn_partitions()
    matters = (persons[:, 4] == persons[:, 5]).astype(float)
    assert review_questions(persons, matters, most=1)[0].second == (5,)
    with pytest.raises(ValueError, match="give one a draw"):
        review_questions(persons, matters[:-1])
    assert review_questions(persons[:, :2], np.ones(len(persons))) == ()


def test_fields_are_compared_over_scripts_and_marked_in_words():
    found = {field.heading: field.likeness for field in cases()[0].fields}
    assert found["Given name"] == "near"
    assert found["Event"] == "same"
    assert found["Age"] == "open"
    assert {field.heading: field.likeness for field in cases()[1].fields}["Age"] == "differs"


def test_the_sheet_is_a_file_of_decisions_once_it_is_answered():
    rows = list(csv.reader(io.StringIO(review_cases_csv(cases()))))
    assert [row[0] for row in rows[1:]] == ["1", "2", "2"]
    assert "0.5" not in review_cases_csv(cases())  # a reviewer does not see what the model thinks
    at = rows[0].index("decision")
    for row in rows[2:]:
        row[at : at + 3] = ["different", "A.", "2026-03-01"]
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    made = decisions_from_csv(text.getvalue(), source="sheet")
    assert [each.pair for each in made] == [
        (RecordKey("english", 3), RecordKey("فهرست", 2)),
        (RecordKey("english", 2), RecordKey("english", 3)),
    ]


def test_files_that_changed_since_they_were_linked_are_refused():
    lists = named_lists()
    places = (RecordPlace(0, 2), RecordPlace(1, 2), RecordPlace(1, 3))
    files = tuple(LinkedList(one.name, f"{one.name}.csv", one.sha256) for one in lists)
    persons = np.zeros((1, 2, 3), dtype=np.int32)
    draws = LinkageDraws(tuple(one.name for one in lists), places, persons, files=files)
    check_same_files(draws, lists, where="DIR")
    with pytest.raises(LinkageError, match="english\\.csv: the file was changed since"):
        check_same_files(draws, [lists[0], NameList("english", lists[1].records, sha256="c" * 64)], where="DIR")
    with pytest.raises(LinkageError, match="the list english was linked and is not given"):
        check_same_files(draws, lists[:1], where="DIR")
    with pytest.raises(LinkageError, match="read otherwise"):
        check_same_files(draws, [lists[0], NameList("english", lists[1].records[:1], sha256="b" * 64)], where="DIR")


def test_the_page_is_one_file_that_escapes_what_people_wrote_and_isolates_what_runs_from_right_to_left():
    page = review_page(cases(), title="</title><script>alert(1)</script>")
    assert "<b>kamran" not in page
    assert "<script>alert" not in page
    assert "http" not in page.replace("http-equiv", "")
    assert '<bdi dir="rtl">بهرام</bdi>' in page
    assert '<span class="read"><bdi dir="ltr">1988-07-30</bdi></span>' in page
    assert "≠" in page
    assert "differs" in page


@pytest.mark.parametrize("code", ["es", "fa"])
def test_in_another_language_nothing_but_names_is_in_english_and_the_translation_is_marked(code):
    page, found = review_page(cases(), title="فهرست", code=code), language(code, "linkage")
    assert f'<html lang="{code}" dir="{found.direction}">' in page
    assert found.mark in page
    visible = re.sub(r"<(style|script)\b.*?</\1>|<bdi.*?</bdi>|<kbd>.*?</kbd>|<[^>]*>", " ", page, flags=re.DOTALL)
    assert 'lang="en"' not in page
    if code == "fa":
        assert {*re.findall(r"[A-Za-z]{3,}", visible)} <= {"CSV", "JavaScript"}


class Opened:
    """The page, opened, with everything that it complained of or fetched."""

    def __init__(self, browser, file, **settings):
        self.context = browser.new_context(accept_downloads=True, **settings)
        self.page = self.context.new_page()
        self.noise, self.fetched = [], []
        self.page.add_init_script(
            "document.addEventListener('securitypolicyviolation', (event) => console.error(event.violatedDirective))"
        )
        self.page.on("console", lambda message: self.noise.append(message.text))
        self.page.on("pageerror", lambda error: self.noise.append(str(error)))
        self.page.on("request", lambda request: self.fetched.append(request.url))
        self.page.goto(file.as_uri())
        self.file = file

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def heading(self):
        return self.page.locator("section:not([hidden]) h2").inner_text()

    def status(self):
        return self.page.locator("#status").inner_text()

    def name(self, who):
        self.page.locator("#who").fill(who)
        self.press("Enter")

    def saved(self, tmp_path):
        with self.page.expect_download() as download:
            self.press("e")
        file = tmp_path / download.value.suggested_filename
        download.value.save_as(file)
        return file

    def close(self):
        assert self.noise == []
        assert [url for url in self.fetched if not url.startswith("blob:")] == [self.file.as_uri()]
        self.context.close()


def _light(colour):
    """How light a colour of a style sheet is, from 0 to 255."""
    return sum(map(int, re.findall(r"\d+", colour)[:3])) / 3


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed (the extra [test])")
    if CHROMIUM is None:
        pytest.skip("no Chromium on the path: install the browser to run these tests")
    with playwright.sync_playwright() as started:
        # Without a sandbox, because tests also run as root in containers; the page is our own file.
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def opened(browser, tmp_path):
    file = tmp_path / "review.html"
    file.write_text(review_page(cases(), title="فهرست and english"), encoding="utf-8")
    found = Opened(browser, file, viewport={"width": 1280, "height": 900})
    yield found
    found.close()


def test_a_reviewer_answers_by_keyboard_undoes_and_saves_decisions(opened, tmp_path):
    assert opened.heading() == "Question 1 of 2"
    opened.press("s")
    assert opened.status() == "Write who is reviewing, then answer."
    opened.page.keyboard.type("=A. ب")
    opened.press("Enter", "s")
    assert opened.heading() == "Question 2 of 2"
    opened.press("p")
    assert opened.page.locator("#a1").inner_text() == "Your answer: Same person"
    opened.press("n", "d")
    assert opened.status() == "All 2 questions are answered: save them as CSV."
    opened.press("z")
    assert opened.page.locator("#a2").inner_text() == ""
    opened.page.locator("#w2").fill("another age, کاملا")
    opened.press("Escape", "u")
    made = decisions_from_csv(opened.saved(tmp_path).read_text(encoding="utf-8"), source="saved")
    assert [each.answer for each in made] == ["same", "unsure", "unsure"]
    assert {each.who for each in made} == {"=A. ب"}
    assert made[1].why == "another age, کاملا"
    assert made[0].pair == (RecordKey("english", 2), RecordKey("فهرست", 2))


def test_a_reviewer_answers_in_persian_with_a_persian_keyboard_and_the_arrows_follow_the_direction(browser, tmp_path):
    file = tmp_path / "review.html"
    file.write_text(review_page(cases(), title="فهرست and english", code="fa"), encoding="utf-8")
    found = Opened(browser, file, viewport={"width": 390, "height": 844})
    assert found.heading() == "پرسش ۱ از ۲"
    assert found.page.evaluate("document.documentElement.scrollWidth") <= 390
    found.name("الف")
    found.press("Escape")
    typed = "([key, code]) => document.body.dispatchEvent(new KeyboardEvent('keydown', {key, code, bubbles: true}))"
    found.page.evaluate(typed, ["س", "KeyS"])  # the key of s on a Persian keyboard
    assert found.heading() == "پرسش ۲ از ۲"
    found.press("ArrowRight")
    assert found.page.locator("#a1").inner_text() == "پاسخ شما: همان فرد"
    found.press("ArrowLeft")
    assert found.heading() == "پرسش ۲ از ۲"
    made = decisions_from_csv(found.saved(tmp_path).read_text(encoding="utf-8"), source="saved")
    assert [each.answer for each in made] == ["same"]
    found.close()


def test_answers_outlast_the_page_and_a_second_reviewer_does_not_see_them(opened):
    opened.name("A.")
    opened.press("s")
    opened.page.reload()
    opened.fetched.pop()
    assert opened.heading() == "Question 2 of 2"
    opened.name("B.")
    assert opened.heading() == "Question 1 of 2"
    assert opened.page.locator("#a1").inner_text() == ""
    opened.name("a.")
    assert opened.heading() == "Question 2 of 2"


def test_the_page_fits_a_phone_and_its_buttons_are_reached_by_tab(browser, tmp_path):
    file = tmp_path / "review.html"
    file.write_text(review_page(cases(), title="فهرست and english"), encoding="utf-8")
    found = Opened(browser, file, viewport={"width": 360, "height": 740}, color_scheme="dark")
    assert found.page.evaluate("document.documentElement.scrollWidth") <= 360
    paper, ink = found.page.evaluate(
        "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
    )
    assert _light(paper) < 40 < 200 < _light(ink)
    found.name("A.")
    reached = set()
    for _ in range(14):
        found.press("Tab")
        reached.add(found.page.evaluate("document.activeElement.dataset.answer || document.activeElement.id"))
    assert {"same", "different", "unsure", "previous", "next", "undo", "save"} <= reached
    found.page.locator("[data-answer=different]").click()
    assert found.heading() == "Question 2 of 2"
    # Three records: each value stands under the other, with its record beside it, and nothing is cut off.
    scroll = found.page.locator("#q2 .scroll")
    assert scroll.evaluate("each => each.scrollWidth - each.clientWidth") == 0
    assert found.page.locator("#q2 tbody tr").first.locator(".of:visible").count() == 3
    found.close()
