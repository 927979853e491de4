"""What the heading of a column says of it, in the languages in which tables were met."""

from __future__ import annotations

import re
import unicodedata

from estimation.capture.forms.vocabulary import words

__all__ = [
    "flagged_in",
    "history_in",
    "is_about_persons",
    "is_cell",
    "is_count",
    "is_history",
    "is_id",
    "is_mark",
    "is_maybe_count",
    "is_n_captures",
    "is_ordinary",
    "is_property",
    "is_replicate",
    "is_row_number",
    "is_source",
    "is_total",
    "is_value",
]

_MARK = "in_"
_IMPUTED = "_imputed"

_COUNT = words("""
    count counts freq frequency frequencies freqs effectif effectifs anzahl häufigkeit haufigkeit frecuencia
    conteo recuento cantidad frequenz تعداد فراوانی العدد التكرار количество частота число
""")
_MAYBE_COUNT = words("""
    n f fk f_k y nb nr num number total people persons individuals cases deaths victims size weight w w_ns obs
    cell cells pop nombre personnes número numero personas casos personen fälle zahl نفر افراد عدد شمار человек
    людей
""")
_N_LISTS = words("""
    nbcap captures ncap ncaptures n_captures n_capture captured times n_times ntimes lists nlists n_lists sources
    nsources n_sources number_of_lists number_of_sources number_of_captures capture_count times_captured
    times_listed listings nombre_de_captures n_listed
""")
_ID = words("""
    id ids identifier pid uid uuid guid key person person_id personid individual individual_id victim victim_id
    subject subject_id case case_id caseid record record_id match_id match_group cluster cluster_id entity_id
    name_id شناسه کد رقم المعرف идентификатор kennung identifiant identificador
""")
_HISTORY = words("""
    ch caphist capture_history capturehistory history histories hist his pattern capture_pattern profile encounter
    encounter_history eh histoire historial تاریخچه
""")
_SOURCE = words("""
    source sources list list_name listname dataset data_set database db register registry system organisation
    organization archive origin provider fuente lista quelle liste register_name منبع فهرست مصدر قائمة источник
    список source_name source_id
""")
_REPLICATE = words("""
    replicate replicates rep repl replication simulation sim_id iteration iter bootstrap boot resample imputation
    imp .imp draw draws run réplicat replica
""")
_ROW_NUMBER = words("""
    row rowid row_id index idx no nr # rownum row_number line ردیف №
""") | {"unnamed: 0"}
_VALUE = words("""
    value present presence seen listed captured on_list observed detected recorded valeur valor
""")
_TOTAL = words("""
    total totals sum sums all overall gesamt summe insgesamt somme suma totales totaux итого всего сумма جمع مجموع
    کل الإجمالي المجموع grand_total Σ σ
""")
_LONGEST_TOTAL = 16
_PROPERTY = words("""
    age ages year years month day date time born yob dob birthdate birthday birth_date birth_year height latitude
    longitude lat lon lng zip postcode phone alter jahr edad año ano âge annee année mois سن سال ماه روز العمر سنة
    возраст год page volume
""")
_ABOUT_PERSONS = words("""
    sex gender female male women woman men man girl boy child children minor adult adults elderly elder infant
    baby pregnant married widow widowed civilian civilians combatant combatants soldier soldiers fighter fighters
    military militia armed unarmed conflict war battle urban rural capital missing dead deceased
    killed died alive survivor survived survivors wounded injured identified unidentified foreign foreigner
    citizen migrant refugee displaced student teacher worker employed disabled literate educated black white
    indigenous minority religion muslim christian jewish name_known age_known under18 over18 violent natural
    unconfirmed duplicate exposed tortured raped sexe femme femmes
    homme hommes enfant enfants mineur majeur adulte civil civils militaire urbain disparu mort sexo mujer mujeres
    hombre hombres niño niña nino nina menor adulto urbano desaparecido muerto militar geschlecht frau frauen mann
    männer kind kinder weiblich männlich erwachsen zivilist soldat städtisch vermisst tot جنسیت زن زنان مرد مردان
    کودک کودکان بزرگسال غیرنظامی نظامی شهری مفقود کشته الجنس أنثى ذكر امرأة رجل طفل بالغ مدني عسكري пол женщина
    мужчина ребенок ребёнок взрослый гражданский военный
""")
_FILLERS = words("""
    is was are has if of at in the a area zone status flag dummy group person people victim yn binary indicator victims
""")
_CELL = re.compile(r"[01](\.\d+)?|yes|no|true|false", re.IGNORECASE)
_HISTORY_HEADING = re.compile(r"[A-Za-z]?[._ ]?([01]{2,64})")


