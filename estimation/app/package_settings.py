"""What each setting of a model is, from the docstrings of the models: the page says it beside the control.

A test holds these against the settings of all models, so that one with new help cannot stay in English.
"""

from __future__ import annotations

from estimation.text.languages import sentence

__all__ = ["SETTINGS"]

SETTINGS = (
    sentence("The two lists to use; needed when the table has more than two."),
    sentence("Use f_1 (f_1 - 1) / (2 (f_2 + 1)) instead of f_1^2 / (2 f_2)."),
    sentence("Which of the three estimators is the estimate; all three are in a table of the result."),
    sentence(
        "Bootstrap tables for the standard error at first, and at most: more are added until the limits are known to "
        "2 % (estimation.models.sampled_limits)."
    ),
    sentence(
        'The generators, for example "[EXH ABA OSCE][EXH HRW]" (see '
        "estimation.models.log_linear.terms.parse_generators). By default the lists are independent."
    ),
    sentence("The criterion of selection."),
    sentence(
        "All hierarchical models; only those with interactions of two lists; or all hierarchical models, and again "
        "those with interactions of two lists with each form of heterogeneity."
    ),
    sentence(
        "With the selection repeated in each resample, by bias-corrected and accelerated limits (as published) or by "
        "percentiles; or conditional on the selected model, which is too narrow."
    ),
    sentence("Number of bootstrap resamples at first, and at most (estimation.models.sampled_limits)."),
    sentence(
        "Number of models that each resample selects from: the best ones on the table. On 4 lists the default is all "
        "113 without heterogeneity."
    ),
    sentence(
        "The forms of heterogeneity that join the family with heterogeneity (no other): Poisson2, Darroch, Gamma3.5, "
        "Gamma2.5, and Chao, which gives a lower bound."
    ),
    sentence("The criterion of the weights."),
    sentence(
        "A pair is added when its p-value is at or below this; 0 gives main effects only, 1 adds every pair that can "
        "be."
    ),
    sentence(
        "With the steps repeated in each resample, by bias-corrected and accelerated limits (as published) or by "
        "percentiles; or conditional on the selected pairs, which is too narrow."
    ),
    sentence(
        "Number of bootstrap resamples at first, and at most: more are added until the limits are known to 2 % "
        "(estimation.models.sampled_limits)."
    ),
    sentence(
        "Prior of the coefficients: their variance is estimated from the table, or fixed at the information in one "
        "cell. The estimate under the other prior is always in a note and a table of the result."
    ),
    sentence(
        "All hierarchical models; or all of them, and again those with interactions of two lists with each form of "
        "heterogeneity (5 lists at most)."
    ),
    sentence(
        "The forms of heterogeneity that join the family with heterogeneity (no other): Poisson2, Darroch, Gamma3.5, "
        "Gamma2.5."
    ),
    sentence(
        '"M0" (equal capture probabilities), "Mt" (lists differ), "Mh-..." (people differ) or "Mth-..." (both), each '
        'of the last two with Chao (a lower bound), Poisson2, Darroch, Gamma3.5, Gamma2.5 or Normal; or "Mb" and '
        '"Mbh" (behavioural response to the first capture; lists in time order).'
    ),
    sentence(
        "The forms of heterogeneity, each with a family of its own beside the one without: Poisson2, Darroch, "
        "Gamma3.5, Gamma2.5."
    ),
    sentence("A family is left out when the evidence of another is more than so many times its own."),
    sentence(
        "Product of the odd histories' probabilities over that of the even ones', history 0 included; 1 is no "
        "interaction of the highest order. For two lists, one over their odds ratio: below 1 they are positively "
        "dependent and n_0 is larger."
    ),
    sentence("The lists that the assumption is about, at least two; by default all."),
    sentence("Dirichlet weight of each observable history. Unit: persons."),
    sentence("Independent draws of each chain, and the number of chains."),
    sentence(
        '"1/N", "flat", "gamma-poisson(shape, scale)" or "log-normal(median, upper 90 %)", each with " up to M" for '
        "an upper bound that can be argued for; see estimation.models.graphs.prior_on_n."
    ),
    sentence("K, the truncation: the largest possible number of classes (2 to 100)."),
    sentence(
        'Prior of alpha, "gamma(shape, rate)" or "log-normal(mean, sd)" of log alpha; small alpha means few classes.'
    ),
    sentence(
        "95 % prior interval of the expansion factor N/n, which the prior on the capture probabilities is made from; "
        "see estimation.models.latent_class.expansion_prior."
    ),
    sentence(
        "Instead of expansion: Beta prior on the capture probabilities of each class; capture_a=1, capture_b=1 is the "
        "published prior."
    ),
    sentence("Chains from dispersed starts (at least 2)."),
    sentence("Bulk and tail effective sample size of N at which the chains stop, when all checks pass (at least 400)."),
    sentence(
        "Sweeps of each chain that are discarded (at least 200); of its first round (at least 100); and at most, when "
        "more rounds follow because a check fails or N has not its effective sample size."
    ),
    sentence("Draws stored of each chain, at most, evenly spaced over the sweeps that count (at least 100)."),
    sentence(
        "Whether two other priors (estimation.models.latent_class.other_priors) and what the likelihood says without "
        "one (estimation.models.latent_class.identification) stand beside the estimate."
    ),
    sentence("Whether the fit to the lists is checked by simulated tables, which changes none of the numbers."),
    sentence("The prior, as in LatentClass."),
    sentence("Chains (at least 2), and draws of each after its warm-up and during it (at least 100 each)."),
    sentence("Acceptance rate that the sampler's step size is tuned to."),
    sentence("Prior median of mu_0, the expected number on no list; by default n, the people observed. Unit: persons."),
    sentence(
        "Prior standard deviation of its logarithm; at 2 its 95 % prior interval spans a factor of 50 either way."
    ),
    sentence("Prior mean and standard deviation of b, the lists' typical log odds of recording a person."),
    sentence("Prior standard deviation of the lists' log odds about b."),
    sentence("Scale of the half-normal prior of tau, the standard deviation of the log odds ratios between two lists."),
    sentence("Prior mean and standard deviation of the log odds ratio of each pair of lists, given the others."),
    sentence(
        "Prior correlation of the log odds ratios of any two pairs, from 0 to below 1: pairs of one study are alike."
    ),
    sentence(
        "Prior mean and standard deviation of d, the lists' typical log odds of recording a person on one other list."
    ),
    sentence("Prior standard deviation of the lists' log odds about d."),
    sentence("Labels of the table; none for the closed form of all people together."),
    sentence(
        "What fits the probabilities: histogram gradient boosting, ridge-penalised logistic regression, the two of "
        "them weighted by held-out log-loss, or a random forest."
    ),
    sentence("Whether each history is fitted by itself and not renormalised."),
    sentence("Covariates that are numbers, and not categories."),
    sentence("Among whom the lists named are as assumed."),
    sentence(
        "The product of the odd histories' probabilities over that of the even ones', given the covariates; 1 is no "
        "interaction. For two lists, one over their odds ratio."
    ),
    sentence("For each such d: bounds of N where xi may be anything from 1/d to d times xi, whatever the covariates."),
    sentence("The smallest probability of a history in a denominator, above 0."),
    sentence("Folds of people for cross-fitting, and how often people are dealt into them (an odd number)."),
    sentence("What becomes of people of whom a covariate is missing."),
    sentence(
        "Whether the fit to the lists (of the model with the largest weight) is checked by simulated tables, which "
        "changes none of the numbers."
    ),
)
"""Help of the settings; what the plan and the prior ask for, too, is in `estimation.app.package_sentences`."""
