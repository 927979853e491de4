"""Labels that a model names in its settings, its covariates: whoever reads a table for it has to read them too."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from estimation.capture.stratified import StratifiedTable
from estimation.capture.table import CaptureTable
from estimation.errors import SettingError

__all__ = ["NamesCovariates", "check_covariates", "covariates_of"]


@runtime_checkable
class NamesCovariates(Protocol):
    """A model whose settings name labels of the table; its ``fit`` takes a `StratifiedTable`."""

    @property
    def name(self) -> str:
        """As on the command line."""
        ...

    @property
    def covariates(self) -> tuple[str, ...]:
        """The labels; none where the model is fitted to a table without."""
        ...

    def wrong_covariates(self, table: CaptureTable | StratifiedTable) -> str | None:
        """What is wrong with the labels that it names, or None where the table has them all."""
        ...


def covariates_of(model: object) -> tuple[str, ...]:
    """The labels that a model needs of a table, none for most models.

    Examples
    --------
    >>> from estimation.models.classical.chao import ChaoLowerBound
    >>> from estimation.models.covariates.doubly_robust import DoublyRobust
    >>> covariates_of(DoublyRobust(covariates=("sex",))), covariates_of(ChaoLowerBound())
    (('sex',), ())
    """
    return model.covariates if isinstance(model, NamesCovariates) else ()


def check_covariates(model: object, table: CaptureTable | StratifiedTable) -> None:
    """Refuse a model whose settings name labels that a table does not have.

    Raises
    ------
    SettingError
        Naming them.

    Examples
    --------
    >>> from estimation.models.covariates.doubly_robust import DoublyRobust
    >>> table = StratifiedTable(["A", "B"], [[1, 0], [1, 1]], {"sex": ["f", "m"]}, [5, 3])
    >>> check_covariates(DoublyRobust(covariates=("sex",)), table)
    >>> check_covariates(DoublyRobust(covariates=("sox",)), table)
    Traceback (most recent call last):
        ...
    estimation.errors.SettingError: model doubly-robust: there is no label 'sox' to be a covariate; did you mean 'sex'?
    """
    wrong = model.wrong_covariates(table) if isinstance(model, NamesCovariates) else None
    if isinstance(model, NamesCovariates) and wrong is not None:
        raise SettingError(f"model {model.name}", [wrong])
