"""Ages as people write them, and the birth dates that an age on a day leaves open.

An age is a field of its own and stays one: `Age.born` says which birth dates it allows, given the day of the event.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from estimation.lists.date_text import Token, folded, is_missing, tokens_of
from estimation.lists.days import Days

__all__ = ["Age", "AgeCell", "age_of", "says_an_age"]

_OLDEST = 110
"""Years: "over 50" is 50 to 110, and nobody is older."""

_ABOUT = 2
"""Years on either side of "about 30"."""

_YEARS = (
    "years old,year old,years,year,yrs,yr,yo,y/o,y,yrs old,aged,age,old,years of age,ساله,سال,سالگی,سن,"
    "سنة,سنه,عاما,عام,سنوات,العمر,عمره,عمرها,años,año,anos,ans,an,лет,год,года,г,godina,godine,god,let,"
    "років,роки,рік,р,lat,tahun,thn,vjeç,vjec,jaar,idade,"
    "j,vj,wiek,god star,година,годину,jahre,yaşında,yas,edad,de edad,de,of,in"
)
_MONTHS = (
    "months,month,mos,mo,m,months old,month old,ماهه,ماه,شهر,شهرا,اشهر,أشهر,meses,mes,mois,месяцев,"
    "месяца,мес,mjeseci,mjeseca"
)
_DAYS = (
    "days,day,days old,weeks,week,weeks old,day old,روزه,روز,هفته,يوم,يوما,أيام,أسبوع,أسابيع,días,dias,"
    "semanas,jours,semaines,дней,недель,dana,newborn,new born,infant,baby,نوزاد,رضيع,recién nacido,"
    "новорожденный,novorođenče,hours,hour"
)
_ABOUT_WORDS = (
    "cerca de,por volta de,sekitar,kira kira,"
    "about,around,approximately,approx,circa,ca,c,est,estimated,~,±,+-,+/-,حدود,حدودا,در حدود,حوالي,"
    "تقريبا,نحو,около,ок,примерно,близько,приблизно,бл,око,oko,otprilike,cca,unos,etwa,um,ungefähr,rreth,yaklaşık,civarı,"
    "około,ok,vers,env,aprox,alrededor de,aproximadamente,environ"
)
_OVER = (
    "over,above,more than,older than,at least,>,>=,+,بالای,بیش از,بیشتر از,أكثر من,فوق,старше,больше,"
    "preko,más de,mayor de,plus de"
)
_UNDER = (
    "under,below,less than,younger than,up to,<,<=,زیر,کمتر از,أقل من,تحت,دون,младше,до,ispod,menos de,"
    "menor de,moins de"
)
_GROUPS = (
    "adult,adults,grown up,minor,child,children,kid,youth,young,young adult,teenager,teen,adolescent,elderly,old,"
    "old man,old woman,middle aged,senior,بالغ,بالغة,راشد,كبير,مسن,مسنة,قاصر,طفل,طفلة,شاب,شابة,بزرگسال,کودک,بچه,"
    "نوجوان,جوان,سالمند,میانسال,خردسال,adulte,enfant,mineur,mineure,adolescente,jeune,personne agee,agee,adulto,"
    "adulta,niño,niña,menor,menor de edad,joven,anciano,anciana,adolescente,mayor,mayor de edad,взрослый,взрослая,"
    "ребенок,подросток,пожилой,дорослий,дитина,odrastao,dijete,dete,maloljetan,erwachsen,erwachsener,kind,jugendlich"
)
"""Words for an age group, which are no number."""

_JOINING = {"or", "and", "to", "between", "from", "", "year", "decade", "age"}
_NAMED = "age,aged,years old,year old,yrs,yr old,y/o,ساله,سالگی,عمره,عمرها,العمر,años de edad,edad"
"""Words that make a number an age, wherever it stands."""


@dataclass(frozen=True, slots=True)
class Age:
    """An age, or several possible ones.

    Parameters
    ----------
    months : tuple of (int, int)
        Completed months, least and most, of each possibility: 24 years are 288 to 299.
    text : str
        What was written.

    Examples
    --------
    >>> age_of("25-30").age.years, age_of("9 months").age.years
    ((25, 30), (0, 0))
    """

    months: tuple[tuple[int, int], ...]
    text: str = ""

    @property
    def years(self) -> tuple[int, int]:
        """Completed years, least and most."""
        return min(least for least, _ in self.months) // 12, max(most for _, most in self.months) // 12

    def born(self, event: Days) -> Days:
        """The birth dates that the age leaves, when it is the age on the day of an event.

        Somebody of `a` completed years on a day in [f, t) was born after f less a + 1 years, and before t less a years.

        Examples
        --------
        >>> killed = Days.between(date(1988, 7, 30), date(1988, 7, 31))
        >>> born = age_of("24").age.born(killed)
        >>> born.first.isoformat(), born.last.isoformat()
        ('1963-07-31', '1964-07-31')
        """
        found = [
            (_months_before(first, most + 1) + 1, _months_before(last - 1, least) + 1)
            for first, last in event.intervals
            for least, most in self.months
        ]
        return Days.any_of(found, text=self.text)


def _months_before(day: int, months: int) -> int:
    """The same day of the month so many months before; the last one where that month is shorter."""
    on = date.fromordinal(day)
    year, month = divmod(on.year * 12 + on.month - 1 - months, 12)
    if year < 1:
        return 1
    after = date(year + month // 11, (month + 1) % 12 + 1, 1).toordinal()
    return min(date(year, month + 1, 1).toordinal() + on.day - 1, after - 1)


@dataclass(frozen=True, slots=True)
class AgeCell:
    """What a cell says of an age.

    Parameters
    ----------
    verdict : {"ok", "missing", "refuse"}
        Whether it is read, says that it is not known, or cannot be read.
    age : Age, optional
        Where it is read.
    words : str
        What is wrong with it, or what stands in its place, for a message, without what stands in the cell.
    """

    verdict: Literal["ok", "missing", "refuse"]
    age: Age | None = None
    words: str = ""


def _pattern(text: str) -> re.Pattern[str]:
    words = sorted({folded(word) for word in text.split(",")}, key=len, reverse=True)
    return re.compile("|".join(rf"(?<![^\W\d_]){re.escape(w)}(?![^\W\d_])" for w in words if w))


_PATTERNS = {
    name: _pattern(text)
    for name, text in (
        *(("years", _YEARS), ("months", _MONTHS), ("days", _DAYS), ("about", _ABOUT_WORDS), ("over", _OVER)),
        *(("under", _UNDER), ("named", _NAMED)),
    )
}
_AGE_GROUPS = frozenset(folded(word) for word in _GROUPS.split(","))
_DECIMAL = re.compile(r"(\d+)(?:\.\d+|,\d)(?!\d)")
_FRACTIONS = re.compile(r"[½¼¾⅓⅔]|(?<=\d)\s+1/[234](?!\d)")
_ONE_OR_TWO = (
    (re.compile(r"(?<![\d\w]\s)(?<!\w)(سنه|عام)(?= و)"), r"1 \1"),
    (re.compile("سنتین|سنتان|عامین"), "2 سنه"),
)
"""A year or two, in Arabic words without a number."""

_DECADE = re.compile(r"(?<!\d)([1-9]0)'?s(?!\w)")
_YEARS_AND_MONTHS = re.compile(r"(\d+)\s*([^\W\d_]+)[\s,.]*(?:(?:and|y|et|und|и|i|و|ve|dhe)\s+)?(\d+)\s*([^\W\d_]+)\.?")


def says_an_age(text: str) -> bool:
    """Whether a folded text says of itself that it is an age and no date.

    Examples
    --------
    >>> says_an_age("age 24"), says_an_age("about 1340")
    (True, False)
    """
    numbers = re.findall(r"\d+", text)
    return bool(numbers) and all(len(n) <= 3 for n in numbers) and _PATTERNS["named"].search(text) is not None


def age_of(cell: object) -> AgeCell:
    """What a cell says of an age: a number, years or months in words, "about", two of them, an interval.

    Parameters
    ----------
    cell : object
        A text or a number.

    Examples
    --------
    >>> [age_of(cell).age.years for cell in (26, "60 yrs", "±30", "24-25", "over 50", "سی و سه")]
    [(26, 26), (60, 60), (28, 32), (24, 25), (50, 110), (33, 33)]
    >>> age_of("in her 40s").age.years, age_of("1 year 6 months").age.months, age_of("2½").age.years
    ((40, 49), ((18, 18),), (2, 2))
    >>> [age_of(cell).verdict for cell in (-1, "n/k", "؟", "adult", 240)]
    ['missing', 'missing', 'missing', 'missing', 'refuse']
    """
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return AgeCell("missing")
    raw = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
    text = folded(_FRACTIONS.sub("", raw) or raw)
    if text not in {"0", "00"} and (is_missing(text) or re.fullmatch(r"-\s*\d+(\.0+)?|999|9999", text)):
        return AgeCell("missing")
    if text in _AGE_GROUPS:
        return AgeCell("missing", words="a word for an age group")
    text = _DECIMAL.sub(lambda number: number[1], text)
    for pattern, by in _ONE_OR_TWO:
        text = pattern.sub(by, text)
    if decade := _DECADE.search(text):
        return AgeCell("ok", Age(((int(decade[1]) * 12, int(decade[1]) * 12 + 119),), raw))
    both = _YEARS_AND_MONTHS.fullmatch(text)
    if both and _PATTERNS["years"].fullmatch(both[2]) and _PATTERNS["months"].fullmatch(both[4]):
        months = 12 * int(both[1]) + int(both[3])
        return AgeCell("ok", Age(((months, months),), raw))
    rest, found = text, {}
    for name in ("over", "under", "about"):
        found[name] = _PATTERNS[name].search(rest) is not None
        rest = _PATTERNS[name].sub(" ", rest)
    return _with_unit(raw, rest, found)


def _with_unit(raw: str, rest: str, found: dict[str, bool]) -> AgeCell:
    is_in_days = _PATTERNS["days"].search(rest) is not None
    is_in_months = not is_in_days and re.search(r"\d|[^\W\d_]{2}", rest) is not None and _unit_of_months(rest)
    rest = re.sub(r"(?<=\d)[^\W\d_]+", lambda unit: f" {unit[0]}", rest)
    rest = _PATTERNS["days"].sub(" ", rest) if is_in_days else rest
    rest = _PATTERNS["months"].sub(" ", rest) if is_in_months else rest
    numbers = _numbers(rest)
    if numbers is None or (not numbers and not is_in_days):
        return AgeCell("refuse", words="it is no age")
    if is_in_days:
        return AgeCell("ok", Age(((0, 0),), raw))
    unit = 1 if is_in_months else 12
    if any(number * unit > (_OLDEST + 20) * 12 for number in numbers):
        return AgeCell("refuse", words="nobody is so old")
    return AgeCell("ok", Age(_months(numbers, rest, unit, found), raw))


def _unit_of_months(rest: str) -> bool:
    return _PATTERNS["months"].search(re.sub(r"(?<=\d)(?=[^\W\d_])", " ", rest)) is not None


def _numbers(rest: str) -> list[int] | None:
    """The numbers of an age; None where a word stands among them that is none of an age."""
    numbers: list[int] = []
    left = re.sub(r"[()\[\].,;?!\"]", " ", rest)
    left = _PATTERNS["years"].sub(" ", left)
    for meant in tokens_of(left):
        token: Token = meant[0]
        if token.kind == "numbers":
            numbers += [number for number, _ in token.numbers]
        elif not ((token.kind == "word" and token.word in _JOINING) or (token.kind == "sign" and token.word in "-/~±")):
            return None
    return numbers if len(numbers) <= 4 else None


def _months(numbers: Sequence[int], rest: str, unit: int, found: dict[str, bool]) -> tuple[tuple[int, int], ...]:
    least, most = min(numbers), max(numbers)
    if found["over"]:
        return ((least * unit, _OLDEST * 12 + 11),)
    if found["under"]:
        return ((0, most * unit - 1),)
    if found["about"]:
        slack = _ABOUT * unit
        return ((max(least * unit - slack, 0), most * unit + unit - 1 + slack),)
    is_a_choice = len(numbers) > 1 and re.search(r"/|(?<![^\W\d_])(?:or|یا|او|или|ili|o)(?![^\W\d_])", rest)
    if is_a_choice:
        return tuple(sorted((number * unit, number * unit + unit - 1) for number in set(numbers)))
    return ((least * unit, most * unit + unit - 1),)
