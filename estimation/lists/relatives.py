"""Cells that name somebody only to say whose child or wife the dead person is: the person named is not the dead one."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from estimation.capture.forms.vocabulary import words
from estimation.lists.name_words import DESCRIPTIONS, is_missing, number_in
from estimation.lists.normal import normalise

__all__ = ["KINSHIP", "Relative", "is_own_relative", "newborn_in_one_word", "relative_in", "says_a_child"]


def _either(text: str) -> str:
    """Words as a pattern, longer ones first."""
    words = {" ".join(word.split()) for word in text.split(",")} - {""}
    return "|".join(sorted(words, key=len, reverse=True))


_CHILD = _either(
    """child, children, son, sons, daughter, daughters, baby, babies, infant, infants, newborn, kid, kids, boy, girl,
unborn child, fetus, foetus, hijo, hija, hijos, hijas, hijo a, nino, nina, bebe, fils, fille, enfant, enfants, sohn,
tochter, kind, kinder, сын, дочь, ребенок, дети, детей, дітей, младенец, дочка, дитина, діти, немовля, син, донька,
kci, kcerka, cerka, dijete, djeca, dete, deca, cocugu, kizi, طفل, طفله, اطفال, رضیع, رضیعه, مولود, مولوده, جنین,
ابناء, بنات, ولد, نوزاد, کودک, فرزند, فرزندان, پسر, دختر, نجل, کریمه, ابن, ابنه, بنت"""
)
_OTHER = _either(
    """wife, husband, widow, mother, father, sister, brother, uncle, aunt, grandmother, grandfather, cousin, relative,
relatives, fiancee, bodyguard, driver, friend, neighbour, neighbor, nephew, niece, spouse, esposa, esposo, mujer,
marido, madre, padre, hermano, hermana, viuda, femme, epouse, mari, mere, pere, soeur, frere, veuve, frau, ehefrau,
mutter, vater, bruder, schwester, witwe, дружина, чоловік, мати, батько, супруга, супруг, мајка, жена, муж, мать,
отец, брат, сестра, вдова, zena, majka, otac, sestra, زوجه, والده, والد, شقیق, شقیقه, اخت, اخو, ارمله, حرم, همسر,
مادر, پدر, خواهر, برادر, عقیله"""
)
KINSHIP = frozenset(word for word in re.split("[| ]", f"{_CHILD}|{_OTHER}"))
"""Words that can say whose relative somebody is."""

_ONLY_BEFORE_A_SLASH = frozenset(
    ["ولد", "نجل", "کریمه", "جنین", "مولود", "مولوده", "عقیله", "شقیق", "حرم", "والد", "اخو"]
)
"""Words of kinship that are names or parts of names too."""

_ADJECTIVES = "his|her|unnamed|unknown|unidentified|young|newborn|little|minor"
_THE = "the|la|el|los|las|le|les|a|an"
_LEAD = re.compile(
    rf"^(?:(?P<n>(?!(?:{_THE}|{_ADJECTIVES}) )\w+) )?(?:(?:{_THE}|{_ADJECTIVES}) )*"
    rf"(?:(?P<child>{_CHILD})|(?P<other>{_OTHER}))(?: and (?:{_CHILD}|{_OTHER}))?"
    r"(?: (?:menor|mayor|recien nacid[oa]|mineure?|aine|aînée))? (?:of|de|del|du|d|des|von|der) "
    rf"(?:(?:{_THE}|mr|mrs|late) )*(?P<rest>.+)$"
)
_BARE_LEAD = re.compile(rf"^(?:(?P<n>\w+) )?(?:(?P<child>{_CHILD})|(?P<other>{_OTHER})) (?:من )?(?P<rest>.+)$")
_SLAVIC = re.compile(
    r"^(?:(?P<n>\w+) )?(?P<kin>suprug|supruga|zena|muz|majka|otac|sin|kci|kcerka|cerka|dijete|djeca|djece|dete|"
    r"deca|dece|sestra|brat) (?P<rest>\w+[aeiu](?: \w+[aegu])+)$"
)
"""Bosnian, Croatian, Serbian in Latin letters: the name follows in the genitive."""
_ALBANIAN = re.compile(
    r"^(?:(?P<n>\w+) )?(?P<kin>djali|djem|djemte|vajza|vajzat|gruaja|bashkeshortja|bashkeshorti|burri|nena|babai|motra|"
    r"vellai|femija|femijet|femije|foshnja|foshnje|biri|bija) (?:e|i|te) (?P<rest>.+)$"
)
_TURKISH = re.compile(
    r"^(?P<rest>.+?)['’`](?:n?[ıiuü]n|n[ıiuü]n) (?:(?P<n>\w+) )?(?P<kin>eşi|karısı|kocası|oğlu|kızı|çocuğu|"
    r"çocukları|annesi|babası|bebeği|kardeşi)$",
    re.IGNORECASE,
)
_SPOUSES = words("""
    suprug supruga zena muz majka otac sestra brat gruaja bashkeshortja bashkeshorti burri nena babai motra vellai esi
    karisi kocasi annesi babasi kardesi
