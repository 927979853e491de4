"""A wheel that is built after ``make docs`` carries the site, so that ``mse docs`` opens it without a network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class SiteInWheel(BuildHookInterface):
    """Adds ``out/docs`` as ``estimation/site`` where it was built."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the folder among those that the wheel has; an editable install looks into the checkout."""
        site = Path(self.root) / "out" / "docs"
        if version != "editable" and (site / "index.html").is_file():
            build_data["force_include"][str(site)] = "estimation/site"
