"""A table of overlapping lists that may be published, and what may be published beside it.

A cell is the number of people with exactly one capture history.  A cell of one or two people may be a person whom a
reader knows, and tells on which other lists that person is.

The rule
--------
A cell of 1 to k - 1 people is small.  Whatever is published together must leave every small cell at least k possible
values, and k or more among them: a reader cannot tell a small cell from one that is not small.

Who attacks, and what is known
------------------------------
The attacker has everything that is published: the safe table with its rule, and every margin printed beside it.
`estimation.capture.disclosure.margins.MARGINS` is the one list of margins, each with the places that print it; a margin
that is not on the list may not be printed in a public edition, and `estimation.runs.edition_audit` reads every edition
back to see to that.  The attacker solves for each cell the least and the largest value over all tables of whole numbers
that agree (`estimation.capture.disclosure.attacker`).

What is promised
----------------
For each small cell two tables of whole numbers exist that agree with all that is published, in which the cell differs
by k - 1 or more and reaches k.  They are found and checked in whole numbers, so that this is a proof and no bound: a
linear programme alone would be too sure, since whole numbers need not fill its range.

What is not promised
--------------------
- An estimate is a function of the whole table.  Where one small cell carries it, as the overlap of all lists may, a
  reader who fits the model to every table that is possible learns more than the margins say.  Public editions round
  their numbers and leave out models that give a margin back exactly; they do not prove that nothing is learnt.
- A reader who runs the rule on every table that is possible may rule some out, because the rule would have done
  otherwise with them.
- A reader who knows some of the people, or has another list of them, knows more than the margins.
- Two safe tables of the same people, by different rules or minimums, are more than one.

References
----------
Fischetti, Salazar-Gonzalez 2001, Management Science 47(7), on the attacker's programmes and linked tables; Salazar-
Gonzalez 2004 on several attackers; Dobra, Fienberg 2000, PNAS 97(22), on bounds of cells from margins; Smucker,
Slavkovic, Zhu 2012, Journal of Official Statistics 28(1), on how far whole numbers lie inside those bounds; Dinur,
Nissim 2003 on why many accurate numbers give a table back; Willenborg, de Waal 2001; Hundepool et al. 2012.
"""

from estimation.capture.disclosure.safe_table import SafeTable, merge_small_cells, suppress_small_cells

__all__ = ["SafeTable", "merge_small_cells", "suppress_small_cells"]
