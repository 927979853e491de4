"""How work is done, once: progress, threads, processes, the cache of finished work, seeds."""

import json
import math
import os
import signal
import subprocess
import sys
import time
import warnings
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from functools import partial
from itertools import pairwise
from pathlib import Path
from threading import Barrier

import numpy as np
import pytest

from estimation.errors import EstimationWarning
from estimation.work.cache import Cache, key_of
from estimation.work.local_processes import local_processes, progress_here
from estimation.work.processes import in_processes
from estimation.work.progress import attempt, part, silent
from estimation.work.seeds import generator_for, generator_of
from estimation.work.threads import in_threads
from estimation.work.turns import Turn, in_turn


def numbers_in(folder: Path) -> Cache[int]:
    def save(value: int, path: Path) -> None:
        path.with_suffix(".json").write_text(json.dumps(value))

    def load(path: Path) -> int:
        return int(json.loads(path.with_suffix(".json").read_text()))

    return Cache(folder, save, load)


def slow_square(x: int) -> int:
    time.sleep(0.05)
    return x * x


class TestProgress:
    def test_a_part_is_a_share_of_the_whole_and_keeps_the_name_of_the_work_within(self):
        told = []
        within = part(lambda done, doing="": told.append((done, doing)), 0.2, 0.6, "latent classes")
        within(0.5)
        within(1.0, "split and merge")
        assert told == [(pytest.approx(0.4), "latent classes"), (pytest.approx(0.6), "split and merge")]

    def test_nobody_is_told_at_no_cost(self):
        assert part(silent, 0, 1) is silent
        assert attempt(silent, 0, last=False) is silent

    def test_attempts_never_go_back_and_end_at_the_whole(self):
        told = []
        for number, last in ((0, False), (1, False), (2, True)):
            within = attempt(lambda done, doing="": told.append(done), number, last=last)
            for done in (0.0, 0.5, 1.0):
                within(done)
        assert told == sorted(told)
        assert told[-1] == 1.0


class TestSeeds:
    @pytest.mark.parametrize("rng", [7, np.int64(7), np.random.SeedSequence(7), np.random.default_rng(7)])
    def test_every_way_to_say_a_seed_gives_the_same_numbers(self, rng):
        assert generator_of(rng).random() == np.random.default_rng(7).random()

    def test_a_generator_goes_on_from_where_it_is(self):
        rng = np.random.default_rng(7)
        assert generator_of(rng) is rng

    @pytest.mark.parametrize("rng", [None, True, "7", 7.0, [1, 2]])
    def test_anything_else_is_refused_since_the_number_could_not_be_made_again(self, rng):
        with pytest.raises(TypeError, match="give a seed"):
            generator_of(rng)

    def test_words_name_a_generator_and_nothing_else_moves_it(self):
        first = generator_for(1, "Latent classes").random()
        assert generator_for(1, "Latent classes").random() == first
        assert generator_for(1, "Chapman").random() != first
        assert generator_for(2, "Latent classes").random() != first
        assert generator_for(1, "Latent classes", 0).random() != generator_for(1, "Latent classes", 1).random()


class TestCache:
    def test_what_is_done_is_done_once(self, tmp_path):
        cache, made = numbers_in(tmp_path / "parts"), []
        for _ in range(3):
            assert cache.get_or_make(key_of("a"), lambda: made.append(1) or 5) == 5
        assert made == [1]

    def test_another_ingredient_is_another_entry_and_the_order_of_keys_is_not(self):
        assert key_of("a", {"x": 1, "y": 2}) == key_of("a", {"y": 2, "x": 1})
        assert len({key_of("a"), key_of("b"), key_of("a", 1), key_of("a", "1"), key_of(["a", 1])}) == 5

    def test_another_version_of_the_package_is_another_entry(self, monkeypatch):
        here = key_of("a")
        monkeypatch.setattr("estimation.work.cache.package_version", lambda: "9.9.9")
        assert key_of("a") != here

    def test_a_damaged_entry_is_made_again(self, tmp_path):
        cache = numbers_in(tmp_path)
        cache.put("k", 5)
        (tmp_path / "k.json").write_text("{")
        assert cache.get("k") is None
        assert cache.get_or_make("k", lambda: 6) == 6
        assert cache.get("k") == 6

    def test_a_failure_leaves_no_entry(self, tmp_path):
        cache = numbers_in(tmp_path)

        def fail() -> int:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            cache.get_or_make("k", fail)
        assert cache.get("k") is None


class TestThreads:
    def test_results_stand_in_the_order_of_the_items_with_any_number_of_workers(self):
        for workers in (1, 2, 5):
            assert in_threads(slow_square, range(6), workers) == [0, 1, 4, 9, 16, 25]


def half_and_sleep() -> None:
    """Half done, and then for ever under way."""
    progress_here()(0.5)
    time.sleep(1000)


def warn_and_answer() -> int:
    warnings.warn("something was handled", EstimationWarning, stacklevel=1)
    return 5


