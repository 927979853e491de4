"""What a study asks beyond its models."""

import json

import pytest
from small_study import write_study

from estimation.errors import StudyError
from estimation.study import questions
from estimation.study.findings import find, generator_for, numbers_of
from estimation.study.study_file import read_study

ASKED = """[sensitivity]
model = "Coverage"
leave_one_list_out = true
merge_two_lists = true
one_inflation = true
consistency = true
pairs = true
delta = [0.0625, 0.125, 1]
odds_ratio = { pair = ["A", "C"], values = [0.5, 2]}
linkage_error = {false_match = [0, 0.1], missed_match = [0, 0.1], model = "Bound"}
figures = [400]
vary = [{model = "Graphs", setting = "prior_on_n", values = ["1/N", "flat up to 2000"]}]
"""
OLD = "[sensitivity]\ndelta = [0.0625, 0.125, 1]\n"
CLAIMS = """who,when,kind,figure,to,words,citation
A ministry,1990,list,150,,150 names,A report
A paper,1991,total,350,450,many,P1
"""


def asking(tmp_path, text=ASKED, *changes):
    (tmp_path / "claims.csv").write_text(CLAIMS, encoding="utf-8")
    return write_study(tmp_path, (OLD, text), ("seed = 7", 'seed = 7\nclaims = "claims.csv"'), *changes)


def refusal(tmp_path, *changes):
    text = ASKED
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    with pytest.raises(StudyError, match=r"study\.toml") as caught:
        read_study(asking(tmp_path, text))
    return caught.value.problems


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    folder = tmp_path_factory.mktemp("asked")
    return find(read_study(asking(folder)), parts=folder)


def test_every_question_is_answered_in_a_fixed_order(found):
    assert list(found.sensitivities) == [
        "leave_one_list_out",
        "merge_two_lists",
        "one_inflation",
        "consistency",
        "pairs",
        "delta",
        "prior_on_n of Graphs",
        "theta",
        "matching",
        *(f"{n} by {road}" for n in (350, 400, 450) for road in (
            "people out of reach", "dependence", "dependence of A and C", "wrong matches"
        )),
    ]  # fmt: skip


def test_the_baseline_of_a_question_is_the_answer_that_the_study_gives(found):
    for key, label in (("leave_one_list_out", "Coverage"), ("delta", "Graphs"), ("matching", "Bound")):
        assert found.sensitivities[key].baseline.median == found.results[label].median


def test_a_question_alone_has_the_answer_that_it_has_among_others(found, tmp_path):
    alone = find(
        read_study(asking(tmp_path, '[sensitivity]\ntheta = {lists = ["A", "C"], values = [0.5, 2]}\n')), parts=tmp_path
    )
    medians = [[a.result.median for a in f.sensitivities["theta"].alternatives] for f in (found, alone)]
    assert medians[0] == medians[1]


def test_what_is_asked_is_in_the_numbers(found):
    numbers = json.loads(json.dumps(numbers_of(found), allow_nan=False))
    assert list(numbers["sensitivity"]) == list(found.sensitivities)
    surface = numbers["sensitivity"]["matching"]
    assert surface["alternatives"][1]["value"] == [0, 0.1]
    assert surface["baseline"]["median"] == found.results["Bound"].median
    assert numbers["sensitivity"]["leave_one_list_out"]["alternatives"][0]["value"] is None


