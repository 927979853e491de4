"""What decisions say to the sampler: pairs that must be one person and pairs that must not, or why they cannot hold.

Where several people decided about a pair, what most of them say counts; those who are unsure do not vote.  Decisions
contradict each other where as many say the same as say different, where A is B and B is C but C is not A, and where
they put two records of a list into one person that is declared free of duplicates.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from estimation.errors import LinkageError
from estimation.linkage.decisions import Answer, Decision, RecordKey, latest
from estimation.linkage.draws import LinkageDraws
from estimation.lists.columns import letters_of
from estimation.lists.name_list import NameList
from estimation.toml_file import nearest

__all__ = ["DecidedLinks", "decided_links", "drawn_keys", "record_keys"]

Pair = tuple[int, int]
_MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class DecidedLinks:
    """Pairs of records, by their place among all linkable ones, that reviewers decided about.

    Parameters
    ----------
    must_link, must_not_link : tuple of (int, int)
        Pairs of one person, and of two; the lesser place first, each pair once.
    n_unsure : int
        Pairs that nobody has decided: all who looked at them are unsure.
    reviewers : tuple of str
        Who decided, in the order of the file.
    """

    must_link: tuple[Pair, ...]
    must_not_link: tuple[Pair, ...]
    n_unsure: int = 0
    reviewers: tuple[str, ...] = ()


def record_keys(name_lists: Iterable[NameList]) -> list[RecordKey]:
    """The keys of all linkable records, in the order in which they are linked.

    Examples
    --------
    >>> from estimation.lists.name_list import NameRecord, PersonName
    >>> two_of_one_row = tuple(NameRecord(row, (PersonName("ali"),)) for row in (2, 3, 3))
    >>> [str(key) for key in record_keys([NameList("police", two_of_one_row)])]
    ['police row 2', 'police row 3a', 'police row 3b']
    """
    return _lettered(RecordKey(one.name, record.row, record.sheet) for one in name_lists for record in one.linkable)


def drawn_keys(draws: LinkageDraws) -> list[RecordKey]:
    """The keys of the records of a linkage, in their order."""
    return _lettered(RecordKey(draws.name_of(each), each.row, each.sheet) for each in draws.records)


def _lettered(keys: Iterable[RecordKey]) -> list[RecordKey]:
    """Keys of which no two are alike: records of one row have letters, in their order."""
    listed = list(keys)
    times = Counter(listed)
    seen: Counter[RecordKey] = Counter()
    lettered = []
    for key in listed:
        lettered.append(key._replace(letter=letters_of(seen[key])) if times[key] > 1 else key)
        seen[key] += 1
    return lettered


def decided_links(
    decisions: Iterable[Decision],
    records: Sequence[RecordKey],
    *,
    duplicate_free: Collection[str] = (),
    files: Mapping[str, str] | None = None,
    source: str = "",
) -> DecidedLinks:
    """The pairs that must and must not be linked.

    Parameters
    ----------
    decisions : iterable of Decision
        What was decided, by anybody.
    records : sequence of RecordKey
        The linkable records, in the order in which they are linked (`record_keys`).
    duplicate_free : collection of str
        Lists that are declared free of duplicates.
    files : mapping of str to str, optional
        By list the SHA-256 of its file.
    source : str
        What messages call the decisions; by default their file, where they are of one.

    Raises
    ------
    LinkageError
        With every list whose file is not the one that was reviewed, every record that is on no list and every
        contradiction, by list and row.

    Examples
    --------
    >>> from datetime import datetime
    >>> keys = [RecordKey("police", 2), RecordKey("press", 2), RecordKey("press", 3)]
    >>> decided = [
    ...     Decision(keys[0], keys[1], "same", "A.", datetime(2026, 3, 1)),
    ...     Decision(keys[0], keys[2], "different", "A.", datetime(2026, 3, 1)),
    ... ]
    >>> found = decided_links(decided, keys)
    >>> found.must_link, found.must_not_link
    (((0, 1),), ((0, 2),))
    """
    counting = latest(decisions)
    sources = {each.source for each in counting}
    if len(sources) == 1:  # the error names the file already
        source = source or sources.pop()
        counting = [replace(each, source="") for each in counting]
    place = {key: at for at, key in enumerate(records)}
    problems = [*_other_files(counting, files or {}), *_unknown(counting, place)]
    by_pair: dict[Pair, list[Decision]] = defaultdict(list)
    for each in counting:
        if each.first in place and each.second in place:
            by_pair[_ordered(place[each.first], place[each.second])].append(each)
    verdicts = {pair: _verdict(made) for pair, made in by_pair.items()}
    problems += [_undecided(made) for pair, made in by_pair.items() if verdicts[pair] is None]
    same = [pair for pair, answer in verdicts.items() if answer == "same"]
    different = [pair for pair, answer in verdicts.items() if answer == "different"]
    problems += _circles(same, different, by_pair, records)
    problems += _duplicates(same, by_pair, records, duplicate_free)
    if problems:
        raise LinkageError(source or "decisions", problems)
    unsure = sum(answer == "unsure" for answer in verdicts.values())
    who = tuple(dict.fromkeys(each.who for each in counting))
    return DecidedLinks(tuple(sorted(same)), tuple(sorted(different)), unsure, who)


def _ordered(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)


def _other_files(decisions: Iterable[Decision], files: Mapping[str, str]) -> list[str]:
    """Lists whose file is another one than was reviewed: a row of it may be somebody else now."""
    made: dict[str, list[Decision]] = defaultdict(list)
    for each in decisions:
        for key, reviewed in zip(each.pair, each.files, strict=True):
            if reviewed and files.get(key.list) and not files[key.list].startswith(reviewed):
                made[key.list].append(each)
    return [
        f"{_rows(of_list)}: the file of {name} is not the one that was reviewed (SHA-256), so that its rows may be "
        "other people; review again, or, if the rows are the same, empty the columns first file and second file"
        for name, of_list in made.items()
    ]


def _unknown(decisions: Iterable[Decision], place: Mapping[RecordKey, int]) -> list[str]:
    """Records of decisions that are on no list, each once."""
    lists = list(dict.fromkeys(key.list for key in place))
    made: dict[RecordKey, list[Decision]] = defaultdict(list)
    for each in decisions:
        for key in each.pair:
            if key not in place:
                made[key].append(each)
    problems = []
    for key, of_key in made.items():
        if key.list in lists:
            why = "that row is no linkable record of the list; is the file a later one?"
        else:
            why = f"no list is called so; {nearest(key.list, lists)}" if lists else "no list was linked"
        problems.append(f"{_rows(of_key)}: {key}: {why}")
    return problems


def _rows(made: Iterable[Decision]) -> str:
    """Where decisions stand, in words: rows of the file, or of each of several files."""
    by_source: dict[str, set[int]] = defaultdict(set)
    for each in made:
        by_source[each.source].add(each.line)
    parts = []
    for source, lines in by_source.items():
        named = ", ".join(map(str, sorted(lines)[:_MOST_NAMED]))
        more = f" and {len(lines) - _MOST_NAMED} more" if len(lines) > _MOST_NAMED else ""
        parts.append(f"{source} row{'s' * (len(lines) > 1)} {named}{more}".lstrip())
    return ", ".join(parts)


def _verdict(made: Sequence[Decision]) -> Answer | None:
    """What most say who decided; None where as many say one thing as the other."""
    same, different = (sum(each.answer == answer for each in made) for answer in ("same", "different"))
    if same == different:
        return None if same else "unsure"
    return "same" if same > different else "different"


def _undecided(made: Sequence[Decision]) -> str:
    decided = [each for each in made if each.answer != "unsure"]
    return (
        f"{_rows(decided)}: {made[0].first} and {made[0].second}: as many people say same as say different; let "
        "one more person decide, or one of them again"
    )


def _circles(
    same: Sequence[Pair],
    different: Sequence[Pair],
    by_pair: Mapping[Pair, list[Decision]],
    records: Sequence[RecordKey],
) -> list[str]:
    """Pairs that are different although others make them one person, with the chain that does."""
    beside = _neighbours(same)
    problems = []
    for pair in different:
        chain = _chain(*pair, beside)
        if chain:
            links = " and ".join(
                f"{records[one]} is {records[other]} ({_lines(by_pair[_ordered(one, other)])})"
                for one, other in pairwise(chain)
            )
            problems.append(
                f"{links}, so that {records[pair[0]]} is {records[pair[1]]}, which {_lines(by_pair[pair])} denies; "
                "correct one of them"
            )
    return problems


def _lines(made: Iterable[Decision]) -> str:
    return _rows(each for each in made if each.answer != "unsure")


def _neighbours(pairs: Iterable[Pair]) -> dict[int, list[int]]:
    beside: dict[int, list[int]] = defaultdict(list)
    for one, other in pairs:
        beside[one].append(other)
        beside[other].append(one)
    return beside


def _chain(start: int, end: int, beside: Mapping[int, list[int]]) -> list[int]:
    """The shortest chain of records that are one person from one record to another; empty where there is none."""
    before = {start: start}
    waiting = deque([start])
    while waiting:
        at = waiting.popleft()
        if at == end:
            chain = [end]
            while chain[-1] != start:
                chain.append(before[chain[-1]])
            return chain[::-1]
        for other in beside.get(at, ()):
            if other not in before:
                before[other] = at
                waiting.append(other)
    return []


def _duplicates(
    same: Sequence[Pair],
    by_pair: Mapping[Pair, list[Decision]],
    records: Sequence[RecordKey],
    duplicate_free: Collection[str],
) -> list[str]:
    """Two records of a list without duplicates that decisions make one person."""
    beside = _neighbours(same)
    seen: set[int] = set()
    problems = []
    for start in beside:
        if start in seen:
            continue
        reached, waiting = {start}, [start]
        while waiting:
            fresh = set(beside[waiting.pop()]) - reached
            reached |= fresh
            waiting += fresh
        seen |= reached
        for name in duplicate_free:
            rows = sorted(at for at in reached if records[at].list == name)
            if len(rows) > 1:
                inside = [made for pair, made in by_pair.items() if pair[0] in reached and pair[1] in reached]
                lines = _rows(each for made in inside for each in made if each.answer == "same")
                named = ", ".join(str(records[at]) for at in rows[:_MOST_NAMED])
                problems.append(
                    f"{lines}: {named} become one person, but {name} is declared free of duplicates; correct the "
                    "decision or the declaration"
                )
    return problems
