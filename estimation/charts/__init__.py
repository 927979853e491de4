"""Charts: each function draws on ``ax``, or on a figure of its own, and returns the axes.

Lists and claims
    ``plot_upset``             how large the lists are and how they overlap
    ``plot_claims``            who claims how many
    ``plot_heterogeneity``     people by the number of lists they are on, against equal people
    ``plot_first_captures``    people by the first list that they are on, against equal people
    ``plot_implied_overlap``   the number that independent lists imply for each number of shared names

Estimates
    ``plot_comparison``        every model's estimate with its interval, one row a model
    ``plot_posterior``         the posterior density of each model
    ``plot_prior_predictive``  the prior of N beside its posterior
    ``plot_prior_on_n``        a stated prior on N: its density and its cumulative probability
    ``plot_expansion``         N/n of published studies beside one's own answers
    ``plot_dependence``        odds ratios of pairs of lists in published studies beside one's own
    ``plot_profile_likelihood``  the likelihood of each number under one log-linear model

Chains
    ``plot_trace``             the draws of each chain in their order
    ``plot_rank``              how each chain's draws rank among those of all

Sensitivities
    ``plot_sensitivity``       one of the next three, whichever suits the values
    ``plot_tornado``           one row an alternative, on the band of the baseline
    ``plot_curve``             the number over what is changed
    ``plot_surface``           the number for each pair of two changed values
    ``plot_consistency``       each list's estimated size over its known size

Strata
    ``plot_strata``            every stratum's number with its interval on one scale, and the total
    ``plot_over_time``         the number by day, month or year, with a gap where there is none
    ``plot_missed``            each stratum's share of the people on the lists and of all people: who was missed
    ``plot_map``               the number of each place, and the share of its people on no list, on a map

Linkage
    ``plot_match_weights``     what the agreement or difference of each field says for and against one person
    ``plot_field_errors``      how often each list has each field wrong
    ``plot_people``            how many people the records of each list, and of all, are of
    ``plot_variance_split``    how much of the variance of N is the linkage's

Simulation
    ``plot_coverage``          how often each model's interval holds the true number
    ``plot_design_estimates``  what each design would estimate, against the true number
    ``plot_capture_probabilities``  how much the people of a scenario differ
    ``plot_design``            how wide the interval would be under each design

All charts
    ``style``                  their look and width: 16 cm for a page, 9.5 cm for a phone
    ``stamp_synthetic``        words across a chart of synthetic data

A chart has no title: the caption of a document says what it shows, or ``chart.set_title`` where it stands alone.
Nothing is saved: ``chart.figure.savefig("chart.svg")`` does.  Matplotlib is loaded when the first chart is drawn, and
`matplotlib.pyplot` never.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