class Handed(Executor):
    """An executor that counts what it is given, as a cluster's client would be handed in."""

    def __init__(self, workers: int = 2) -> None:
        self.pool, self.given, self.closed = ThreadPoolExecutor(workers), 0, False

    def submit(self, fn, /, *args, **kwargs) -> Future:
        self.given += 1
        return self.pool.submit(fn, *args, **kwargs)

    def shutdown(self, wait=True, *, cancel_futures=False) -> None:
        self.closed = True


class TestProcesses:
    def test_an_executor_that_is_handed_in_does_all_the_work_and_stays_open(self):
        handed, kept = Handed(), {}
        assert in_processes(slow_square, [1, 2, 3], executor=handed, keep=kept.__setitem__) == [1, 4, 9]
        assert kept == {0: 1, 1: 4, 2: 9}
        assert handed.given == 3
        assert not handed.closed

    def test_progress_names_what_is_done_and_ends_at_the_whole(self):
        told = []
        in_processes(
            abs, [-1, -2], progress=lambda done, doing="": told.append((done, doing)), doing=lambda x: f"|{x}|"
        )
        assert told == [(0.5, "|-1|"), (1.0, "|-2|")]

    def test_stopped_it_keeps_what_was_under_way_and_does_not_begin_anything_new(self):
        started, both = [], Barrier(2)

        def work(x: int) -> int:
            started.append(x)
            if x < 2:
                both.wait(10)
            time.sleep(0.1)
            return x

        def stop(done: float, doing: str = "", /) -> None:
            raise KeyboardInterrupt

        kept = {}
        with pytest.raises(KeyboardInterrupt):
            in_processes(work, list(range(50)), executor=Handed(), keep=kept.__setitem__, progress=stop)
        assert {0, 1} <= set(kept)
        assert set(kept) == set(started)
        assert len(started) < 50

    def test_local_processes_say_how_far_they_are_and_end_at_once(self):
        def stop(done: float, doing: str = "", /) -> None:
            told.append((done, doing))
            if done >= 0.25:
                raise KeyboardInterrupt

        told = []
        with local_processes(2) as pool, pytest.raises(KeyboardInterrupt):
            in_turn([Turn("one", half_and_sleep), Turn("other", half_and_sleep)], pool, progress=stop)
        assert told[-1][0] in (0.25, 0.5)
        assert {doing for _, doing in told} <= {"", "one", "other", "one and 1 more"}
        assert told[-1][1]

    @pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no process loads modules for others")
    def test_a_stop_while_modules_are_loaded_is_no_traceback(self, tmp_path):
        (tmp_path / "slow_module.py").write_text("import time\ntime.sleep(1)\n", encoding="utf-8")
        program = (
            "import time\n"
            "from estimation.work.local_processes import local_processes\n"
            "try:\n"
            "    with local_processes(1, modules=['slow_module']):\n"
            "        print('begun', flush=True)\n"
            "        time.sleep(20)\n"
            "except KeyboardInterrupt:\n"
            "    print('stopped', flush=True)\n"
        )
        path = os.pathsep.join([str(tmp_path), *filter(None, sys.path)])
        started = subprocess.Popen(
            [sys.executable, "-c", program],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": path},
            start_new_session=True,
        )
        assert started.stdout.readline() == "begun\n"
        time.sleep(0.3)
        os.killpg(started.pid, signal.SIGINT)  # as a terminal sends it, to all of them
        out, err = started.communicate(timeout=60)
        assert (out, err) == ("stopped\n", "")

    def test_local_processes_warn_here(self):
        with local_processes(2) as pool, pytest.warns(EstimationWarning, match="something was handled"):
            assert in_turn([Turn("one", warn_and_answer)], pool) == [5]

    def test_each_turn_comes_when_what_it_needs_is_there_and_what_most_need_comes_first(self):
        def made(name: str, *needed: str) -> str:
            order.append(name)
            return f"{name}({','.join(needed)})"

        order: list[str] = []
        turns = [
            Turn("a", partial(made, "a")),
            Turn("b", partial(made, "b")),
            Turn("c", partial(made, "c"), (1,)),
            Turn("d", partial(made, "d"), (2, 1)),
            Turn("e", partial(made, "e"), (3,), 4.0),
        ]
        told, kept = [], {}
        with ThreadPoolExecutor(1) as pool:
            found = in_turn(
                turns, pool, known={3: "known"}, keep=kept.__setitem__, progress=lambda *given: told.append(given)
            )
        assert found == ["a()", "b()", "c(b())", "known", "e(known)"]
        assert order[0] == "b"
        assert kept == {0: "a()", 1: "b()", 2: "c(b())", 4: "e(known)"}
        assert told[-1][0] == 1
        assert max(after[0] - before[0] for before, after in pairwise(told)) == 4 / 8

    def test_what_the_work_raises_is_raised_here(self):
        with pytest.raises(ValueError, match=r"math domain error|nonnegative"):
            in_processes(math.sqrt, [4.0, -1.0], executor=Handed())

    def test_nothing_to_do_is_nothing_done(self):
        assert in_processes(abs, [], workers=4) == []

    @pytest.mark.parametrize("workers", [1, 2])
    def test_the_number_of_processes_changes_nothing(self, workers):
        assert in_processes(abs, [-3, -2, -1], workers=workers) == [3, 2, 1]