""")
_OWN = re.compile(
    rf"^(?:(?:his|her|their|su|sus|sa|son|ses|ihr|ihre|seine?|его|ее|їх|його|njegov|njegova|njen|njena) "
    rf"(?:{_CHILD}|{_OTHER}|supruga|suprug)|(?:زوجت|ابن|ابنت|طفل|طفلت|والدت|ام|اطفال|اخت|اخ|زوج)(?:ه|ها|هما|هم)|"
    r"(?:همسر|فرزند|پسر|دختر|مادر|پدر|برادر|خواهر|کودک|نوزاد|فرزندان)(?:ش|شان)|esi|karisi|oglu|kizi|cocugu)$"
)
"""A relative of whoever stands on the row above."""
_BABY = re.compile(
    r"^(?:baby|infant|newborn|unborn|enfant|bebe|nourrisson|saugling|младенец|немовля|ребенок|дитина)"
    r"(?: (?:boy|girl|son|daughter|child|baby))?(?: of)? "
    r"(?P<rest>\w+(?: \w+)?)$"
)
_AGE = re.compile(r"\b\d{1,2} (?:ساله|ماهه|سال|years? old|months? old) ?")
_POSSESSIVE = re.compile(r"(?P<of>.+?)['’]s (?P<kin>\w+)$")
_BROTHERS = re.compile(
    r"^(?P<n>\w+) (?:brothers|sisters|siblings|children|sons|daughters|members) (?:of )?(?P<rest>\w+(?: \w+)?)$"
)
_MEMBERS = "(?:members?|people|persons|children|bodies)"
_FAMILY_LAST = re.compile(
    rf"^(?:(?P<n>\w+) )?{_MEMBERS}?(?: ?(?:of|from|in))? ?(?:the )?(?P<rest>[^\d]+?) "
    r"(?:family|familie|familia|household)$"
)
_FAMILY_BEFORE = re.compile(
    rf"^(?:(?P<n>\w+) )?(?:{_MEMBERS} )?(?:(?:of|from|in) )?(?:the )?(?:افراد |افراد من |اعضای )?"
    r"(?:family of|عائله|عایله|خانواده|اسره|familia|famille|familie|семья) (?P<rest>.+?)"
    r"(?: (?P<after>\w+) (?:اشخاص|افراد|نفر|persons?|people|members|personas|personnes|personen|osoba|kisi|чел\w*))?$"
)
_MIDDLE = re.compile(r"^(?P<family>\w+) (?:nn )?(?:hijo a|hijo|hija|hijo o hija) (?:de|del) (?P<rest>.+)$")
_FAMILY_IN_REST = re.compile(
    r"^(?:the )?(?P<family>.+?) (?:family|familia|familie)$|^(?:family|familia|famille|عایله|خانواده) (?P<again>.+)$"
)


_NEWBORN = re.compile(
    "^(?:(?:the )?new born|nouveaux? nee?s?|(?:طفله? )?(?:مولوده? جدیده?|حدیثی? الولاده|حدیثه الولاده)|"
    "(?:کودک |نوزاد )?تازه (?:متولد(?: شده)?|به دنیا امده))(?= |$)"
)


def newborn_in_one_word(text: str) -> str:
    """A text that begins with several words for a newborn child, with the one word for them that is known.

    Examples
    --------
    >>> newborn_in_one_word("مولود جديد"), newborn_in_one_word("Nouveau-né Solmonte"), newborn_in_one_word("مولود")
    ('newborn', 'newborn solmonte', 'مولود')
    """
    found = _NEWBORN.match(normalise(text))
    return text if found is None else f"newborn{normalise(text)[found.end() :]}"


@dataclass(frozen=True, slots=True)
class Relative:
    """Whose relative the person is whom a cell does not name.

    Parameters
    ----------
    kind : {"child", "spouse", "family"}
        A child, whose family name is the relative's; a spouse or another relative, whose name is open; or members of
        a family.
    name : str
        The relative's name, normalised; of a family its name.
    n_people : int
        How many people the cell stands for.  Unit: persons.
    family : str
        The family name where the cell gives it apart.
    """

    kind: Literal["child", "spouse", "family"]
    name: str
    n_people: int = 1
    family: str = ""


def relative_in(text: str) -> Relative | None:
    """Whose relative a cell is about, where it names only the relative.

    Parameters
    ----------
    text : str
        A cell without what stands in brackets.

    Examples
    --------
    >>> relative_in("Four children of the Naranji family")
    Relative(kind='family', name='naranji', n_people=4, family='naranji')
    >>> relative_in("طفل / رنا ماهر أبو شنارة").name, relative_in("Salma Bint Tareq")
    ('رنا ماهر ابو شناره', None)
    """
    name = normalise(text)
    name = _AGE.sub("", name)
    before, _, last = name.rpartition(" ")
    n_last = number_in(last[2:]) if last.startswith("ال") else None
    if n_last and (relative := relative_in(before)):  # his three children: the number stands last
        return replace(relative, n_people=n_last)
    for pattern, own in ((_TURKISH, text.strip()), (_ALBANIAN, name), (_SLAVIC, name)):
        other = pattern.match(own)
        if other and (other["n"] is None or number_in(other["n"]) is not None):
            is_child = normalise(other["kin"]) not in _SPOUSES
            return _relative(normalise(other["rest"]), is_child, number_in(other["n"] or "") or 1)
    possessive = _POSSESSIVE.match(text.strip())
    if possessive and normalise(possessive["kin"]) in KINSHIP:
        is_child = re.fullmatch(_CHILD, normalise(possessive["kin"])) is not None
        return _relative(normalise(possessive["of"]), is_child, 1)
    middle = _MIDDLE.match(name)
    if middle:
        return Relative("child", middle["rest"], 1, middle["family"])
    lead = _LEAD.match(name)
    if not lead and not name.isascii() and (_is_kinship(name, text) or _AGE.search(normalise(text))):
        lead = _BARE_LEAD.match(name)
    if lead and _says_a_name(lead["rest"]) and (lead["n"] is None or number_in(lead["n"]) is not None):
        return _relative(lead["rest"], bool(lead["child"]), number_in(lead["n"] or "") or 1)
    brothers = _BROTHERS.match(name)
    if brothers and number_in(brothers["n"]):
        return Relative("family", brothers["rest"], number_in(brothers["n"]) or 1, brothers["rest"].split()[-1])
    baby = _BABY.match(name)
    if baby and _says_a_name(baby["rest"]):
        return Relative("child", baby["rest"], 1, baby["rest"].split()[-1])
    for pattern in (_FAMILY_BEFORE, _FAMILY_LAST):
        family = pattern.match(name)
        n_people = number_in(family["n"] or family.groupdict().get("after") or "") if family else None
        if family and (n_people or family["n"] is None):
            return Relative("family", family["rest"], n_people or 1, family["rest"])
    return None


def says_a_child(text: str) -> bool:
    """Whether a text is only a word for a child.

    Examples
    --------
    >>> says_a_child("Infant"), says_a_child("طفل"), says_a_child("Infante")
    (True, True, False)
    """
    return re.fullmatch(_CHILD, normalise(text)) is not None


def is_own_relative(text: str) -> bool:
    """Whether a cell says only "his wife" or the like: somebody without a name, a relative of a person on another row.

    Examples
    --------
    >>> is_own_relative("his wife"), is_own_relative("زوجته"), is_own_relative("Her Majesty")
    (True, True, False)
    """
    return _OWN.match(normalise(text)) is not None


def _is_kinship(name: str, text: str) -> bool:
    """Whether the first word of a name in Arabic or Cyrillic letters is a word of kinship and no name."""
    first = name.split(" ")[0]
    return "/" in text or number_in(first) is not None or first not in _ONLY_BEFORE_A_SLASH


def _says_a_name(rest: str) -> bool:
    """Whether what follows a word of kinship is a name, and not an age or a count."""
    words = rest.split()
    return any(word not in DESCRIPTIONS and number_in(word) is None and not is_missing(word) for word in words)


def _relative(rest: str, is_child: bool, n_people: int) -> Relative:
    family = _FAMILY_IN_REST.match(rest)
    if family:
        own = family["family"] or family["again"]
        return Relative("family", own, n_people, own)
    return Relative("child" if is_child else "spouse", rest, n_people)
