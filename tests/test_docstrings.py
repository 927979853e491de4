"""Every public name says what each of its parameters is, by numpydoc's own check."""

import inspect
import warnings
from collections.abc import Iterator

import pytest

import estimation as mse

ROOMS = ("", *(name for name in mse.__all__ if inspect.ismodule(getattr(mse, name))))

# PR01: a parameter is not documented.  PR02: one is documented that is not there.  GL08: there is no docstring.
FAULTS = {"PR01", "PR02", "GL08"}


def documented(room: str) -> Iterator[str]:
    """The place of each name of a namespace, and of each public method that the package defines."""
    namespace = getattr(mse, room) if room else mse
    for name in namespace.__all__:
        found = getattr(namespace, name)
        if inspect.ismodule(found) or name.startswith("__"):
            continue
        place = ".".join(filter(None, ("estimation", room, name)))
        if not inspect.isclass(found):
            if callable(found):
                yield place
            continue
        if "__init__" in vars(found) and not getattr(found, "_is_protocol", False):
            yield place
        for member, value in inspect.getmembers(found):
            code = value.fget if isinstance(value, property) else value
            if not member.startswith("_") and str(getattr(code, "__module__", "")).startswith("estimation"):
                yield f"{place}.{member}"


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room or "door")
def test_each_parameter_of_each_public_name_is_documented(room):
    validate = pytest.importorskip("numpydoc.validate").validate
    wrong = []
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Unknown section Symbols")  # the field's papers list their symbols
        for place in documented(room):
            wrong += [f"{place}: {said}" for code, said in validate(place)["errors"] if code in FAULTS]
    assert not wrong, "\n".join(wrong)


def test_a_method_of_every_model_is_among_those_that_are_checked():
    places = set(documented("models"))
    named = {"models.LatentClass.fit", "models.Chapman", "models.Model.why_not"}
    assert {f"estimation.{name}" for name in named} <= places


def test_what_is_taken_from_a_protocol_is_not_taken_twice():
    assert inspect.getdoc(mse.models.LatentClass.fit).count("Parameters\n") == 1
    assert "Chapman" not in inspect.getdoc(mse.models.Model.fit)
