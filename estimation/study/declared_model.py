"""A model that a study declares: the keys of a ``[[model]]`` and of a ``[[strata.model]]``."""

from __future__ import annotations

from dataclasses import dataclass, field

from estimation.models.protocol import Model
from estimation.models.registry import make_model
from estimation.strata.protocol import PoolsStrata
from estimation.strata.registry import STRATA_MODELS, make_strata_model
from estimation.toml_file import Name

__all__ = ["DeclaredModel"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredModel:
    """A model that a study declares, under the label its answer goes by.

    Parameters
    ----------
    label : str
        For a reader, for example ``"Latent classes"``; distinct within the study.
    name : str
        Name of the model, as on the command line.
    settings : mapping of str to object
        What differs from the model's defaults.
    """

    label: Name
    name: Name
    settings: dict[str, object] = field(default_factory=dict)

    @property
    def model(self) -> Model:
        """The model, for one table.

        Raises
        ------
        SettingError
            When there is none of that name, or a setting does not fit.
        """
        return make_model(self.name, self.settings)

    @property
    def model_of_strata(self) -> Model | PoolsStrata:
        """The model, for each stratum or for all of them at once.

        Raises
        ------
        SettingError
            As `model`.
        """
        return make_strata_model(self.name, self.settings) if self.name in STRATA_MODELS else self.model
