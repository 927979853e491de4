"""Published studies, each with its table, and what becomes of their figures when they are computed again.

Run            `run` computes the published figures of studies again; each becomes a `Reproduced`
Studies        `study_names` are the packaged ones; `read_atlas_study` reads one, or a folder of your own: `AtlasStudy`
Pages          `write_pages` writes an audit page a study, an index, and the page of tables with a known number
A number       `implied_xi` and `population_odds_ratios`: what a number of people implies about how lists depend

A name is loaded when it is first asked for.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
