"""`mse estimate --by`: a number or a reason for each stratum, and the total."""

import json

import pytest

ROWS = {
    ("n", "f"): (40, 30, 20),
    ("n", "m"): (50, 40, 15),
    ("s", "f"): (30, 30, 30),
    ("s", "m"): (20, 25, 10),
}


@pytest.fixture
def file(tmp_path):
    lines = ["police,press,place,sex,count"]
    for (place, sex), counts in ROWS.items():
        lines += [f"{on},{place},{sex},{n}" for on, n in zip(("1,0", "0,1", "1,1"), counts, strict=True)]
    path = tmp_path / "deaths.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


MODEL = ("--model", "lincoln-petersen", "--set", "lists=police,press")


def test_each_stratum_has_its_number_and_the_total_is_their_sum(mse, file):
    code, out, _err = mse("estimate", file, *MODEL, "--by", "place", "--json")
    found = json.loads(out)
    assert [each["labels"] for each in found["strata"]] == [{"place": "n"}, {"place": "s"}]
    # North: 125 and 105 people, 35 on both; south: 90 and 95, 40 on both.
    assert [each["median"] for each in found["strata"]] == pytest.approx([125 * 105 / 35, 90 * 95 / 40])
    assert found["total"]["median"] == pytest.approx(125 * 105 / 35 + 90 * 95 / 40)
    assert found["strata"][0]["lists"] == ["police", "press"]
    assert code == 0


def test_the_same_is_printed_for_a_reader(mse, file):
    _code, out, _err = mse("estimate", file, *MODEL, "--by", "place,sex")
    assert "This holds within each of 4 strata by place and sex." in out
    assert "Total: about" in out


def test_a_label_that_is_missing_is_refused_with_the_choices_and_each_of_them_answers(mse, file):
    file.write_text(file.read_text() + "1,0,,f,25\n")
    code, _out, err = mse("estimate", file, *MODEL, "--by", "place")
    assert code == 2
    assert "place of 25 of 365 people is missing" in err
    assert "--missing complete, --missing impute or --missing joint" in err
    assert str(file) in err
    left_out, drawn = (
        json.loads(mse("estimate", file, *MODEL, "--by", "place", "--missing", missing, "--json")[1])
        for missing in ("complete", "impute")
    )
    assert left_out["total"]["n_observed"] == 340
    assert "25 people whose place is missing were left out." in left_out["notes"]
    assert drawn["total"]["n_observed"] == 365
    assert "25 people" in drawn["notes"][0]
    assert drawn["complete_cases"]["median"] == pytest.approx(left_out["total"]["median"])
    assert "fewer than with them" in drawn["notes"][1]


def test_labels_are_drawn_jointly_by_a_bayesian_model_and_another_names_the_other_choice(mse, file):
    file.write_text(file.read_text() + "1,0,,f,25\n")
    code, out, _err = mse("estimate", file, "--model", "nhoi", "--by", "place", "--missing", "joint", "--json")
    found = json.loads(out)
    assert code == 0
    assert found["total"]["n_observed"] == 365
    assert found["complete_cases"]["n_observed"] == 340
    assert "place of 25 people, where missing, were drawn with the numbers of all strata" in found["notes"][0]
    code, _out, err = mse("estimate", file, *MODEL, "--by", "place", "--missing", "joint")
    assert code == 2
    assert "use missing = 'impute', which goes with any model, or one of nhoi, " in " ".join(err.split())


def test_a_stratum_without_overlap_is_named_and_there_is_no_total(mse, file):
    file.write_text(file.read_text() + "1,0,w,f,9\n0,1,w,m,4\n")
    code, out, _err = mse("estimate", file, *MODEL, "--by", "place", "--json")
    found = json.loads(out)
    assert code == 3
    assert [each["estimable"] for each in found["strata"]] == [True, True, False]
    assert "1 of 3 strata have no number" in found["total"]["reason"]
    assert "place w (13 people: " in found["total"]["reason"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--by", "plaza"), "no column 'plaza' to take as a label; did you mean 'place'"),
        (("--by", "police", "--lists", "police,press"), "named both as a label and as a list"),
        (("--by", "place,place"), "the label 'place' is named twice"),
        (("--by", ""), "name the columns that make a stratum"),
        (("--by", "place", "--missing", "guess"), "'guess' is none of refuse, complete, impute, joint"),
    ],
)
def test_what_is_wrong_is_said(mse, file, words, said):
    code, _out, err = mse("estimate", file, *MODEL, *words)
    assert code == 2
    assert said in " ".join(err.split())


def test_strata_need_a_model(mse, file):
    assert "name it with --model" in mse("estimate", file, "--by", "place")[2]


def test_a_column_that_tells_people_apart_is_no_label(mse, tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("person,in_a,in_b\n" + "".join(f"p{k},1,{k % 2}\n" for k in range(5_001)))
    _code, _out, err = mse("estimate", path, "--model", "lincoln-petersen", "--set", "lists=a,b", "--by", "person")
    assert "5,001 different values" in err


class TestModelOverStrata:
    """`--model hierarchical-log-linear`: all strata at once."""

    OVER = ("--model", "hierarchical-log-linear", "--set", "interactions=none", "--set", "chains=2")

    def test_strata_borrow_and_the_object_has_what_they_share(self, mse, file):
        file.write_text(file.read_text() + "1,0,w,f,9\n0,1,w,m,4\n")
        code, out, _err = mse("estimate", file, *self.OVER, "--by", "place", "--json")
        found = json.loads(out)
        assert code == 0
        assert [each["estimable"] for each in found["strata"]] == [True, True, True]
        assert "Nobody of this stratum is on more than one list" in found["strata"][2]["notes"][0]
        titles = [table["title"] for table in found["total"]["tables"]]
        assert titles[:2] == ["Each stratum alone, by maximum likelihood, and pooled", "What the strata share"]
        assert found["total"]["n_observed"] == 353

    def test_notes_of_the_total_are_printed(self, mse, file):
        _code, out, _err = mse("estimate", file, *self.OVER, "--set", "draws=500", "--by", "place")
        assert "which share the means and spreads of the effects of lists and pairs" in " ".join(out.split())
        assert "people, alone" in out

    def test_without_columns_that_make_strata_it_says_what_to_name(self, mse, file):
        code, _out, err = mse("estimate", file, "--model", "hierarchical-log-linear", "--drop-lists", "sex,place")
        assert code == 2
        assert "is a model over strata; name the columns that make them with --by" in " ".join(err.split())

    def test_an_order_that_is_no_label_is_said(self, mse, file):
        code, _out, err = mse("estimate", file, *self.OVER, "--set", "order=month", "--by", "place")
        assert code == 2
        assert "order = 'month' is no label of the strata; they are by place" in " ".join(err.split())

    def test_it_is_among_the_models(self, mse):
        assert "hierarchical-log-linear (with --by)" in mse("models")[1]
