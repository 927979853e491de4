"""Sentences that the package makes and the page says in other languages; what is not here is said in English.

A test holds each against what the package says.
"""

from __future__ import annotations

from estimation.text.languages import sentence

__all__ = [
    "ASSUMPTIONS",
    "COLUMNS",
    "EDITION",
    "FAILURES",
    "FURTHER",
    "HEADINGS",
    "HELP",
    "LABELS_TO_BEGIN",
    "QUESTIONS",
    "REASONS",
    "TITLES",
]

ASSUMPTIONS = (
    sentence("The two lists are independent: being on one makes nobody more or less likely to be on the other."),
    sentence(
        "For each person the lists are independent and have that person with the same probability, which may differ "
        "from person to person in any way; this gives a lower bound of the total, not an estimate of it."
    ),
    sentence("The lists are independent on average: the dependence of some pairs balances that of others."),
    sentence("The lists are independent: being on one makes nobody more or less likely to be on another."),
    sentence(
        "The dependence between the lists is the one of all hierarchical log-linear models with the best BIC; in "
        "particular, there is no interaction of all lists."
    ),
    sentence(
        "The dependence between the lists is one of the hierarchical log-linear models, weighted by BIC; in "
        "particular, there is no interaction of all lists."
    ),
    sentence(
        "The lists depend on each other only pair by pair, and only in the pairs that the table shows (p-value at most "
        "0.02)."
    ),
    sentence(
        "The dependence between the lists is one of the hierarchical log-linear models, all equally plausible before "
        "the table is seen; in particular, there is no interaction of all lists."
    ),
    sentence(
        "For each person the lists are independent, and a list has the same effect on everybody's log odds; capture "
        "probabilities may differ between people in any way, so the number is a lower bound and not an estimate of the "
        "total."
    ),
    sentence(
        "Either people are alike and the lists depend on each other as in a hierarchical log-linear model without an "
        "interaction of all lists; or lists depend on each other in pairs, and people differ in how easily they are "
        "recorded, by one of the forms Darroch, Gamma2.5."
    ),
    sentence(
        "There is no interaction of all lists at once: the dependence among all but one of them is the same for those "
        "on the remaining list as for those not on it."
    ),
    sentence(
        "The dependence between the lists follows a decomposable graph in which at least one pair of lists is "
        "independent given the others, for the people on no list as for those on some."
    ),
    sentence(
        "People fall into a few latent classes; within a class the lists are independent, and the people on no list "
        "belong to the same classes as those on some."
    ),
    sentence("There is no interaction of three or more lists, for the people on no list as for everybody else."),
    sentence(
        "There is no interaction of three or more lists, for the people on no list as for everybody else; of two lists "
        "the number rests on what was assumed about them beforehand."
    ),
    sentence("Among all people, there is no interaction of all lists at once; two lists would be independent."),
)
"""What makes the unseen estimable, under each model's default settings."""

FAILURES = (
    sentence(
        "Where people on one list are more often on the other than by chance, it is too low; where they avoid each "
        "other, too high."
    ),
    sentence(
        "Where all lists depend on each other at once, or people differ strongly in how easily they are recorded, its "
        "interval can miss the number however many people are on the lists."
    ),
    sentence(
        "Where people whom no list would ever record are many, or the lists say little of hidden groups, the answer is "
        "mostly the prior."
    ),
    sentence(
        "Where three lists or more depend on each other beyond their pairs, its interval can miss the number, mostly "
        "from below."
    ),
    sentence(
        "It is a lower bound where people differ in how easily they are recorded; where lists avoid each other, or "
        "differ much in size, not even that."
    ),
    sentence(
        "Where most pairs of lists depend on each other in the same direction, it is too low; with little overlap it "
        "is a bound at best."
    ),
    sentence(
        "Where an interaction that is left out is there, it is too low or too high, and its interval does not show it."
    ),
    sentence(
        "Where a pair of lists depends too weakly for the test to find it in a small table, its interval is too short."
    ),
    sentence(
        "Where people differ otherwise than by the shape that was chosen, it can be far off; forms that fit alike give "
        "numbers that lie far apart."
    ),
    sentence(
        "It covers the families that it spans and no others: where each of them is wrong, the range can miss the "
        "number, too."
    ),
    sentence(
        "Where the interaction of all lists is not the number that was stated, it is wrong by a factor that no table "
        "shows."
    ),
    sentence(
        "Where people differ in how easily they are recorded, or every list depends on every other, it is mostly too "
        "low."
    ),
    sentence(
        "Where people with the same covariates still differ, it is too low; with few people and many covariates its "
        "interval is too short."
    ),
)
"""When each model fails (`estimation.models.when_it_fails`)."""

REASONS = (
    sentence("list"),
    sentence("count"),
    sentence("id"),
    sentence("label"),
    sentence("history"),
    sentence("source"),
    sentence("set aside"),
    sentence("dropped list"),
    sentence("row names"),
    sentence("number of lists"),
    sentence("replicate"),
    sentence("its name"),
    sentence("declared"),
    sentence("nothing is known of it"),
    sentence("0 and 1, or two words for them"),
    sentence("credible"),
    sentence("confidence"),
    sentence("range across families"),
)
"""What columns were taken for and why, and the kinds of intervals."""

