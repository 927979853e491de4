"""How a file was read, and what is under way: what readers note, what columns were taken for, where something stands.

A place is a number where its name is in `NUMBERS` of `estimation.app.package_phrases`.  A test holds these against what
the readers say of many files.
"""

from __future__ import annotations

from estimation.text.languages import sentence

__all__ = ["DECLARED_AS", "NOTES", "QUESTION_KEYS", "STANDING", "TAKEN_FOR", "UNDER_WAY", "WORK"]

TAKEN_FOR = (
    sentence("marked in_"),
    sentence("text"),
    sentence("numbers"),
    sentence("empty"),
    sentence("it says where another column was imputed"),
    sentence("beside person and source"),
    sentence("the heading is a capture history"),
    sentence("a row a person and source"),
    sentence("0 and 1, a row a person and source"),
    sentence("it equals the number of lists that each row is on"),
    sentence("whole numbers, some above 1, and each history once"),
    sentence("each history stands once"),
    sentence("the histories repeat"),
    sentence("texts of 0 and 1 of one length"),
    sentence("the first column, without a heading, and no name twice"),
    sentence("its name, or whole numbers from 1 beside the counts"),
    sentence("beside the number of captures"),
    sentence("Windows Arabic"),
    sentence("Windows Cyrillic"),
    sentence("Western Windows"),
    sentence("Western, ISO-8859-1"),
    sentence("Central European Windows"),
    sentence("Turkish Windows"),
)
"""Why a column was taken for what it is, and what encodings are called."""

STANDING = (
    sentence("line {number}"),
    sentence("row {number}"),
    sentence("line {lower} to {upper}"),
    sentence("row {lower} to {upper}"),
    sentence("sheet {column}, row {number}"),
    sentence("rows {several}"),
    sentence("rows {several} and {number} more"),
    sentence("..."),
    sentence("{number} more"),
    sentence("{column} holds text"),
    sentence("{column} holds numbers"),
    sentence("{column} holds whole numbers"),
    sentence("{column} holds nothing"),
    sentence("{column} (text)"),
    sentence("{column} (numbers)"),
    sentence("{column} (empty)"),
    sentence("{column} {number}"),
    sentence("{column} ({number} rows, {some} columns)"),
    sentence("{column} ({number} row, {some} columns)"),
    sentence("{column} ({number} rows, {some} column)"),
    sentence("{column} ({number} row, {some} column)"),
)
"""Where something stands, and what a column holds."""

DECLARED_AS = sentence("{key} under [columns]")
"""How something is declared in the study file."""

