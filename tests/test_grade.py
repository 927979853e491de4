"""Graded verification: another seed is Monte Carlo error, another cell is not; false alarms are as rare as stated."""

import copy
import json

import pytest
from small_study import STUDY, TABLE, write_study

from estimation.runs.grade import FALSE_ALARMS, grade
from estimation.runs.manifest import write_manifest
from estimation.runs.run import json_text, run_study
from estimation.runs.verify import verify_study
from estimation.study.findings import find
from estimation.study.numbers import numbers_of
from estimation.study.study_file import read_study

MODELS = """
[[model]]
label = "Bound"
name = "chao"

[[model]]
label = "Graphs"
name = "decomposable"

[[model]]
label = "Assumed"
name = "nhoi"
[model.settings]
draws = 1000

[[model]]
label = "Coverage"
name = "sample-coverage"
[model.settings]
resamples = 300

[[model]]
label = "Selected"
name = "log-linear-select"
[model.settings]
resamples = 200

"""
QUESTIONS = """[sensitivity]
leave_one_list_out = true
figures = [400]
xi = [0.5, 2]
"""
CHANGES = (
    (STUDY[STUDY.index("[[model]]") :], MODELS + QUESTIONS),
    ('headline = "Graphs"', 'headline = "Assumed"'),
    ("seed = 7", 'seed = 7\nclaims = "claims.csv"'),
)
CLAIMS = "who,when,kind,figure,to,words,citation\nA paper,1991,total,350,,many,P1\nB,1992,total,90000,,more,P2\n"
NO_TOTAL = CLAIMS.replace("total", "list")


def written(folder, *changes, table=TABLE, claims=CLAIMS):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "claims.csv").write_text(claims)
    return write_study(folder, *CHANGES, *changes, table=table)


def found_in(folder, seed=7, table=TABLE):
    """What the study finds with a seed, and its `results.json`."""
    study = read_study(written(folder, ("seed = 7", f"seed = {seed}"), table=table))
    found = find(study, parts=folder / f"parts-{seed}")
    return found, json.loads(json_text(numbers_of(found)))


def as_if(then, now):
    """Results of another seed that look as if they were of this one."""
    edited = copy.deepcopy(then)
    edited["seed"] = now["seed"]
    for one, other in zip(edited["models"], now["models"], strict=True):
        one["seed"] = other["seed"]
    return edited


@pytest.fixture(scope="module")
def now(tmp_path_factory):
    return found_in(tmp_path_factory.mktemp("now"))


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    return found_in(tmp_path_factory.mktemp("other"), seed=8)


def test_another_seed_that_looks_like_this_one_is_the_same_within_monte_carlo_error(now, other):
    found, results = now
    graded = grade(as_if(other[1], results), results, found)
    assert graded.within, graded.beyond
    assert graded.compared > 50
    assert graded.ungraded > 10
    assert 4 < graded.bound < 6
    assert 1 < graded.largest[1] < graded.bound


def test_the_same_is_at_no_distance_and_the_last_digits_of_an_exact_number_do_not_matter(now):
    found, results = now
    assert grade(results, results, found).largest[1] == 0
    last = copy.deepcopy(results)
    last["models"][0]["median"] *= 1 + 1e-12
    assert grade(last, results, found).within
    last["models"][0]["median"] *= 1 + 1e-6
    (sentence,) = grade(last, results, found).beyond
    assert sentence.startswith("models[Bound].median: ")


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        (("models", 2, "median"), 1.1, "models[Assumed].median: .* standard errors apart, where Monte Carlo error"),
        (("models", 2, "sd"), 1.5, "models[Assumed].sd"),
        (("models", 4, "upper"), 3, "models[Selected].upper"),
        (("models", 3, "sd"), 2, "models[Coverage].sd"),
        (("sensitivity", "leave_one_list_out", "alternatives", 0, "median"), 1.2, "leave_one_list_out.alternatives"),
        (("claims", 0, "probability_at_least", "Assumed"), 0.5, "claims[0].probability_at_least.Assumed"),
        (("models", 1, "lower"), 1.01, "models[Graphs].lower"),
        (("table", "n_observed"), 2, "table.n_observed"),
    ],
)
def test_a_number_that_was_changed_is_different_by_its_name(now, place, value, words):
    found, results = now
    changed = copy.deepcopy(results)
    within = changed
    for step in place[:-1]:
        within = within[step]
    within[place[-1]] *= value
    graded = grade(changed, results, found)
    assert not graded.within
    assert any(words.split(":")[0] in sentence for sentence in graded.beyond), graded.beyond


def test_words_that_changed_or_do_not_follow_from_the_numbers_are_different(now):
    found, results = now
    for place, text in (
        (("headline", "sentence"), "People of a large town: about 300 people"),
        (("sensitivity", "leave_one_list_out", "finding"), "Nothing changes."),
        (("models", 2, "assumptions", 0), "Nothing."),
    ):
        changed = copy.deepcopy(results)
        within = changed
        for step in place[:-1]:
            within = within[step]
        within[place[-1]] = text
        assert len(grade(changed, results, found).beyond) == 1, place
    changed = copy.deepcopy(results)
    del changed["models"][0]["upper"]
    (sentence,) = grade(changed, results, found).beyond
    assert sentence.startswith("models[Bound].upper: nothing in results.json, ")


def test_one_cell_more_is_different_in_what_is_exact_and_in_what_is_drawn(now, tmp_path):
    found, results = now
    study = read_study(written(tmp_path, (QUESTIONS, ""), table=TABLE.replace("1,1,1,8", "1,1,1,16"), claims=NO_TOTAL))
    changed = json.loads(json_text(numbers_of(find(study, parts=tmp_path))))
    graded = grade(changed, results, found)
    places = {sentence.split(":")[0] for sentence in graded.beyond}
    assert {"table.n_observed", "models[Bound].median", "models[Assumed].median"} <= places


@pytest.mark.slow
def test_verify_says_which_of_the_three_it_is(tmp_path):
    quick = (MODELS, '[[model]]\nlabel = "Assumed"\nname = "nhoi"\n[model.settings]\ndraws = 1000\n')
    out = run_study(written(tmp_path, quick), tmp_path / "out")
    other = run_study(written(tmp_path, quick, ("seed = 7", "seed = 8")), tmp_path / "other")
    results, others = (json.loads((folder / "results.json").read_text()) for folder in (out, other))
    (out / "results.json").write_text(json_text(as_if(others, results)))
    verification = verify_study(out)
    assert verification.grade.within
    assert verification.verdict == "different"  # the file is not the one of SHA256SUMS
    write_manifest(out)
    verification = verify_study(out)
    assert verification.verdict == "the same within Monte Carlo error"
    assert not verification.same
    text = str(verification)
    assert text.startswith(f"{out}: the same within Monte Carlo error.")
    assert "of the standard errors of such a difference" in text
    assert "in 0.1% of verifications" in text
    assert "are not graded" in text


@pytest.mark.slow
def test_of_many_seeds_no_more_are_called_different_than_is_stated(now, tmp_path):
    """80 verifications: more than one false alarm has a probability of 0.003."""
    found, results = now
    alarms, largest = [], []
    for seed in range(100, 180):
        graded = grade(as_if(found_in(tmp_path / str(seed), seed=seed)[1], results), results, found)
        largest.append(graded.largest[1])
        alarms += [(seed, graded.beyond)] if not graded.within else []
    assert len(alarms) <= 1, alarms
    assert 80 * FALSE_ALARMS < 1
    assert 1.5 < sorted(largest)[40] < 4.5, sorted(largest)
