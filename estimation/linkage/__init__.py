"""Who is the same person: from lists of names to draws of the partition of records into people.

`link` links lists that `estimation.read_names` read and gives `LinkageDraws`; how: `LinkageSettings`, `CandidateCut`.
`save_linkage` writes them into a folder without names, which `estimation.read_linkage` reads back and which is taken
wherever a table is; `estimation.fit_draws` gives the number of people, counted and uncounted.

What is doubtful: `review_questions` finds the pairs that move a number most.  `draw_review_sample` draws records among
the candidates of `link_with_candidates`, and `reviewed_sample` says what people's answers say of the number of people,
beside the `Prediction` of the linkage (`predicted_shares`).

A name is loaded when it is first asked for: Numba and DuckDB take seconds.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
