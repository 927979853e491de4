"""In a notebook every name and every argument completes: nothing has to be looked up or imported from deeper."""

import inspect

import jedi
import pytest
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell

import estimation as mse

CALLABLES = [
    f"mse.{name}" if room is mse else f"mse.{room.__name__.rpartition('.')[2]}.{name}"
    for room in (mse, mse.models, mse.sensitivity, mse.simulation, mse.charts, mse.claims)
    for name in room.__all__
    if callable(getattr(room, name)) and name != "Model"  # a protocol: nobody calls it
]


@pytest.fixture(scope="module")
def completions():
    shell = InteractiveShell()
    shell.user_ns["mse"] = mse

    def complete(text):
        with provisionalcompleter():
            return {found.text for found in shell.Completer.completions(text, len(text))}

    return complete


@pytest.mark.parametrize("room", ["models", "sensitivity", "simulation", "charts", "claims", "errors"])
def test_after_a_namespace_stand_its_names_and_no_others(completions, room):
    assert completions(f"mse.{room}.") == set(getattr(mse, room).__all__)


@pytest.fixture(scope="module")
def calls():
    """A call of each callable on a line of its own, as the completer of the notebook reads it: what it infers of the
    package for one it need not infer again for the next."""
    return jedi.Interpreter("".join(f"{text}()\n" for text in CALLABLES), [{"mse": mse}])


@pytest.mark.parametrize("text", CALLABLES)
def test_every_argument_of_what_can_be_called_completes(calls, text):
    *rooms, name = text.split(".")[1:]
    called = getattr(getattr(mse, rooms[0]) if rooms else mse, name)
    arguments = inspect.signature(called).parameters.values()
    assert {argument.kind for argument in arguments}.isdisjoint({inspect.Parameter.VAR_KEYWORD})
    nameless = {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.POSITIONAL_ONLY}
    named = {f"{argument.name}=" for argument in arguments if argument.kind not in nameless}
    found = calls.complete(CALLABLES.index(text) + 1, len(f"{text}("))
    assert named <= {completion.name_with_symbols for completion in found}


def test_a_notebook_completes_what_its_completer_infers(completions):
    assert {"lists=", "histories="} <= completions("mse.CaptureTable.from_histories(")


def test_the_arguments_of_a_fit_complete(completions):
    assert {"rng=", "workers=", "progress="} <= completions("mse.models.DecomposableGraphs().fit(table, ")