FURTHER = (
    sentence("A family whose evidence is less than that of another by more than a factor of 3 does not hold."),
    sentence(
        "All these graphs are equally plausible before the table is seen; the history probabilities have a hyper-"
        "Dirichlet prior of weight 2^-J (J lists) each."
    ),
    sentence("Apart from that, every person has the same probability of being on each list."),
    sentence(
        "Every order of magnitude of N is equally plausible before the table is seen (prior proportional to 1/N)."
    ),
    sentence("Every person has the same history probabilities; heterogeneity shows only as dependence between lists."),
    sentence("On at least one of the two lists, every person has the same capture probability."),
    sentence(
        "People are recorded independently of one another, so that resamples of them show the sampling error of N."
    ),
    sentence(
        "The log odds ratios between two lists are normal about 0 (independence); their standard deviation has a "
        "half-normal prior of scale 1."
    ),
    sentence("The population is closed, nobody is counted twice, and the same person is recognised on every list."),
    sentence("The probabilities of observable histories have a Dirichlet prior of weight 1 each."),
    sentence(
        "Where it is known only how often people were captured, captures of a person are Poisson, without a limit to "
        "their number."
    ),
)
"""What models assume beside that, under their default settings."""

QUESTIONS = (
    sentence("What if two of the lists were one source?"),
    sentence("What if only some of the lists existed?"),
    sentence("Does the model recover the size of each list, which is known, from the other lists?"),
    sentence("What if two of the lists were independent, and the others were not used?"),
    sentence("What if a capture history had another prior weight, delta?"),
    sentence("What if the prior on N were another?"),
    sentence("What if the interaction of the lists, xi, were another?"),
    sentence("What if some matches between the lists were false, and some true matches were missed?"),
)
"""What is asked of a number (those with numbers or names in them are in `estimation.app.package_phrases`)."""

TITLES = (
    sentence("Decomposable graphs"),
    sentence("Bayesian log-linear"),
    sentence("Bayesian log-linear average"),
    sentence("Chao's estimator"),
    sentence("Chapman"),
    sentence("Doubly robust"),
    sentence("Heterogeneity, Mth (Chao)"),
    sentence("Latent classes"),
    sentence("Latent classes, by PyMC"),
    sentence("Lincoln-Petersen"),
    sentence("Log-linear model"),
    sentence("Log-linear, model average"),
    sentence("Log-linear, selected model"),
    sentence("Log-linear, sparse stepwise"),
    sentence("No highest-order interaction"),
    sentence("Pairs under the prior of published studies"),
    sentence("Robust range across families"),
    sentence("Sample coverage"),
)
"""What models are called."""

LABELS_TO_BEGIN = (
    sentence("Two lists, Chapman"),
    sentence("Two lists, dependent as in published studies"),
    sentence("Lower bound, Chao"),
    sentence("Heterogeneity, lower bound (Mth, Chao)"),
    sentence("Log-linear, averaged"),
)
"""The labels of the models to begin with, where they are not what the models are called."""

HEADINGS = (
    sentence("people on each"),
    sentence("on both"),
    sentence("N"),
    sentence("95 % confidence interval"),
    sentence("odds ratio among others (95 %)"),
    sentence("standard error"),
    sentence("95 % interval"),
    sentence("deviance"),
    sentence("degrees of freedom"),
    sentence("df"),
    sentence("fit (p)"),
    sentence("graph"),
    sentence("posterior probability"),
    sentence("expected number of people"),
    sentence("design"),
    sentence("people observed"),
    sentence("bias"),
    sentence("width of the interval / total"),
    sentence("coverage"),
)
"""Headings of tables of answers."""

HELP = (
    sentence("The suspected total, observed or not. Unit: persons."),
    sentence("Expected size of each list. Unit: persons."),
    sentence("Further lists, each a design of its own, with their sizes. Unit: persons."),
    sentence(
        "How many times the odds of capture at the 90th percentile of people are those at the median, on every list; "
        "1 where people are alike."
    ),
    sentence("The model that will be fitted."),
    sentence("Tables drawn for each design."),
    sentence(
        "Prior weight of each of the 2^J histories. Unit: persons. Without it 2^-J, so that the prior as a whole "
        "weighs as much as one person (Perks 1947). N depends on it: see estimation.sensitivity.vary_setting."
    ),
    sentence(
        "Largest n_0 of the grid, for comparison with other software. Unit: persons. Without it the grid is chosen so "
        "that what it leaves out does not matter."
    ),
    sentence("Average over the complete graph too, in which N is not identified."),
)
"""What the controls of the plan and of the prior are (from the docstrings of what they are given to)."""

COLUMNS = (
    sentence("given"),
    sentence("father"),
    sentence("grandfather"),
    sentence("family"),
    sentence("name"),
    sentence("born"),
    sentence("died"),
    sentence("age"),
    sentence("sex"),
    sentence("place"),
    sentence("mother"),
    sentence("other_family"),
    sentence("alias"),
    sentence("other_script"),
    sentence("born_year"),
    sentence("born_month"),
    sentence("born_day"),
    sentence("died_year"),
    sentence("died_month"),
    sentence("died_day"),
    sentence("number"),
    sentence("status"),
    sentence("notes"),
)
"""What columns of lists of names hold."""

EDITION = (
    sentence(
        "The estimates are computed from the whole table and rounded, most to three digits. An estimate tells "
        "something of the cells that it is made from, most where one small cell carries it; the rule does not count "
        "that."
    ),
    sentence(
        "The saved models: their draws have all their digits, and with the seed whoever tries tables until one gives "
        "the same draws has found the table."
    ),
    sentence("Whether each model fits the lists: its p-values and residuals are made from the cells of the table."),
    sentence("The checksum of the table: a guessed table could be confirmed by it."),
)
"""What a public edition says of itself."""
