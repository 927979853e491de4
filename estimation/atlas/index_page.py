"""The index of the atlas as one HTML page: every study, its marks, and links to its page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path

from estimation import report
from estimation.atlas.audit import Audit
from estimation.atlas.reproduction import Reproduced
from estimation.report.wording import persons

__all__ = ["index_document"]

_COLUMNS = ("Study", "On a list (persons)", "Lists", "Published figures", "Reproduced", "Not", "Unknown")

_OF_A_FIGURE = {"Method": "l", "Published": "r", "Ours": "r", "Mark": "l", "Reason": "l"}

_NO_STUDY_FILE = (
    "<p>Without <code>study.toml</code>, which declares models, it has no page of its own; for a table of lists "
    "<code>mse new</code> writes one.</p>"
)

_TRUTHS = (
    '<p>See also the <a href="truths.html">tables with a known number of people</a>, on which every model\'s interval '
    "stands beside that number.</p>"
)

_PHONE = """@media (max-width: 36rem) {
  /* People on a list and lists stand on the page of the study, too. */
  .studies :is(th, td):is(:nth-child(2), :nth-child(3)) { display: none; }
}"""


def index_document(
    titles: Mapping[str, str],
    found: Mapping[str, Sequence[Reproduced]],
    audits: Mapping[str, Audit],
    *,
    has_truths: bool,
) -> str:
    """The page as HTML.

    Parameters
    ----------
    titles : mapping of str to str
        What each study is about, by its name.
    found : mapping of str to sequence of Reproduced
        Its figures computed again.
    audits : mapping of str to Audit
        The studies that have a page.
    has_truths : bool
        Whether there is a page of tables with a known number.
    """
    style = (Path(report.__file__).parent / "page.css").read_text(encoding="utf-8")
    marks = Counter(each.mark for figures in found.values() for each in figures)
    total = sum(marks.values())
    rows = "\n".join(_row(name, title, found[name], audits.get(name)) for name, title in titles.items())
    without_page = "\n".join(_figures(title, found[name]) for name, title in titles.items() if name not in audits)
    heads = "".join(
        f'<th scope="col" class="{"l" if at == 0 else "r"}">{head}</th>' for at, head in enumerate(_COLUMNS)
    )
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'">
<title>Atlas of published studies</title>
<style>
{style}
{_PHONE}
</style>
</head>
<body>
<main>
<h1>Atlas of published studies</h1>
<p>{total:,} published figures of {len(titles):,} studies: {marks["reproduced"]:,} reproduced,
{marks["not"]:,} not, with the reason on the page of the study or below, and {marks["unknown"]:,} unknown, since their
tables are not public.</p>
{_TRUTHS if has_truths else ""}
<div class="scroll" tabindex="0" role="region" aria-label="Studies">
<table class="studies">
<thead><tr>{heads}</tr></thead>
<tbody>
{rows}
</tbody>
</table>
</div>
{without_page}
</main>
</body>
</html>
"""


def _row(name: str, title: str, found: Sequence[Reproduced], audit: Audit | None) -> str:
    marks = Counter(each.mark for each in found)
    link = f'<a href="{escape(name)}.html">{escape(title)}</a>' if audit else escape(title)
    table = audit.findings.table if audit else None
    cells = (
        "–" if table is None else persons(table.n_observed),
        "–" if table is None else str(len(table.lists)),
        *(str(number) for number in (len(found), marks["reproduced"], marks["not"], marks["unknown"])),
    )
    numbers = "".join(
        f'<td class="r" data-head="{head}">{cell}</td>' for head, cell in zip(_COLUMNS[1:], cells, strict=True)
    )
    return f'<tr><th scope="row" class="l">{link}</th>{numbers}</tr>'


def _figures(title: str, found: Sequence[Reproduced]) -> str:
    """The figures of a study that has no page, each with its reason."""
    heads = "".join(f'<th scope="col" class="{side}">{head}</th>' for head, side in _OF_A_FIGURE.items())
    rows = "\n".join(f"<tr>{''.join(_cells(each))}</tr>" for each in found)
    has_table = any(each.mark != "unknown" for each in found)
    return f"""<h2>{escape(title)}</h2>
{_NO_STUDY_FILE if has_table else ""}
<div class="scroll" tabindex="0" role="region" aria-label="Figures of: {escape(title)}">
<table class="wordy">
<thead><tr>{heads}</tr></thead>
<tbody>
{rows}
</tbody>
</table>
</div>"""


def _cells(found: Reproduced) -> Iterator[str]:
    (_, *others), (published, ours) = _OF_A_FIGURE.items(), found.in_words
    yield f'<th scope="row" class="l">{escape(found.method)}</th>'
    for text, (head, side) in zip((published, ours or "–", found.mark, found.reason), others, strict=True):
        yield f'<td class="{side}" data-head="{head}">{escape(text)}</td>'
