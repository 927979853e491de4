"""What a study asks beyond its models."""

import json
from dataclasses import fields

import pytest
from small_study import write_study

from estimation.errors import StudyError
from estimation.study import sensitivity_keys
from estimation.study.findings import find
from estimation.study.numbers import numbers_of
from estimation.study.questions import Question
from estimation.study.study_file import read_study
from estimation.work.seeds import generator_for

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
ODDS_RATIO = Question("odds_ratio", "setting")
OLD = "[sensitivity]\ndelta = [0.0625, 0.125, 1]\n"
CLAIMS = """who,when,kind,figure,to,words,citation
A ministry,1990,list,150,,150 names,A report
A paper,1991,total,350,450,many,P1
"""
ONE_LIST = CLAIMS[: CLAIMS.index("A paper")]
"""The claims that state no total, which would be a question each."""


def asking(tmp_path, text=ASKED, *changes, claims=CLAIMS):
    (tmp_path / "claims.csv").write_text(claims, encoding="utf-8")
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
    assert [question.key for question in found.sensitivities] == [
        "leave_one_list_out",
        "merge_two_lists",
        "one_inflation",
        "consistency",
        "pairs",
        "delta",
        "prior_on_n of Graphs",
        "odds_ratio",
        "linkage_error",
        *(f"figure {figure}: {explanation}" for figure in (350, 400, 450) for explanation in EXPLANATIONS),
    ]


EXPLANATIONS = ("zero capture probability", "list dependence", "list dependence between A and C", "linkage error")


def test_a_question_says_what_it_is_about_so_that_nobody_reads_its_key(found):
    asked = {question.key: question for question in found.sensitivities}
    assert asked["leave_one_list_out"] == Question("leave_one_list_out", "lists", "Coverage")
    assert asked["prior_on_n of Graphs"] == Question("prior_on_n of Graphs", "setting", "Graphs")
    assert asked["consistency"].kind == "consistency"
    assert asked["linkage_error"] == Question("linkage_error", "linkage", "Bound")
    assert asked["odds_ratio"].model is None  # it brings a model of its own
    figures = [question for question in found.sensitivities if question.kind == "figure"]
    assert [(q.figure, q.explanation) for q in figures] == [(n, e) for n in (350, 400, 450) for e in EXPLANATIONS]


def test_the_baseline_of_a_question_is_the_answer_that_the_study_gives(found):
    for question, answer in found.sensitivities.items():
        if question.model is not None and question.kind != "figure":
            assert answer.baseline.median == found.results[question.model].median, question


def test_a_question_alone_has_the_answer_that_it_has_among_others(found, tmp_path):
    alone = find(
        read_study(
            asking(tmp_path, '[sensitivity]\nodds_ratio = {pair = ["A", "C"], values = [0.5, 2]}\n', claims=ONE_LIST)
        ),
        parts=tmp_path,
    )
    medians = [[a.result.median for a in f.sensitivities[ODDS_RATIO].alternatives] for f in (found, alone)]
    assert medians[0] == medians[1]


def test_what_is_asked_is_in_the_numbers(found):
    numbers = json.loads(json.dumps(numbers_of(found), allow_nan=False))
    assert list(numbers["sensitivity"]) == [question.key for question in found.sensitivities]
    surface = numbers["sensitivity"]["linkage_error"]
    assert (surface["kind"], surface["model"], surface["figure"]) == ("linkage", "Bound", None)
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
        (('model = "Coverage"', 'model = "Covrage"'), "'Covrage' is not a declared model; did you mean 'Coverage'?"),
        (('model = "Bound"', 'model = "Bond"'), "linkage_error: model: 'Bond' is not a declared model; did"),
        (('model = "Graphs"', 'model = "Graph"'), "vary: 'Graph' is not a declared model; did you mean 'Graphs'?"),
        (('"prior_on_n"', '"prior_of_n"'), "'prior_of_n'; did you mean 'prior_on_n'?"),
        (('"flat up to 2000"', '"round"'), "vary: prior_on_n of Graphs:"),
        (('["A", "C"]', '["A"]'), "key 'pair' is ['A']; it must have 2 values or more"),
        (('["A", "C"]', '["A", "A"]'), "odds_ratio: 'A' is named twice"),
        (("missed_match = [0, 0.1]", "missed_match = [0, 1.1]"), "'missed_match 2' is 1.1: input should be less"),
        (("odds_ratio = {", "ods_ratio = {"), "key 'ods_ratio' is unknown; did you mean 'odds_ratio'?"),
        (("values = [0.5, 2]", "valus = [0.5, 2]"), "[odds_ratio], key 'valus' is unknown; did you mean 'values'?"),
        (("delta =", "xi = [1]\ndelta ="), "xi: it is a setting of the model 'nhoi', which is not declared"),
        (("0.125, 1]", "0.125, 0.125]"), "delta: a value is named twice"),
    ],
)  # fmt: skip
def test_a_question_that_cannot_be_asked_is_refused_before_anything_runs(tmp_path, change, said):
    assert any(said in problem for problem in refusal(tmp_path, change))


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        ("leave_one_list_out", "leave_one_out", "'leave_one_out' is called 'leave_one_list_out' now; rename it"),
        ("merge_two_lists", "merge_two", "'merge_two' is called 'merge_two_lists' now; rename it"),
        ("consistency", "internal_consistency", "'internal_consistency' is called 'consistency' now; rename it"),
        ("odds_ratio", "theta", "'theta' is called 'odds_ratio' now, and its key 'lists' is called 'pair'; rename it"),
        ("pair = ", "lists = ", "[odds_ratio], key 'lists' is called 'pair' now; rename it"),
        ("linkage_error", "matching", "'matching' is called 'linkage_error' now, and its key 'false' is called"),
        ("false_match", "false", "[linkage_error], key 'false' is called 'false_match' now; rename it"),
        ("missed_match", "missed", "[linkage_error], key 'missed' is called 'missed_match' now; rename it"),
    ],
)
def test_a_question_by_its_former_name_is_refused_with_the_name_of_today(tmp_path, now, before, said):
    assert any(said in problem for problem in refusal(tmp_path, (now, before)))