def _word(name: str) -> str:
    """A heading in one form: no case, no marks, blanks and hyphens as underscores."""
    plain = unicodedata.normalize("NFKC", name).strip().casefold()
    return re.sub(r"[\s\-]+", "_", plain)


def _is_made_of(name: str, known: frozenset[str]) -> bool:
    """Whether a heading is a known word, or several words that are known or say nothing more."""
    whole = _word(name)
    parts = {part for part in re.split(r"[_\W\d]+", whole) if part}
    return whole in known or (bool(parts & known) and parts <= known | _FILLERS)


def is_mark(name: str) -> bool:
    """Whether a column is marked as a list: ``in_<list>``."""
    return name.startswith(_MARK) and name != _MARK


def is_count(name: str) -> bool:
    """Whether a heading says that a column holds the counts.

    Examples
    --------
    >>> is_count("Freq"), is_count("n"), is_maybe_count("n"), is_count("deaths")
    (True, False, True, False)
    """
    return _word(name) in _COUNT


def is_maybe_count(name: str) -> bool:
    """Whether a heading can be that of the counts, and of other things too."""
    return _word(name) in _MAYBE_COUNT


def is_n_captures(name: str) -> bool:
    """Whether a heading says on how many lists a person is."""
    return _word(name) in _N_LISTS


def is_id(name: str) -> bool:
    """Whether a heading says that a column tells people apart.

    Examples
    --------
    >>> is_id("person_id"), is_id("victim"), is_id("hospital")
    (True, True, False)
    """
    return _word(name) in _ID or _word(name).endswith("_id")


def is_history(name: str) -> bool:
    """Whether a heading says that a column holds capture histories."""
    return _word(name) in _HISTORY


def is_source(name: str) -> bool:
    """Whether a heading says that a column names lists."""
    return _word(name) in _SOURCE


def is_replicate(name: str) -> bool:
    """Whether a heading tells several tables in one file apart."""
    return _word(name) in _REPLICATE


def is_row_number(name: str) -> bool:
    """Whether a heading is that of numbers of rows."""
    return _word(name) in _ROW_NUMBER


def is_value(name: str) -> bool:
    """Whether a heading can be that of the 0 and 1 of a row a person and list."""
    return _word(name) in _VALUE


def is_total(word: str) -> bool:
    """Whether a cell names the row of the sums.

    Examples
    --------
    >>> is_total("Total"), is_total("جمع"), is_total("Totally")
    (True, True, False)
    """
    return len(word) <= _LONGEST_TOTAL and _word(word).strip(":.") in _TOTAL


def is_property(name: str) -> bool:
    """Whether a heading is that of a number about a person or a place, such as an age."""
    return _is_made_of(name, _PROPERTY)


def is_about_persons(name: str) -> bool:
    """Whether a heading of 0 and 1 can be something about a person and no list.

    Examples
    --------
    >>> is_about_persons("female"), is_about_persons("urban_area"), is_about_persons("press")
    (True, True, False)
    """
    return _is_made_of(name, _ABOUT_PERSONS)


def history_in(heading: str) -> str | None:
    """The capture history that a heading is, also after a letter as R puts it before digits.

    Examples
    --------
    >>> history_in("011"), history_in("X011"), history_in("2011")
    ('011', '011', None)
    """
    found = _HISTORY_HEADING.fullmatch(heading.strip())
    return found[1] if found else None


def flagged_in(name: str) -> str | None:
    """The column of which a heading says that its values were imputed, as in published replicates; or None.

    Examples
    --------
    >>> flagged_in("sex_imputed"), flagged_in("sex")
    ('sex', None)
    """
    return name.removesuffix(_IMPUTED) if name.endswith(_IMPUTED) and name != _IMPUTED else None


def is_cell(name: str) -> bool:
    """Whether a heading reads like a cell of a list."""
    return _CELL.fullmatch(name.strip()) is not None


_TELLING = (is_count, is_id, is_replicate, is_property, is_about_persons, is_cell, history_in)


def is_ordinary(name: str) -> bool:
    """Whether a column of 0 and 1 under a heading, beside a column of counts, is a list and nothing else.

    Examples
    --------
    >>> is_ordinary("press"), is_ordinary("female"), is_ordinary("1")
    (True, False, False)
    """
    return not any(known(name) for known in _TELLING)
