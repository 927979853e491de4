"""How far a fit is: told by the waiting thread, never back, and without a bearing on any number."""

import json
import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from functools import partial

import numpy as np
import pytest
from small_study import write_study

from estimation.capture.datasets import load_table
from estimation.capture.table import CaptureTable
from estimation.models.cached_model import CachedModel
from estimation.models.log_linear.one_model import LogLinear
from estimation.models.population_register import PopulationRegister, WithinRegister
from estimation.models.registry import MODELS, make_model
from estimation.results.estimates import Estimate
from estimation.results.totals import Draws
from estimation.sensitivity.consistency import consistency
from estimation.sensitivity.leave_one_list_out import leave_one_list_out
from estimation.sensitivity.linkage_error import linkage_error
from estimation.sensitivity.merge_two_lists import merge_two_lists
from estimation.sensitivity.one_inflation import one_inflation
from estimation.sensitivity.tipping_linkage_error import tipping_linkage_error
from estimation.study.findings import find
from estimation.study.study_file import read_study
from estimation.work.progress import attempt, part, silent
from estimation.work.threads import in_threads

KOSOVO = load_table("kosovo")
SIX = CaptureTable(
    list("ABCDEF"),
    np.vstack([np.eye(6, dtype=bool), np.eye(6, dtype=bool) | np.roll(np.eye(6, dtype=bool), 1, axis=1)]),
    [40, 35, 30, 25, 20, 15, 9, 8, 7, 6, 5, 4],
)

LONG = {
    "log-linear-select": make_model("log-linear-select", {"resamples": 200, "family": "pairs"}),
    "sparse": make_model("sparse", {"resamples": 400}),
    "bayesian-log-linear-average": make_model("bayesian-log-linear-average", {}),
    "latent-class": make_model(
        "latent-class", {"chains": 2, "warmup": 200, "sweeps": 400, "max_sweeps": 800, "draws": 200}
    ),
    "bayesian-log-linear": make_model("bayesian-log-linear", {"chains": 2, "warmup": 100, "draws": 300}),
    "pairwise-prior": make_model("pairwise-prior", {"chains": 2, "warmup": 400, "draws": 2000}),
    "latent-class-pymc": make_model(
        "latent-class-pymc",
        {"classes": 3, "alpha_prior": "log-normal(-1, 0.7)", "chains": 2, "warmup": 100, "draws": 200},
    ),
}
NAMES = [pytest.param(name, marks=pytest.mark.whole) if name == "latent-class-pymc" else name for name in LONG]
BY_NUTPIE = {"bayesian-log-linear", "pairwise-prior", "latent-class-pymc"}
TABLES = {"latent-class-pymc": load_table("hepatitis_a")}
"""With these settings and three lists, the density is the one that the tests of the model compile."""


@pytest.fixture
def often(monkeypatch):
    """A look at every millisecond, so that a short fit tells more than once."""
    monkeypatch.setattr("estimation.work.threads._EVERY", 0.001)
    monkeypatch.setattr("estimation.models.nuts._LOOK", 0.02)
    monkeypatch.setattr("estimation.models.nuts._LOOK_SHARE", 0.0)


class Shares(list):
    """A progress that keeps the shares it is told."""

    def __call__(self, done, doing="", /):
        self.append(done)


def numbers(result):
    """All that a result holds, as text, and its draws."""
    total = result.total if isinstance(result, Estimate) else result.evidence
    drawn = total.values.tolist() if isinstance(total, Draws) else str(total)
    return str(result), result.tables, result.diagnostics, drawn


def fitted(model, table=KOSOVO, *, workers=1, progress=silent):
    return model.fit(table, rng=np.random.default_rng(1), workers=workers, progress=progress)


@pytest.mark.parametrize("name", MODELS)
def test_every_model_takes_it_and_tells_no_more_than_the_whole(name):
    told = Shares()
    if name in LONG:
        pytest.skip("fitted below")
    fitted(make_model(name, {}), progress=told)
    assert all(0 <= done <= 1 for done in told)


@pytest.mark.parametrize("name", NAMES)
def test_a_long_fit_tells_never_back_from_the_thread_that_called_and_changes_no_number(name, often):
    told, threads = Shares(), set()

    def progress(done, doing="", /):
        told(done)
        threads.add(threading.get_ident())

    table = TABLES.get(name, KOSOVO)
    with_it = fitted(LONG[name], table, workers=2, progress=progress)
    # What nutpie has made is looked at only now and then.
    assert len(told) > (0 if name in BY_NUTPIE else 2)
    assert told == sorted(told)
    assert told[0] >= 0
    assert (0 if name in BY_NUTPIE else 0.5) < told[-1] <= 1
    assert threads == {threading.get_ident()}
    assert numbers(with_it) == numbers(fitted(LONG[name], table, workers=1))


class Enough(BaseException):
    """Not what anything in a fit would catch."""