NOTES = (
    sentence("the text is in {encoding} by its byte order mark"),
    sentence("the text was read as {encoding}, as named, and is valid UTF-8, too; look at the headings"),
    sentence("there are no headings: the first column was read as histories of {number} places"),
    sentence("the first line says that the separator is {cell}"),
    sentence("the columns are told apart by blanks"),
    sentence("the separator is the {separator}"),
    sentence("the headings stand again on {rows}, which was left out"),
    sentence("the first column has no heading and holds row names"),
    sentence("column {column}: the comma is the decimal mark"),
    sentence('column {column}: cells such as ="0110" were read as the text in them'),
    sentence("above the headings, {rows} was not read"),
    sentence("there are no headings, as declared: the columns are called column 1, column 2 and so on"),
    sentence("column {column} of type {name} was not read"),
    sentence("column {column}: {number} values that Python cannot hold stand as text"),
    sentence("hidden sheets were not read: {labels}"),
    sentence("the name ends in {name}, and the file is text with columns"),
    sentence(
        "the text is not UTF-8 and was read as {encoding} ({reason}), a guess by its letters: its letters outside "
        "ASCII are {cell}; if that is wrong, name another: {how}"
    ),
    sentence(
        "the text is not UTF-8 and was read as {encoding} ({reason}), a guess by its letters: its first line reads "
        "{cell}; if that is wrong, name another: {how}"
    ),
    sentence("column {column} is the number of captures: on how many lists people are is known, and not on which"),
    sentence(
        "column {column} equals the number of lists that each row is on, in all of them: it is no count, and was set "
        "aside"
    ),
    sentence("column {column} was taken as the number of people: {reason}"),
    sentence("column {column} holds only 0 and 1 and was taken as a list; if it holds the counts, say so: {how}"),
    sentence("{people} person is only on {labels} and left the table with it"),
    sentence("{people} people are only on {labels} and left the table with it"),
    sentence("{rows}: the people on no list, without a number: what is to be estimated; left out"),
    sentence("a list holds a mark or nothing: an empty cell means that a person is not on it"),
    sentence("cells that are empty were taken as not on the list, as declared ({labels})"),
    sentence("cells that are N/A or not known were taken as not on the list, as declared ({labels})"),
    sentence("most people are N/A or not known on {labels}, which may never have covered them"),
    sentence("{people} person is then on no list, so that nobody observed them: left out"),
    sentence("{people} people are then on no list, so that nobody observed them: left out"),
    sentence("{rows}: its count is the sum of all counts above; if it is a row of totals, remove it"),
    sentence("nobody is on {labels}, which was left out"),
    sentence("nobody is on {labels}, which were left out"),
    sentence(
        "lists {first} and {second} hold exactly the same {some} of {all} people; two independent lists of this size "
        "would do so by chance with a probability of {probability}"
    ),
    sentence("{number} rows repeat a history that stands above ({rows}); the counts were added"),
    sentence("{number} row repeats a history that stands above ({rows}); the counts were added"),
    sentence("column {column} holds capture histories of {number} lists"),
    sentence("the headings are capture histories of {number} lists, with the counts below them"),
    sentence(
        "{number} rows with {some} identifiers between them were merged, as declared: a person is on every list that "
        "any of the rows has"
    ),
    sentence("columns that are no lists were set aside: {labels}"),
    sentence("each row is a person ({first}) and a list ({second})"),
    sentence("{number} rows repeat a person on the same list; a person is on a list once"),
    sentence("{rows} is a row of totals and was left out"),
    sentence("{rows} are rows of totals and were left out"),
    sentence("{number} rows hold something; {people} are records of one named person, and can be linked"),
    sentence("{people} person without a name: they are counted and cannot be linked ({rows})"),
    sentence("{people} people without a name: they are counted and cannot be linked ({rows})"),
    sentence("{people} person in rows of several people without names ({rows})"),
    sentence("{people} people in rows of several people without names ({rows})"),
    sentence("{people} person in rows that name several people: split them, one row a person ({rows})"),
    sentence("{people} people in rows that name several people: split them, one row a person ({rows})"),
    sentence("{people} person alive ({rows})"),
    sentence("{people} people alive ({rows})"),
    sentence("{people} person of whom the row says something else than what is counted ({rows})"),
    sentence("{people} people of whom the row says something else than what is counted ({rows})"),
    sentence("not read, above the headings: {rows}"),
)
"""What was noted while a table, or a list of names, was read."""

QUESTION_KEYS = (
    sentence("leave one list out"),
    sentence("merge two lists"),
    sentence("consistency"),
    sentence("one inflation"),
    sentence("subsets"),
    sentence("pairs"),
    sentence("linkage error"),
    sentence("odds ratio"),
    sentence("list dependence"),
    sentence("zero capture probability"),
)
"""What a question of a study is called while it is computed: its key, in words."""

WORK = (
    sentence("reading lists"),
    sentence("linking records"),
    sentence("weighing pairs of records"),
    sentence("questions"),
    sentence("charts of the report"),
    sentence("report"),
    sentence("reading"),
    sentence("tables"),
)
"""What is under way, in one word or two."""

UNDER_WAY = (
    sentence("sensitivity: {question}"),
    sentence("sensitivity: {question} and {number} more"),
    sentence("sensitivity: figure {figure}: {question}"),
    sentence("sensitivity: figure {figure}: {question} and {number} more"),
)
"""What is under way, with a question or a number in it."""
