"""The sentences with places that the package makes and the page translates, by what they are about.

A place is a number where its name is in `NUMBERS`; else it is a name, a label of what was changed, or a word for what a
number is.  A test holds them against what the package says of a table.
"""

from __future__ import annotations

from estimation.text.languages import sentence

__all__ = [
    "ASSUMED",
    "COUNTED",
    "DEPENDENCE",
    "INSPECTED",
    "LABELS",
    "LINKAGE",
    "NUMBERS",
    "RANGES",
    "SIDE_BY_SIDE",
    "STATED",
    "WORDS",
]

NUMBERS = frozenset(
    {"all", "both", "error", "expected", "factor", "false", "figure", "high", "histories", "implied", "least", "level",
     "lists_number", "low", "lower", "matches", "median", "missed", "most", "near", "number", "observed", "once",
     "people", "point", "probability", "ratio", "share", "some", "surplus", "tables", "times", "total", "upper",
     "value", "width", "year"}
)  # fmt: skip
"""The names of places in which a number stands."""

WORDS = (
    sentence("median"),
    sentence("estimate"),
    sentence("medians"),
    sentence("estimates"),
    sentence("lower bounds"),
    sentence("false"),
    sentence("missed"),
    sentence("no upper limit"),
    sentence("not estimable"),
)
"""What a number is called, and a number that there is none of."""

LABELS = (
    sentence("without {list}"),
    sentence("{first} and {second} merged"),
    sentence("{first} and {second}"),
    sentence("{false} % false, {missed} % missed"),
    sentence("{lower} to {upper}"),
    sentence("{value} ({lower} to {upper})"),
    sentence("at least {value}"),
    sentence("estimates within {near}%"),
    sentence("below {value}"),
    sentence("{level} % credible interval"),
    sentence("{level} % confidence interval"),
    sentence("{level} % one-sided confidence interval"),
    sentence("{level} % range across families"),
)
"""What was changed to what, pairs of lists, and kinds of intervals."""

ASSUMED = (
    sentence(
        "Before the lists are seen, the odds ratio of two lists, given the others, is {low} to {high} ({level} %; "
        "median {median}), as among pairs of lists of published studies."
    ),
    sentence(
        "Before the overlaps are seen, the number on no list is the number observed within a factor of {factor} "
        "({level} %)."
    ),
    sentence(
        "The prior on the capture probabilities puts the expansion factor N/n between {low} and {high} with "
        "probability {level} %, for a population of one class."
    ),
    sentence("There are at most {number} classes; their number is governed by alpha ~ {prior}."),
    sentence(
        "The main effects and interactions of a model (sum-to-zero) are normal about 0 with one variance for all, "
        "itself {prior} (Sabanes Bove, Held)."
    ),
    sentence(
        "it takes exactly {number} lists and the table has {all} ({lists}); name two of them, for example {label}"
    ),
    sentence(
        "it needs at least {number} lists and the table has {all} ({lists}); without overlap nothing is known of those "
        "on no list"
    ),
    sentence(
        "it needs at least {number} lists and the table has {all} ({lists}); use a model that needs fewer, or add a "
        "list"
    ),
    sentence("{people} person is on the only list; one list says nothing about those who are not on it."),
    sentence(
        "two lists ({lists}) cannot tell heterogeneous people from negatively dependent lists, so the answer would be "
        "the prior's; use at least 3 lists, or chapman, which assumes that the two are independent"
    ),
    sentence(
        "nobody is on more than one list; without overlap the lists set no upper limit to the number of people, so "
        "check how they were linked, or add a list that overlaps"
    ),
)
"""What models assume with numbers in it, and what keeps a table from them."""

COUNTED = (
    sentence("about {people} people (95 % credible interval {lower} to {upper}); {observed} observed"),
    sentence("about {people} people (95 % confidence interval {lower} to {upper}); {observed} observed"),
    sentence("about {people} people (95 % range across families {lower} to {upper}); {observed} observed"),
    sentence(
        "at least about {people} people (95 % one-sided confidence interval {lower} to {upper}); {observed} observed"
    ),
    sentence("{people} people on {lists_number} lists ({lists}), {histories} distinct histories"),
)
"""A result, and a table, in one line."""

