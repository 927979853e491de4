"""Counts at one event after another become the histories that made them; counts that cannot be are named."""

import io

import numpy as np
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estimation import CaptureTable, Event, convert_events, read_events
from estimation.capture.convert_events import earlier_combinations
from estimation.capture.event_file import event_form
from estimation.errors import TableError

TEXT = (
    b"event,recorded before by,people\npolice,,120\npress,nobody,40\npress,police,13\n"
    b"ngo,total,40\nngo,police,9\nngo,press,4\nngo,press + police,3\n"
)


def counted(table, at_least=False):
    """What is known at each event of a table: written out person by person."""
    people = np.repeat(table.patterns, table.counts, axis=0)
    events = []
    for j, name in enumerate(table.lists):
        here = people[people[:, j]]
        before = {}
        for names in earlier_combinations(table.lists[:j]):
            wanted = np.array([other in names for other in table.lists[:j]])
            seen = here[:, :j]
            fits = (seen[:, wanted].all(axis=1) if at_least else (seen == wanted).all(axis=1)) if j else []
            before[names] = int(np.sum(fits))
        events.append(Event(name, len(here), before))
    return events


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 5), st.booleans(), st.randoms(use_true_random=False))
def test_counts_give_back_the_table_that_made_them(n_lists, at_least, random):
    counts = [random.choice([0, 0, 1, 5, 30]) for _ in range(2**n_lists - 1)]
    patterns = [[code >> j & 1 for j in range(n_lists)] for code in range(1, 2**n_lists)]
    table = CaptureTable([f"event {j}" for j in range(n_lists)], patterns, counts)
    assert convert_events(counted(table, at_least), counted="at least" if at_least else "exactly") == table


def test_ten_events_are_taken_and_eleven_are_not():
    names = [f"e{j}" for j in range(11)]
    assert convert_events([Event(name, 5) for name in names[:10]]).n_observed == 50
    with pytest.raises(TableError, match="11 events will not do; give 2 to 10"):
        convert_events([Event(name, 5) for name in names])
    with pytest.raises(TableError, match="1 event will not do"):
        convert_events([Event("police", 5)])


def test_a_history_that_would_have_fewer_than_nobody_is_named():
    events = [Event("police", 120), Event("press", 53, {("police",): 13}), Event("ngo", 90, {("press",): 44})]
    with pytest.raises(TableError) as caught:
        convert_events(events)
    (problem,) = caught.value.problems
    assert problem.startswith("ngo: 44 people are said to have been recorded before by press and by no other event")
    assert "only 40 were; -4 would be left" in problem


def test_all_that_is_wrong_with_events_is_named_together():
    events = [Event("police", -1, {("press",): 1}), Event("press", 3, {("police", "ngo"): -2}), Event("press", 1)]
    with pytest.raises(TableError) as caught:
        convert_events(events)
    text = " ".join(caught.value.problems)
    assert "police: -1 people were recorded" in text
    assert "press is no combination of earlier events; nothing comes before the first event" in text
    assert "police + ngo is no combination of earlier events; before it come police" in text
    assert "press: -2 people by police + ngo" in text


def test_more_people_recorded_before_than_recorded_at_all_are_named():
    with pytest.raises(TableError, match="5 people were recorded, and 6 of them are said to have been recorded before"):
        convert_events([Event("police", 10), Event("press", 5, {("police",): 6})])


def test_combinations_of_at_least_must_all_be_there_and_shrink():
    events = [Event("a", 10), Event("b", 6, {("a",): 3}), Event("c", 5, {("a",): 1, ("a", "b"): 2})]
    with pytest.raises(TableError, match="c: the people by at least b are missing"):
        convert_events(events, counted="at least")
    events[2] = Event("c", 5, {("a",): 1, ("b",): 3, ("a", "b"): 2})
    with pytest.raises(
        TableError, match="leave -1 people recorded before by exactly a; a combination cannot have more"
    ):
        convert_events(events, counted="at least")


def test_a_text_and_a_workbook_give_the_same_events():
    book = openpyxl.Workbook()
    for line in TEXT.decode().splitlines():
        cells = line.split(",")
        book.active.append([int(cell) if cell.isdecimal() else cell or None for cell in cells])
    content = io.BytesIO()
    book.save(content)
    events = read_events(TEXT, name="events.csv")
    assert read_events(content.getvalue(), name="events.xlsx") == events
    assert events[2] == Event("ngo", 40, {("police",): 9, ("press",): 4, ("press", "police"): 3})
    assert convert_events(events).count("police", "press", "ngo") == 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"event,people\na,1\n", "the column 'recorded before by' is missing"),
        (b"event,recorded before by,people\na,nobody,x\nb,nobody,2\n", "line 2: the people are 'x'"),
        (b"event,recorded before by,people\na,nobody,\nb,nobody,2\n", "line 2: the people are left empty"),
        (b"event,recorded before by,people\na,nobody,1\nb,a,2\n", "b: neither the people recorded before by nobody"),
        (b"event,recorded before by,people\na,nobody,1\na,total,2\n", "a: its total is 2, and its other rows add to 1"),
        (b"event,recorded before by,people\na,nobody,1\na,nobody,1\n", "line 3: a has two rows"),
        (
            b"event,recorded before by,people\na,nobody,5\nb,nobody,5\nc,nobody,5\nc,any,2\n",
            "do not give the histories from the third event on",
        ),
    ],
)
def test_a_file_that_cannot_be_read_says_where_and_why(text, message):
    with pytest.raises(TableError) as caught:
        read_events(text, name="events.csv")
    assert message in " ".join(caught.value.problems)


def test_any_earlier_event_is_enough_for_two():
    text = b"event,recorded before by,people\na,nobody,5\nb,total,4\nb,any,3\n"
    assert convert_events(read_events(text, name="e.csv")) == CaptureTable.from_histories(
        ["a", "b"], {"10": 2, "01": 1, "11": 3}
    )


def test_a_form_that_is_filled_in_is_read(mse, tmp_path):
    form, out = tmp_path / "form.csv", tmp_path / "table.csv"
    status, _, err = mse("event-form", "police,press,ngo", form)
    assert status == 0, err
    filled = [form.read_text().splitlines()[0]] + [line + "7" for line in form.read_text().splitlines()[1:]]
    form.write_text(
        "\n".join(filled).replace("police,nobody,7", "police,nobody,90").replace("ngo,press,7", "ngo,press,2")
    )
    status, printed, err = mse("convert-events", form, out)
    assert status == 0, err
    table = convert_events(read_events(form))
    assert str(table) in printed
    assert out.read_text() == table.csv_text
    status, _, err = mse("convert-events", form, out)
    assert (status, "there is such a file already" in err) == (2, True)


def test_a_form_has_a_row_for_every_combination():
    assert len(event_form(["a", "b", "c", "d"]).splitlines()) == 1 + 1 + 2 + 4 + 8
    with pytest.raises(TableError, match="has a \\+ in it"):
        event_form(["a + b", "c"])
