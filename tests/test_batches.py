"""Short pieces of work go in batches; a failure is one piece's, and lost workers are said to be lost."""

import time
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor

import pytest

from estimation.work.batches import Piece, WorkersLostError, in_batches


def pieces(numbers):
    return [Piece(f"piece {n}", "kind", lambda n=n: n) for n in numbers]


def halved(n):
    if n == 13:
        raise ZeroDivisionError
    time.sleep(0.0005)
    return n / 2


class Counting(ThreadPoolExecutor):
    sent = 0

    def submit(self, work, *given):
        self.sent += 1
        return super().submit(work, *given)


class Broken(Executor):
    def __init__(self, error):
        self.error = error

    def submit(self, work, *given):
        future: Future = Future()
        if self.error is None:
            future.cancel()
            future.set_running_or_notify_cancel()
        else:
            future.set_exception(self.error)
        return future


def test_many_short_pieces_are_sent_in_few_batches_and_each_answer_is_its_own():
    made = {}
    with Counting(2) as threads:
        failures = in_batches(
            pieces(range(500, 1500)), halved, threads, take=lambda at, value, _: made.update({at: value}), seconds=0.1
        )
    assert failures == ()
    assert made == {at: (at + 500) / 2 for at in range(1000)}
    assert threads.sent < 200


def test_a_piece_that_fails_is_named_and_the_others_of_its_batch_are_done():
    made = {}
    with ThreadPoolExecutor(2) as threads:
        failures = in_batches(pieces(range(40)), halved, threads, take=lambda at, value, _: made.update({at: value}))
    assert [(each.name, type(each.error)) for each in failures] == [("piece 13", ZeroDivisionError)]
    assert sorted(made) == [n for n in range(40) if n != 13]


@pytest.mark.parametrize("error", [BrokenExecutor("killed"), None])
def test_workers_that_are_lost_are_said_to_be(error):
    with pytest.raises(WorkersLostError, match=r"killed|given back undone"):
        in_batches(pieces([1]), halved, Broken(error), take=lambda *_: None)


def test_progress_that_raises_ends_the_work_and_what_was_finished_is_taken():
    made = {}

    def stop(done, doing=""):
        raise KeyboardInterrupt

    with ThreadPoolExecutor(1) as threads, pytest.raises(KeyboardInterrupt):
        in_batches(pieces(range(20, 60)), halved, threads, take=lambda at, v, _: made.update({at: v}), progress=stop)
    assert 0 < len(made) < 40