INSPECTED = (
    sentence("Nobody is on any list; there is nothing to estimate from."),
    sentence("{people} people are on the only list; one list says nothing about those who are not on it."),
    sentence(
        "{people} people are on at least one of {lists_number} lists; {once} of them ({share} %) are on one list only."
    ),
    sentence("Nobody is on two lists: without any overlap the number of unobserved people has no estimate."),
    sentence(
        "Nobody is on three lists or more, so the table says little about list dependence and about heterogeneity of "
        "the capture probabilities."
    ),
    sentence("Nobody is on {labels}; drop it before estimating."),
    sentence("Nobody is on {labels}; drop them before estimating."),
    sentence("{first} and {second} name exactly the same people: one list given twice is not two sources."),
    sentence("A list within another adds nobody and may have been copied from it ({within}); ask how it was made."),
    sentence(
        "The lists fall into {number} groups that share nobody ({groups}): one group says nothing about how many "
        "people another missed."
    ),
    sentence(
        "{some} of {all} pairs of lists share nobody ({labels}); a model with a term for such a pair may have no "
        "finite estimate."
    ),
    sentence(
        "{some} of {all} pairs of lists shares nobody ({labels}); a model with a term for such a pair may have no "
        "finite estimate."
    ),
    sentence("Two lists alone cannot show whether they depend on each other: that has to be argued."),
    sentence(
        "Positively dependent (odds ratio above 1, among people on another list): {labels}. A total from such a pair "
        "alone would be too low."
    ),
    sentence(
        "Negatively dependent (odds ratio below 1, among people on another list): {labels}. A total from such a pair "
        "alone would be too high."
    ),
    sentence("No pair of lists shows a clear sign of dependence; a small table cannot show much."),
    sentence(
        "{number} pairs were tested, each with a 95 % interval: even among independent lists about 1 in 20 shows a "
        "sign by chance."
    ),
    sentence("positively dependent (odds ratio above 1): a total from these two alone would be too low"),
    sentence("negatively dependent (odds ratio below 1): a total from these two alone would be too high"),
    sentence(
        "positively dependent (odds ratio above 1): a total from these two alone would be too low, seen in few people"
    ),
    sentence(
        "negatively dependent (odds ratio below 1): a total from these two alone would be too high, seen in few people"
    ),
    sentence("no clear sign of dependence"),
    sentence("not estimable from two lists alone: the people on neither are not observed"),
    sentence("not estimable: nobody is on another list"),
    sentence("not estimable: of the people on other lists nobody is on {list}"),
    sentence("not estimable: all people on other lists are on {list}"),
)
"""What a table says before any model."""

RANGES = (
    sentence("The {word} ranges from {low} ({lowest}) to {high} ({highest}), a factor of {factor}."),
    sentence("The {word} is {low} ({lowest})."),
    sentence("The {word} is {low} at each of them."),
    sentence(
        "{some} of {all} answers have an estimate: the {word} ranges from {low} ({lowest}) to {high} ({highest}), a "
        "factor of {factor}."
    ),
    sentence("{some} of {all} answers have an estimate: the {word} is {low} at each of them."),
    sentence("{some} of {all} answers has an estimate: the {word} is {low} ({lowest})."),
    sentence("It lies outside the {interval} of the baseline for {labels}."),
    sentence("Their intervals reach from {lower} to {upper}."),
    sentence("Its interval reaches from {lower} to {upper}."),
    sentence("The {words} and their intervals stay inside the {interval} of the baseline, {lower} to {upper}."),
    sentence("The {word} and its interval stay inside the {interval} of the baseline, {lower} to {upper}."),
    sentence(
        "The {words} stay inside the {interval} of the baseline, {lower} to {upper}; their intervals reach from "
        "{least} to {most}."
    ),
    sentence(
        "The {word} stays inside the {interval} of the baseline, {lower} to {upper}; its interval reaches from "
        "{least} to {most}."
    ),
    sentence("Monte Carlo errors are up to {error} people."),
    sentence("Monte Carlo errors are up to {error} person."),
    sentence("Not estimable: {labels}."),
    sentence("Not estimable at any of {labels}."),
    sentence(
        "The alternatives are computed until N has an effective sample size of {least}, the baseline until it has "
        "{most}."
    ),
    sentence("The {level} % interval covers {some} of {all} known list sizes."),
    sentence("The {level} % interval covers {some} of {all} known list sizes that have an estimate, of {number}."),
    sentence("The estimates range from {low} times the true size ({lowest}) to {high} times ({highest})."),
    sentence("The estimate is {low} times the true size ({lowest})."),
    sentence(
        "{people} people are on one list only, {ratio} times ({level} % confidence interval {lower} to {upper}) the "
        "{implied} that those on two and three lists imply if all people have the same capture probabilities and all "
        "lists are independent and equally large."
    ),
    sentence("There are fewer than that, and so no sign that singletons are inflated."),
    sentence("The interval contains 1: these numbers show neither that singletons are inflated nor that they are not."),
    sentence(
        "Singletons are inflated, or capture probabilities are heterogeneous, or lists depend on each other; these "
        "numbers cannot tell which."
    ),
    sentence(
        "If the surplus of {surplus} were no real people, the {word} would be {median} and not {point}; at the ends "
        "of that interval, {lower} and {upper}."
    ),
)
"""What becomes of the number when one thing is changed."""