def test_a_claim_stands_beside_each_posterior_and_no_confidence_interval(found):
    ministry, paper = numbers_of(found)["claims"]
    assert (ministry["kind"], ministry["figure"], paper["to"]) == ("list", 150, 450)
    assert list(paper["probability_at_least"]) == ["Graphs"]
    assert paper["probability_at_least"]["Graphs"] == found.results["Graphs"].total.probability_at_least(350)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('model = "Coverage"', 'model = "Covrage"'), "model is 'Covrage'; did you mean 'Coverage'?"),
        (('model = "Bound"', 'model = "Bond"'), "matching: model is 'Bond'; did you mean 'Bound'?"),
        (('model = "Graphs"', 'model = "Graph"'), "vary: model 'Graph'; did you mean 'Graphs'?"),
        (('"prior_on_n"', '"prior_of_n"'), "'prior_of_n'; did you mean 'prior_on_n'?"),
        (('"flat up to 2000"', '"round"'), "vary prior_on_n of Graphs:"),
        (('["A", "C"]', '["A", "A"]'), "theta names 'A' twice"),
        (("missed_match = [0, 0.1]", "missed_match = [0, 1.1]"), "key 'missed 2' is 1.1: input should be less than 1"),
        (("theta = {", "thta = {"), "key 'thta' is unknown; did you mean 'theta'?"),
        (("values = [0.5, 2]", "valus = [0.5, 2]"), "[theta], key 'valus' is unknown; did you mean 'values'?"),
        (("delta =", "xi = [1]\ndelta ="), "xi is a setting of the model 'nhoi', which is not declared"),
        (("0.125, 1]", "0.125, 0.125]"), "delta names a value twice"),
    ],
)  # fmt: skip
def test_a_question_that_cannot_be_asked_is_refused_before_anything_runs(tmp_path, change, said):
    assert any(said in problem for problem in refusal(tmp_path, change))


def test_a_question_that_the_table_cannot_answer_stops_the_study_before_any_model(tmp_path):
    path = asking(tmp_path, ASKED.replace('"A", "C"', '"A", "D"').replace("merge_two_lists", "subsets"))
    with pytest.raises(StudyError) as caught:
        find(read_study(path), parts=tmp_path)
    assert caught.value.problems == (
        "[sensitivity] subsets needs 4 lists or more, and the table has 3; remove the key",
        "[sensitivity] theta: 'D' is not a list; there are A, B, C",
    )
    assert not list(tmp_path.glob("*.npz"))


def test_claims_are_read_with_the_study(tmp_path):
    path = asking(tmp_path)
    assert [claim.figure for claim in read_study(path).claims] == [150, 350]
    (tmp_path / "claims.csv").write_text(CLAIMS.replace("total", "totl"), encoding="utf-8")
    with pytest.raises(StudyError, match=r"claims 'claims\.csv': line 3: kind is 'totl'"):
        read_study(path)


def test_claims_stand_beside_the_study_file(tmp_path):
    path = asking(tmp_path)
    path.write_text(path.read_text().replace('"claims.csv"', '"../claims.csv"'))
    with pytest.raises(StudyError, match="put the file beside the study file"):
        read_study(path)


def test_a_stopped_study_answers_its_questions_the_same(found, tmp_path):
    study = read_study(asking(tmp_path))
    stops = iter(range(60))

    def stop(doing, done, of):
        if done > 4.3 and next(stops) == 0:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        find(study, parts=tmp_path, progress=stop)
    assert json.dumps(numbers_of(find(study, parts=tmp_path, workers=2))) == json.dumps(numbers_of(found))


ROLL = ("[[reference]]", '[register]\nat_most = 300\nsource = "A register"\n\n[[reference]]')


def test_a_roll_holds_for_every_model_and_every_question(tmp_path):
    study = read_study(asking(tmp_path, ASKED, ROLL))
    found = find(study, parts=tmp_path)
    assert "a roll of 300 people" in " ".join(found.results["Graphs"].assumptions)
    assert found.results["Graphs"].interval().upper <= 300
    graphs = [a.result for a in found.sensitivities["delta"].alternatives]
    assert all(result.interval().upper <= 300 for result in graphs)
    assert numbers_of(found)["roll"]["source"] == "A register"


def test_a_roll_with_less_room_than_people_observed_stops_the_study(tmp_path):
    study = read_study(asking(tmp_path, ASKED, (ROLL[0], ROLL[1].replace("300", "200"))))
    with pytest.raises(StudyError, match="room for 200 people and the table has 217"):
        find(study, parts=tmp_path)


def test_a_roll_that_cannot_be_is_refused(tmp_path):
    path = asking(tmp_path, ASKED, (ROLL[0], ROLL[1].replace("300", "0")))
    with pytest.raises(StudyError, match=r"\[roll\]: "):
        read_study(path)


def test_a_question_has_a_generator_by_its_own_name():
    assert generator_for(7, "pairs").random() != generator_for(7, "theta").random()


def test_the_page_names_every_key():
    for key in questions.Questions.model_fields:
        assert f"    {key} = " in (questions.__doc__ or ""), key
