import json
import math

import numpy as np
import pytest

from estimation.errors import StudyError
from estimation.provenance import Provenance
from estimation.results.as_json import summary_of
from estimation.results.diagnostics import Check, Diagnostics
from estimation.results.estimates import Estimate, NotEstimable, ResultTable
from estimation.results.saved import load_result, save_result
from estimation.results.totals import Draws, Grid, Interval, Point

PROVENANCE = Provenance("ab" * 32, "0.1.0", "7/1", (("delta", 0.1), ("lists", ("A", ("B", None))), ("on", True)))
CHECK = Check("R-hat of N", 1.0049999999999999, 1.01, True, "Chains agree.")
TABLE = ResultTable("Graphs", ("graph", "weight", "n"), (("[A.B]", 0.1 + 0.2, 3), ("[A]", 1e-300, 4)))


def estimate(total, **more):
    return Estimate(
        total=total,
        n_observed=10,
        model="some",
        title="Some",
        assumptions=("It holds.", "So does “this” – naïvely."),
        diagnostics=Diagnostics((CHECK,)),
        provenance=PROVENANCE,
        tables=(TABLE,),
        **more,
    )


RNG = np.random.default_rng(5)
DRAWS = Draws(RNG.integers(10, 99, (4, 50)), {"log alpha": RNG.normal(size=(4, 50))})
WEIGHTS = np.full(1001, 0.1)
RESULTS = {
    "draws": estimate(DRAWS, notes=("Look out.",)),
    "grid": estimate(Grid(np.arange(10, 1011), WEIGHTS)),
    "point": estimate(Point(11.1, 0.3, (Interval(10.2, math.inf, 0.95, "confidence"),)), is_lower_bound=True),
    "refusal": NotEstimable(10, "some", "Some", "no overlap", ("It holds.",), PROVENANCE, evidence=DRAWS),
    "bare refusal": NotEstimable(10, "some", "Some", "no overlap", (), PROVENANCE, Diagnostics((CHECK,))),
}


def test_the_weights_of_the_grid_here_do_not_add_to_one_exactly_so_the_round_trip_is_a_real_test():
    assert RESULTS["grid"].total.probabilities.sum() != 1.0


@pytest.mark.parametrize("kind", RESULTS)
def test_a_result_comes_back_from_disk_exactly(kind, tmp_path):
    result = RESULTS[kind]
    save_result(result, tmp_path / "one.two")
    back = load_result(tmp_path / "one.two")
    assert type(back) is type(result)
    for name in type(result).__slots__:
        if name not in {"total", "evidence"}:
            assert getattr(back, name) == getattr(result, name), name
    held, held_back = (getattr(r, "total", None) or getattr(r, "evidence", None) for r in (result, back))
    assert type(held_back) is type(held)
    if isinstance(held, Point):
        assert held_back == held
    elif held is not None:
        assert (held_back.values == held.values).all()
        assert not held_back.values.flags.writeable
    if isinstance(held, Grid):
        assert (held_back.probabilities == held.probabilities).all()
        assert not held_back.probabilities.flags.writeable
    if isinstance(held, Draws):
        assert (held_back.monitored["log alpha"] == held.monitored["log alpha"]).all()
    assert summary_of(back) == summary_of(result)


def test_saving_twice_writes_the_same_bytes(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        save_result(RESULTS["draws"], tmp_path / folder / "r")
    for ending in (".json", ".npz"):
        assert (tmp_path / "a" / f"r{ending}").read_bytes() == (tmp_path / "b" / f"r{ending}").read_bytes()


def test_arrays_of_another_result_are_refused(tmp_path):
    save_result(RESULTS["draws"], tmp_path / "r")
    save_result(RESULTS["grid"], tmp_path / "other")
    (tmp_path / "other.npz").replace(tmp_path / "r.npz")
    with pytest.raises(StudyError, match=r"r\.npz: these are not the arrays that were saved with the result"):
        load_result(tmp_path / "r")


def test_arrays_that_are_gone_are_an_error_and_so_is_a_result_that_is_not_there(tmp_path):
    save_result(RESULTS["draws"], tmp_path / "r")
    (tmp_path / "r.npz").unlink()
    with pytest.raises(StudyError, match="not the arrays"):
        load_result(tmp_path / "r")
    with pytest.raises(StudyError, match="there is no saved result here"):
        load_result(tmp_path / "nobody")


def test_half_a_json_file_is_no_result(tmp_path):
    save_result(RESULTS["point"], tmp_path / "r")
    described = tmp_path / "r.json"
    described.write_text(described.read_text()[:100])
    with pytest.raises(StudyError, match="not a result saved by this version"):
        load_result(tmp_path / "r")


@pytest.mark.parametrize("kind", RESULTS)
def test_a_summary_is_strict_json_and_has_what_its_reader_needs(kind):
    summary = summary_of(RESULTS[kind])
    assert json.loads(json.dumps(summary, allow_nan=False)) == summary
    shared = {"estimable", "model", "n_observed", "assumptions", "diagnostics"}
    numbers = {"mean", "median", "lower", "upper", "level", "interval_kind"}
    assert shared | (numbers if summary["estimable"] else {"reason"}) <= summary.keys()
    assert not (summary.keys() & numbers) or summary["estimable"]


def test_an_interval_without_upper_limit_is_null_with_a_note():
    summary = summary_of(RESULTS["point"])
    assert summary["upper"] is None
    assert any("no upper limit" in note for note in summary["notes"])