STATED = (
    sentence("What share of the people would have to have zero capture probability for a total of {figure}?"),
    sentence(
        "For a total of {figure}, {share} % of the people ({people}) would have to have zero capture probability; "
        "{lower} to {upper} % by the {interval} of {model}."
    ),
    sentence(
        "For a total of {figure}, at most {share} % of the people ({people}) would have to have zero capture "
        "probability; {lower} to {upper} % by the {interval} of {model}."
    ),
    sentence(
        "The {word} of {median} reaches a total of {figure} even if nobody has zero capture probability; {lower} to "
        "{upper} % by the {interval} of {model}."
    ),
    sentence(
        "The whole {interval}, from {lower}, lies above {figure}; people with zero capture probability can only add "
        "to it."
    ),
    sentence("The Monte Carlo error of that share is {error} percentage points."),
    sentence("{people} people are on the lists: no change brings the total down to {figure}."),
)
"""What a stated number would ask for: people whom no list would ever have recorded."""

DEPENDENCE = (
    sentence("What if {first} and {second} were dependent, with odds ratio theta?"),
    sentence("How strongly would {labels} have to depend on each other for a total of {figure}?"),
    sentence(
        "For a total of {figure}, {labels} would have to overlap {times} times as often as under independence ({both} "
        "people are on both, {expected} are expected; odds ratio theta = {value})."
    ),
    sentence(
        "For a total of {figure}, the interaction xi of {labels} would have to be {value}: {times} times as many "
        "people on none of these lists as without interaction."
    ),
    sentence("The {level} % interval contains {figure} for {symbol} from {reach} to {further}."),
    sentence("The Monte Carlo errors of these {symbol} are up to {error} % of them."),
    sentence(
        "No dependence between {labels} that was tried brings the median to {figure}: at {symbol} = {value} it is "
        "{median}."
    ),
)
"""How strongly lists would have to depend on each other."""

LINKAGE = (
    sentence("How many matches would have to be false, or missed, for a total of {figure}?"),
    sentence(
        "For a total of {figure}, {some} of the {all} matches between the lists ({share} %) would have to be false."
    ),
    sentence(
        "For a total of {figure}, {some} matches between the lists would have to have been missed: {share} % of the "
        "{all} that there should be."
    ),
    sentence(
        "No number of {kind} matches brings the {word} to {figure}: with {number} {kind} matches, and {matches} in "
        "the table, it is {median}."
    ),
    sentence(
        "The Monte Carlo error of that number is {error}; the answer there is the average over {tables} tables in "
        "which other matches are corrected."
    ),
    sentence("It stayed above {share} % of the number; more tables make it smaller."),
    sentence("With no such error the {interval}, {lower} to {upper}, contains {figure} already."),
    sentence("Which matches are in error is drawn: each answer is the average over {tables} tables."),
    sentence("Which matches are in error is drawn: each answer is the average over {least} to {most} tables."),
    sentence(
        "At {some} of the {all} pairs of rates the Monte Carlo error stayed above {level} % of the answer, up to "
        "{error} %; more tables make it smaller."
    ),
)
"""How many records would have to be matched wrongly."""

SIDE_BY_SIDE = (
    sentence("The {number} pairs with a number give {low} ({lowest}) to {high} ({highest}), {factor} times as many."),
    sentence(
        "The intervals of these two do not meet: they differ by more than sampling error, so not every pair is "
        "independent."
    ),
    sentence(
        "Positive dependence puts the number of a pair too low, negative dependence too high; which pairs to believe "
        "takes an argument about how the lists were made."
    ),
    sentence("Their intervals meet, so that sampling error can explain the difference."),
    sentence(
        "That does not show that any pair is independent: dependence of one kind between all lists moves all the "
        "numbers together."
    ),
    sentence(
        "With one number there is nothing to compare it with: whether its two lists are independent cannot be seen."
    ),
    sentence(
        "Nobody is on both lists of {labels}: without overlap such a pair sets no upper limit, and it may mean that "
        "the two lists cover different people, or that records of the same people were not linked."
    ),
    sentence("No pair of lists gives a number."),
    sentence("None of the models can be fitted to this table."),
    sentence("{some} of {all} models give a number, from {low} ({lowest}) to {high} ({highest})."),
    sentence("The lowest AIC is that of {first}, the lowest BIC that of {second}."),
    sentence("{some} models are within {near} of the lowest AIC and give {low} ({lowest}) to {high} ({highest})."),
    sentence("None of them fits the lists (p below 1 % for each): use another family of models."),
    sentence("These do not fit the lists (p below 1 %): {labels}."),
    sentence(
        "AIC and BIC see only the people on some list, and cannot choose between forms that differ in the people on "
        "none: choose by how the lists were made."
    ),
    sentence("Mb and Mbh need lists in time order."),
    sentence(
        "With the lists as planned, the {level}% interval by {model} is typically {width}% of {total} wide, and "
        "{share}% of the estimates are within {near}% of it."
    ),
    sentence(
        "With the lists as planned, the {level}% interval by {model} is typically {width}% of {total} wide, and "
        "{share}% of the estimates are within {near}% of it; they are typically {error}% too low."
    ),
    sentence(
        "With the lists as planned, the {level}% interval by {model} is typically {width}% of {total} wide, and "
        "{share}% of the estimates are within {near}% of it; they are typically {error}% too high."
    ),
    sentence("The narrowest of the other designs is {label}: {width}% wide."),
)
"""Answers side by side, and a plan."""
