"""Why a file was not read, and the questions that are asked of one: what to mend, and what may be chosen.

A place is a number where its name is in `NUMBERS` of `estimation.app.package_phrases`.  A test holds these against what
the readers say of many files.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping
from types import MappingProxyType

from estimation.text.languages import sentence

__all__ = ["ADVICE", "FORMATS", "ON_DISK", "REFUSALS", "SERVED", "WHY_NOT"]

FORMATS = (
    sentence("an SPSS file (.sav)"),
    sentence("a Stata file (.dta)"),
    sentence("a SAS file (.sas7bdat)"),
    sentence("a file of R objects (.RData)"),
    sentence("an R object (.rds)"),
    sentence("a PDF"),
    sentence("a document (.rtf)"),
    sentence("an SQLite database"),
    sentence("an Access database"),
    sentence("a 7z archive"),
    sentence("a RAR archive"),
    sentence("a picture"),
    sentence("a web page"),
    sentence("a web page saved as a spreadsheet"),
    sentence("a workbook with a password"),
    sentence("an old Office file (.xls, .doc)"),
    sentence("an OpenDocument file (.ods, .odt)"),
    sentence("a binary workbook (.xlsb)"),
    sentence("an Apple Numbers file"),
    sentence("a Word document"),
    sentence("a damaged zip archive or workbook"),
    sentence("JSON"),
)
"""Files that are no tables."""

ADVICE = (
    sentence("save the table as CSV (UTF-8) or .xlsx"),
    sentence("in R: write.csv(table, 'table.csv', row.names = FALSE)"),
    sentence("in SPSS: save as CSV"),
    sentence("in Stata: export delimited"),
    sentence("in SAS: proc export"),
    sentence("copy its table into a spreadsheet, look at every number, and save that as CSV or .xlsx"),
    sentence("copy its table into a spreadsheet and save that as CSV or .xlsx"),
    sentence("export the table from it as CSV"),
    sentence("export the table from it as CSV or .xlsx"),
    sentence("unpack it and name the table inside it"),
    sentence("type the table into a spreadsheet and save it as CSV or .xlsx"),
    sentence("open it in a spreadsheet and save the table as CSV (UTF-8) or .xlsx"),
    sentence("open it and save it without one"),
    sentence("open it and save the sheet as .xlsx or as CSV (UTF-8)"),
    sentence("open it and save it as .xlsx"),
    sentence("in Numbers: export to CSV or Excel"),
    sentence("fetch or save it again"),
)
"""What to do with such a file."""

REFUSALS = (
    sentence("there is no list: {labels}; a list is a column with 0 and 1, yes and no, or a mark for those on it."),
    sentence("Where lists are written in another way, recode them so, then name them, as in {how}"),
    sentence("the file says how often people were captured, not by which lists; a study needs the lists"),
    sentence(
        "{rows} is {cell}: this reads like a row of cells and not like headings, so the names of the lists are lost; "
        "write a line with them above it, or say {how}"
    ),
    sentence(
        "{rows}, column {column}: the history {cell} has {some} of the {all} digits that others have: leading zeros "
        "are lost, as a spreadsheet loses them; keep the column as text (0110, not 110)"
    ),
    sentence(
        "{labels} holds 0 and 1 and is called like something about a person: no list, or a list like the others; say "
        "which:"
    ),
    sentence(
        "{labels} hold 0 and 1 and are called like something about a person: no list, or a list like the others; say "
        "which:"
    ),
    sentence("{labels} hold {first} and {second}, of which one means on the list and the other not; say which:"),
    sentence(
        "the same {column} stands on more than one row ({rows}): the rows may be one person, on every list that any "
        "of them has, or each row a person of its own; say which:"
    ),
    sentence(
        "the same {column} stands on more than one row ({rows}, and {number} more identifiers): the rows may be one "
        "person, on every list that any of them has, or each row a person of its own; say which:"
    ),
    sentence(
        "all columns hold only 0 and 1, and {labels} may be the number of people of each row, which is 0 or 1; say "
        "which:"
    ),
    sentence(
        "the lists are marked in_, and {labels} holds 0 and 1 without the mark: a list as well, or not; say which:"
    ),
    sentence(
        "the lists are marked in_, and {labels} hold 0 and 1 without the mark: a list as well, or not; say which:"
    ),
    sentence("{rows}, list {list}: {cell} says neither that the person is on the list nor that they are not"),
    sentence(
        "{rows}, list {list}: {cell} says neither that the person is on the list nor that they are not; look it up in "
        "the source, or set the column aside if it is no list: {how}"
    ),
    sentence("{rows}, column {column}: the person is missing; name it, or remove the row"),
    sentence("{rows}, column {column}: the list is missing; name it, or remove the row"),
    sentence("and {number} more rows without a person or a list"),
    sentence("and {number} more cells that say neither"),
    sentence("and {number} more counts that cannot be used"),
    sentence("and {number} more rows on no list"),
    sentence("and {number} more rows of the wrong length"),
    sentence("column {column} names lists, and one of the others the person; say which:"),
    sentence(
        "{rows}: this is called a total and holds no sum of the other rows; remove it if it is a total, or say {how} "
        "if it is people"
    ),
    sentence("{how}: {people} people on {number} lists ({labels})"),
    sentence("{how}: {people} people on {number} list ({labels})"),
    sentence("{how}: {people} person on {number} lists ({labels})"),
    sentence("{how}: {people} person on {number} list ({labels})"),
    sentence(
        "lists {first} and {second} hold exactly the same {some} of {all} people, which two independent lists of this "
        "size would do by chance with a probability of {probability}: one list given twice is not two sources; say "
        "which:"
    ),
    sentence(
        "lists {first} and {second} hold exactly the same {some} of {all} people, which two independent lists of this "
        "size would do by chance with a probability below 1e-50: one list given twice is not two sources; say which:"
    ),
    sentence("{rows}, column {column}: the count is missing; give the number of persons, or remove the row"),
    sentence("{rows}, column {column}: the count {cell} is not a whole number; a count is a number of persons"),
    sentence("{rows}, column {column}: the count {cell} is not a number; write it in digits, without separators"),
    sentence("{rows}, column {column}: the count is {cell}; a count of persons cannot be negative"),
    sentence("{rows}, column {column}: the count {cell} is more persons than ever lived"),
    sentence("every count is 0; nobody was observed"),
    sentence("there is a header and no row below it; nobody was observed"),
    sentence("{rows}: on no list, so nobody observed them; remove the row"),
    sentence(
        "{rows}: on no list, so nobody observed them; its count is the sum of the other rows: if it is a row of "
        "totals, remove it"
    ),
    sentence("{rows}: a count without a cell of any list; remove the row if it is a total, or fill it in"),
    sentence(
        "column {column} tells {number} tables apart ({labels}); one table is read at a time, never all of them as "
        "one; say which:"
    ),
    sentence("the column name {column} is used more than once; give each column its own name"),
    sentence("the file is empty; it needs a header with the names of the lists, and rows"),
    sentence("the file is empty; a list of names needs headings and a row for each person"),
    sentence("line {number}: {some} fields where the header has {all}; a {separator} is missing or too many"),
    sentence(
        "every row has {some} fields and the header {all} ({cell}): a heading is lost, or the headings stand one "
        "column off or on another line; give every column its heading, or declare which line holds them (header)"
    ),
    sentence(
        "byte {number} (line {some}) is {cell}, which is not UTF-8; save the file as UTF-8 (in Excel: 'CSV UTF-8'), "
        "or name its encoding, such as {how} (Western Windows), {other_how} (Arabic and Persian Windows) or "
        "{last_how}"
    ),
    sentence(
        "the text is not UTF-8, and can be {encoding} ({reason}) or {rival} ({other_reason}): the same bytes are the "
        "letters {first} or {second} (first on line {number}); look there and say which: {how} or {last_how}"
    ),
    sentence("the workbook has {number} sheets with something in them: {labels}; name the one to read: {how}"),
    sentence("the workbook holds no table: every sheet is empty"),
    sentence("the workbook holds no list: every sheet is empty"),
    sentence("the workbook has a password; save it without one"),
    sentence(
        "no formula of sheet {cell} has a calculated value (the first is in {first}); open the workbook in a "
        "spreadsheet and save it, or save it as CSV"
    ),
    sentence("this looks like {file_kind}, which is not read; {advice}"),
    sentence(
        "column {number} has no heading and holds {cell} and the like, as a list does; the headings are {name}: a "
        "heading is lost; give the column its own"
    ),
    sentence(
        "{labels} may be the number of people of each row ({reason}), or say something else of one person a row; say "
        "which:"
    ),
    sentence(
        "column {column} equals the number of lists that each row is on, and each history stands once: it may say "
        "just that, each row being one person, or be the number of people of each row; say which:"
    ),
    sentence("the list name {name} is used {number} times; give each list its own name"),
    sentence("the list name {name} begins or ends with a space; remove it"),
    sentence("the list name {name} has {cell} as letter {number}; remove it"),
    sentence("the list name {name} has {number} letters; give at most {most}"),
    sentence("the list names {labels} look the same; give each list a name that can be told from the others"),
    sentence("a list has an empty name; name every list"),
    sentence("there are {number} lists; the most a table holds is {most}: merge or drop some"),
    sentence("line {number}: this is not CSV ({cell}); look for a quotation mark that is not closed"),
    sentence("byte {number} (line {some}) is zero: this is not a text file; save it as CSV"),
    sentence("this looks like a zip archive (with {cell}), which is not read; {advice}"),
    sentence("the text looks like UTF-16 without a byte order mark; save it as UTF-8, or say so with {how}"),
    sentence(
        "each history stands on many rows, as where a row is one person, and {column} is above 1: it may be the "
        "number of people of a row, or something about one person; say which:"
    ),
    sentence(
        "every row has its own {name}, as where a row is one person, and {column} is above 1: it may be the "
        "number of people of a row, or something about one person; say which:"
    ),
    sentence(
        "lists {first} and {second} hold exactly the same {some} of {all} people, which two independent lists of "
        "this size would do by chance with a probability of {probability}: one list given twice is not two "
        "sources"
    ),
    sentence(
        "lists {first} and {second} hold exactly the same {some} of {all} people, which two independent lists of "
        "this size would do by chance with a probability below 1e-50: one list given twice is not two sources"
    ),
    sentence("there are {number} lines; the most that is read is {most}: save counts per history"),
    sentence("there are {number} rows; the most that is read is {most}: save counts per history"),
    sentence("line {number} has {some} fields; the most that is read is {most} columns"),
    sentence("this is not a whole {cell} file ({reading}); compress it again"),
    sentence("there is no column {column} to take as a list; there are {labels}"),
    sentence(
        "there are {number} columns of 0 and 1 and {some} rows: if each column is a person, turn the table, so that "
        "each row is a person and each column a list"
    ),
    sentence("key {name} is missing; add it"),
    sentence("[{list}], key {name} is missing; add it"),
    sentence("key {name} is unknown; did you mean {cell}?"),
    sentence("[{list}], key {name} is unknown; did you mean {cell}?"),
    sentence("table is {name}, and there is no file {cell}"),
    sentence("headline is {name}, which is not the label of a declared model; there are {labels}"),
    sentence("model {list}: there is no model {name}; did you mean {cell}?"),
    sentence("{how}: refused, {rest}"),
    sentence("{how}: refused, {rest} and {number} more problems"),
    sentence("{how}: with one more choice, {rest}"),
    sentence(
        "cells are empty, of {all} rows: {labels} (first: {rows}, list {list}); such a cell may mean that the person "
        "is not on the list, or that nobody looked; say which:"
    ),
    sentence(
        "cells are empty, of {all} rows: {labels} (first: {rows}, list {list}); for most people there is nothing on "
        "{lists}, which may never have covered them; such a cell may mean that the person is not on the list, or that "
        "nobody looked; say which:"
    ),
    sentence(
        "cells are N/A or not known, of {all} rows: {labels} (first: {rows}, list {list}); such a cell may mean that "
        "the person is not on the list, or that nobody looked; say which:"
    ),
    sentence(
        "cells are N/A or not known, of {all} rows: {labels} (first: {rows}, list {list}); for most people there is "
        "nothing on {lists}, which may never have covered them; such a cell may mean that the person is not on the "
        "list, or that nobody looked; say which:"
    ),
)
"""What is wrong with a file, or can be read in several ways, and what each way gives."""

WHY_NOT = (
    sentence(
        "nobody is on both {first} and {second}; without overlap the two lists set no upper limit to the number, so "
        "use other lists"
    ),
    sentence(
        "nobody is on exactly two lists, so f_1^2 / (2 f_2) has no value, and the bias-corrected form can exceed the "
        "total; check how the lists were linked, or add one that overlaps"
    ),
    sentence(
        "the likelihood of {name} has no maximum: it increases without end as the expected number on {labels} goes to "
        "zero; merge lists"
    ),
    sentence(
        "{some} of the {all} histories on {labels} is empty: the table sets no limit to the product of their "
        "probabilities, and the prior alone would speak; name fewer lists, for which no history is empty, or merge "
        "some"
    ),
    sentence(
        "{some} of the {all} histories on {labels} are empty: the table sets no limit to the product of their "
        "probabilities, and the prior alone would speak; name fewer lists, for which no history is empty, or merge "
        "some"
    ),
    sentence("nobody is on {labels}; a list without people carries no information, so drop it first"),
    sentence(
        "{first} and {second} name exactly the same people; one list given twice is not two sources, so drop one of "
        "them, or allow twins where they are two"
    ),
    sentence(
        "the table says how often people were captured and not by which lists; it needs a table with a column for "
        "each list"
    ),
    sentence("it takes at most {number} lists and the table has {all}; merge or drop lists first"),
    sentence(
        "it needs at least {number} lists and the table has {all} ({lists}); use a model that needs fewer, or add a "
        "list"
    ),
)
"""What keeps a table from a model."""

SERVED = (
    sentence("there is no such table in the folder any more; load the page again"),
    sentence("there is no such study in the folder any more; load the page again"),
    sentence("there is no such file"),
    sentence("the lists have not been linked here yet"),
    sentence("there is no such file among the results"),
    sentence("there is no such file of a plan"),
    sentence("there is no such picture"),
    sentence("this cannot be the name of a file in the folder; give another"),
    sentence("there is a file of this name in the folder; give another name"),
    sentence("there is no such file in the folder; put it there, or choose another"),
    sentence("there is no such file; check the path and the spelling"),
    sentence("there is no permission to read this file; ask its owner"),
)
"""What the page itself refuses."""

ON_DISK: Mapping[int, str] = MappingProxyType(
    {
        errno.ENOSPC: sentence("there is no room on the disk; make room, and try again"),
        errno.EDQUOT: sentence("there is no room on the disk; make room, and try again"),
        errno.ENOENT: sentence("it is not there any more; put it back, or start mse app again in another folder"),
        errno.EACCES: sentence("there is no permission for this; ask the owner of the folder, or use another folder"),
        errno.EPERM: sentence("there is no permission for this; ask the owner of the folder, or use another folder"),
        errno.EROFS: sentence("nothing can be written to this disk; use a folder on another"),
    }
)
"""What the system says of a folder or a file, by its number."""
