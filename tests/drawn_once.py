"""Pictures of a report that were drawn before, for tests of what is done with a report and not of how it looks.

Most of the time of a small study goes into its charts.  Under the fixture `drawn_once` (conftest.py) each picture of
the same findings, at the same width, is drawn once in a process.  That they repeat byte for byte is shown in
`test_report.py`, `test_run.py` and `test_word.py`, where none is taken again.
"""

import io
import pickle
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from report_cases import PLAIN

from estimation.report import drawing

_DRAWN: dict[bytes, bytes] = {}
_DRAW = drawing._drawn


@contextmanager
def taken_again() -> Iterator[None]:
    """For the time of a ``with`` block, what was drawn before is not drawn again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawing, "_drawn", _drawn_once)
        yield


@contextmanager
def undrawn() -> Iterator[None]:
    """For the time of a ``with`` block, for tests that never look at a picture: each is the same plain one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawing, "_drawn", lambda draw, written, *, width_cm, is_synthetic: PLAIN)
        yield


def _drawn_once(draw, written, *, width_cm, is_synthetic):
    key = _key(draw, written, width_cm, is_synthetic)
    if key not in _DRAWN:
        _DRAWN[key] = _DRAW(draw, written, width_cm=width_cm, is_synthetic=is_synthetic)
    return _DRAWN[key]


def _key(*parts: object) -> bytes:
    """All that a picture depends on."""
    written = io.BytesIO()
    pickler = pickle.Pickler(written)
    pickler.fast = True  # equal objects give equal bytes, whether or not one stands in two places
    pickler.dump(parts)
    return written.getvalue()