def test_a_register_by_its_former_name_is_refused_with_the_name_of_today(tmp_path):
    path = asking(tmp_path, ASKED, (REGISTER[0], REGISTER[1].replace("[register]", "[roll]")))
    with pytest.raises(StudyError, match="key 'roll' is called 'register' now; rename it"):
        read_study(path)


def test_a_question_that_the_table_cannot_answer_stops_the_study_before_any_model(tmp_path):
    path = asking(tmp_path, ASKED.replace('"A", "C"', '"A", "D"').replace("merge_two_lists", "subsets"))
    with pytest.raises(StudyError) as caught:
        find(read_study(path), parts=tmp_path)
    assert caught.value.problems == (
        "[sensitivity] subsets: it needs 4 lists or more, and the table has 3; remove the key",
        "[sensitivity] odds_ratio: 'D' is not a list; there are A, B, C",
    )
    assert not list(tmp_path.glob("*.npz"))


def test_claims_are_read_with_the_study(tmp_path):
    path = asking(tmp_path)
    assert [claim.figure for claim in read_study(path).claims] == [150, 350]
    (tmp_path / "claims.csv").write_text(CLAIMS.replace("total", "totl"), encoding="utf-8")
    with pytest.raises(StudyError, match=r"\[claims\]: line 3: kind is 'totl'"):
        read_study(path)


def test_claims_stand_beside_the_study_file(tmp_path):
    path = asking(tmp_path)
    path.write_text(path.read_text().replace('"claims.csv"', '"../claims.csv"'))
    with pytest.raises(StudyError, match="put the file beside the study file"):
        read_study(path)


def test_a_stopped_study_answers_its_questions_the_same(found, tmp_path):
    study = read_study(asking(tmp_path, claims=ONE_LIST))
    stops = iter(range(60))

    def stop(done, doing=""):
        if done > 4.3 / 5 and next(stops) == 0:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        find(study, parts=tmp_path, progress=stop)
    numbers, whole = (
        json.loads(json.dumps(numbers_of(each))) for each in (find(study, parts=tmp_path, workers=2), found)
    )
    assert numbers["models"] == whole["models"]
    asked = {key: answer for key, answer in whole["sensitivity"].items() if "350" not in key and "450" not in key}
    assert numbers["sensitivity"] == asked
    assert len(asked) == 9 + len(EXPLANATIONS)


REGISTER = ("[[reference]]", '[register]\nat_most = 300\nsource = "A register"\n\n[[reference]]')


@pytest.mark.slow
def test_a_register_holds_for_every_model_and_every_question(tmp_path):
    study = read_study(asking(tmp_path, ASKED, REGISTER))
    found = find(study, parts=tmp_path)
    assert "missing from a register of 300 people" in " ".join(found.results["Graphs"].assumptions)
    assert found.results["Graphs"].interval().upper <= 300
    graphs = [a.result for a in found.sensitivities[Question("delta", "setting", "Graphs")].alternatives]
    assert all(result.interval().upper <= 300 for result in graphs)
    assert numbers_of(found)["register"]["source"] == "A register"


def test_a_register_with_less_room_than_people_observed_stops_the_study(tmp_path):
    study = read_study(asking(tmp_path, ASKED, (REGISTER[0], REGISTER[1].replace("300", "200"))))
    with pytest.raises(StudyError, match="room for 200 people and the table has 217"):
        find(study, parts=tmp_path)


def test_a_register_that_cannot_be_is_refused(tmp_path):
    path = asking(tmp_path, ASKED, (REGISTER[0], REGISTER[1].replace("300", "0")))
    with pytest.raises(StudyError, match=r"\[register\]: "):
        read_study(path)


def test_a_question_has_a_generator_by_its_own_name():
    assert generator_for(7, "pairs").random() != generator_for(7, "theta").random()


def test_the_page_names_every_key():
    for key in fields(sensitivity_keys.Questions):
        assert f"    {key.name} = " in (sensitivity_keys.__doc__ or ""), key.name