@pytest.mark.parametrize("raised", [KeyboardInterrupt, Enough])
@pytest.mark.parametrize("name", NAMES)
def test_what_it_raises_ends_the_fit_at_once(name, raised, often):
    endless = {"sparse": {"resamples": 300_000}, "log-linear-select": {"resamples": 30_000}}
    endless["latent-class"] = {"warmup": 200_000}
    endless["bayesian-log-linear"] = endless["pairwise-prior"] = {"warmup": 100_000}
    endless["latent-class-pymc"] = {"warmup": 100_000, "classes": 3, "alpha_prior": "log-normal(-1, 0.7)"}
    model = make_model(name, endless.get(name, {}))
    started = []

    def stop(done, doing="", /):
        started.append(time.perf_counter())
        raise raised

    with pytest.raises(raised):
        fitted(model, TABLES.get(name, KOSOVO), workers=2, progress=stop)
    assert len(started) == 1
    assert time.perf_counter() - started[0] < 5
    assert not [t for t in threading.enumerate() if t.name.startswith("ThreadPoolExecutor")]


def test_walks_over_models_tell_and_stop(monkeypatch, often):
    monkeypatch.setattr("estimation.models.bayesian_log_linear.averaged._STATES", 4000)
    model, told = make_model("bayesian-log-linear-average", {"prior": "unit-information"}), Shares()

    def stop_later(done, doing="", /):
        told(done)
        if done > 0.01:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fitted(model, SIX, workers=2, progress=stop_later)
    assert told == sorted(told)
    assert 0.01 < told[-1] < 0.25


def test_the_wrappers_pass_it_on(tmp_path, often):
    for wrapped in (
        CachedModel(LONG["sparse"], tmp_path),
        WithinRegister(LONG["sparse"], PopulationRegister(12_000, "an example")),
    ):
        told = Shares()
        fitted(wrapped, progress=told)
        assert told[-1] == 1.0
    told = Shares()
    fitted(CachedModel(LONG["sparse"], tmp_path), progress=told)
    assert told == []


def test_it_is_told_some_ten_times_a_second_at_most():
    told = Shares()
    start = time.perf_counter()
    in_threads(lambda seconds: time.sleep(seconds), [0.01] * 60, workers=2, progress=told)
    # Once more than the time has room for, at the end.
    assert len(told) <= (time.perf_counter() - start) / 0.1 + 1


def test_work_that_fails_drops_what_has_not_begun():
    begun, stop = [], threading.Event()

    def work(item):
        begun.append(item)
        if item == 1:
            raise ValueError("item 1")
        stop.wait(5)

    with pytest.raises(ValueError, match="item 1"):
        in_threads(work, range(50), workers=2, stop=stop)
    assert len(begun) < 10
    assert in_threads(abs, [], workers=1) == []


def test_parts_and_attempts_share_the_whole():
    assert part(silent, 0.2, 0.4) is silent
    told = Shares()
    for number in range(4):
        for done in (0.0, 0.5, 1.0):
            attempt(told, number, last=number == 3)(done)
    assert told == sorted(told)
    assert (told[0], told[-1]) == (0.0, 1.0)


def test_a_study_hears_how_far_each_model_is(tmp_path, often):
    study = write_study(tmp_path)
    text = study.read_text(encoding="utf-8")
    study.write_text(
        text + '\n[[model]]\nlabel = "Pairs"\nname = "sparse"\n[model.settings]\nresamples = 400\n', encoding="utf-8"
    )
    told = []
    (tmp_path / "parts").mkdir()
    find(
        read_study(study),
        parts=tmp_path / "parts",
        progress=lambda done, doing="", /: told.append((done, doing)),
    )
    shares = [done for done, _ in told]
    assert shares == sorted(shares)
    # Five models, of which this is the last, and one question, which counts as half a model.
    within = [done for done, doing in told if doing == "Pairs"]
    assert (within[0], within[-1]) == pytest.approx((4 / 5.5, 5 / 5.5))
    assert len(within) > 2


COMMAND = [sys.executable, "-m", "estimation.cli", "estimate", "kosovo", "--model", "sample-coverage", "--json"]


@pytest.mark.parametrize(
    "question",
    [
        leave_one_list_out,
        merge_two_lists,
        consistency,
        one_inflation,
        partial(linkage_error, false_match=(0, 0.1), missed_match=(0, 0.1), most_tables=8),
        partial(tipping_linkage_error, figure=12_000, most_tables=3),
    ],
    ids=["leave out", "merge", "consistency", "inflation", "linkage", "tipping"],
)
def test_a_question_tells_how_many_of_its_fits_are_done_and_has_the_same_answer(question):
    model, told = LogLinear("[ABA HRW]"), []
    answer = question(KOSOVO, model=model, rng=1, progress=lambda done, doing="": told.append(done))
    assert told == sorted(told)
    assert len({round(share, 9) for share in told}) >= 3
    assert 0 <= told[0] <= 0.6 < told[-1] <= 1 + 1e-9
    assert answer.finding == question(KOSOVO, model=model, rng=1).finding


def test_a_pipe_gets_the_numbers_and_nothing_else():
    done = subprocess.run(COMMAND, capture_output=True, check=True, text=True)
    assert json.loads(done.stdout)["estimable"]
    assert done.stderr == ""


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal of its own is made the POSIX way")
def test_a_terminal_shows_what_is_fitted_and_standard_output_stays_clean():
    ours, theirs = os.openpty()
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "100"}
    shown = b""
    with subprocess.Popen(COMMAND, stdout=subprocess.PIPE, stderr=theirs, env=environment, text=True) as process:
        os.close(theirs)
        with suppress(OSError):  # a terminal whose other end is closed
            while piece := os.read(ours, 4096):
                shown += piece
        out = process.stdout.read()
    os.close(ours)
    assert json.loads(out)["estimable"]
    assert make_model("sample-coverage", {}).title in shown.decode()
