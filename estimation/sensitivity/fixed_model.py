"""The model with what it chose on the table as observed, for questions about what the counts alone change."""

from __future__ import annotations

from dataclasses import is_dataclass, replace

from estimation.capture.table import CaptureTable
from estimation.errors import SettingError
from estimation.models.protocol import Choosing, Model

__all__ = ["FIXED_SENTENCE", "fixed_model"]

FIXED_SENTENCE = (
    "The model is fixed as it was chosen on the table as observed: only the counts change, and the intervals leave out "
    "that another model, or other weights, could have been chosen."
)
"""What an answer with the model fixed is conditional on."""


def fixed_model(model: Model, table: CaptureTable) -> Model:
    """What a model chooses on a table, as a model that chooses nothing; a model around a model keeps what it adds.

    Parameters
    ----------
    model : Model
        One that chooses (`estimation.models.protocol.Choosing`), or a model around one.
    table : CaptureTable
        The table as observed.

    Raises
    ------
    SettingError
        When the model has no such form.

    Examples
    --------
    >>> from estimation.models.log_linear.stepwise import SparseStepwise
    >>> table = CaptureTable.from_histories(["A", "B", "C"], {"100": 40, "010": 30, "001": 20, "110": 26, "011": 4})
    >>> fixed_model(SparseStepwise(), table)
    LogLinear(fit_check=True, model='[A C][B]')
    """
    if isinstance(model, Choosing):
        return model.fixed_on(table)
    inner = getattr(model, "model", None)
    if is_dataclass(model) and isinstance(inner, Model):
        return replace(model, model=fixed_model(inner, table))
    problem = (
        f"fix_model: {model.title} chooses no model on the table, or has no form in which its choice is fixed; "
        "log-linear-select, log-linear-average and sparse have one"
    )
    raise SettingError("sensitivity", [problem])
