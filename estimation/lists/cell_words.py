"""What a cell says that is neither a name nor a date: a man or a woman, alive or dead, how many people."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from estimation.capture.forms.vocabulary import words
from estimation.lists.normal import normalise

__all__ = ["fate_of", "people_in", "sex_of", "sexes_of"]

_FEMALE = words("""
    mere epouse esposa veuve viuda soeur hermana witwe tochter schwester mutter ehefrau сестра дочь вдова донька дочка
    дружина supruga majka sestra kci kcerka gruaja nena motra vajza زوجه والده اخت ابنه مادر خواهر
    f fem female females woman women w wom girl girls lady mrs miss ms mother wife daughter sister mujer mujeres
    femenino femenina niña nina hija hembra femme feminin féminin feminine fille h_f frau weiblich wbl madchen
    mädchen donna femmina femminile mulher feminino menina жен женский ж женщина девочка дівчина жінка жіноча z
    ž zena žena zensko ženski zenski zenska žensko djevojcica kobieta k kadin kadın kiz kız bayan زن زنان مونث
    مؤنث دختر خانم انثی أنثى انثا انثه امراه امرأة طفله بنت سیده فتاه ا أ vajze femer grua perempuan wanita 女
    נקבה אישה мать дочь madre мәйел
""")
_MALE = words("""
    pere mari esposo hermano frere sohn bruder vater брат отец сын син чоловік батько suprug otac brat sin djali
    vellai babai والد اخو ابن پدر برادر fils padre m male males man men boy boys mr sir father husband son brother
    hombre hombres masculino masc varon varón niño nino hijo homme masculin garcon garçon mann mannlich männlich mnl
    junge uomo maschio maschile homem menino муж мужской м мужчина мальчик чоловік чоловіча хлопчик musko muški
    muski muska mesko djecak dečak mezczyzna erkek oglan bay bey مرد مردان مذکر مذكر پسر آقا اقا ذکر ذكر رجل طفل ولد
    شاب شیخ ذ mashkull burre djale laki_laki pria 男 זכר гьай
""")
_ALIVE = words("""
    alive living survived survivor survivors released freed liberated at_liberty detained_alive wounded injured
    released_alive found_alive returned escaped pardoned vivo viva sobreviviente liberado liberada
    puesto_en_libertad con_vida libre vivant vivante libere liberee rescape survivant freigelassen uberlebt
    überlebend lebt lebend entlassen жив жива живой освобожден освобождена освобождён выжил звільнений preživio
    prezivio prezivjela pušten pusten ziv živ przeżył zwolniony zyje sag sağ hayatta yarali yaralı serbest verletzt
    blesse blessee herido herida ранен ранена поранений поранена рањен рањена ранјен преживео преживела ranjen
    ranjena i_plagosur plagosur ranny زنده آزاد آزاد_شد ازاد آزاد_شده مجروح زخمی افرج_عنه أفرج_عنه افرج_عنها
    مفرج_عنه حی حيا حیا علی_قید_الحیاه جریح مصاب ناجی ناج
""")
_DETAINED = words("""
    detained inhaftiert verhaftet detenu detenue detenido detenida preso presa арестован арестована заключен
    заключена заарештований ухапшен заточен uhapsen uhapšen zatocen zatočen arrestuar tutuklu gozaltinda gözaltında
    aresztowany معتقل معتقله موقوف محتجز محتجزه سجین اسیر اسیره معتقلین arrested in_prison imprisoned بازداشت دستگیر
    زندانی
""")
_DEAD = words("""
    dead died killed deceased executed martyr martyred murdered confirmed death body fatal slain shot
    killed_in_action muerto muerta fallecido asesinado asesinada asesinato ejecutado ejecutada homicidio mort
    morte decede tue tot getotet gestorben расстрелян расстреляна убит убита умер погиб казнен ubijen poginuo
    umro mrtav zabity zmarl oldu öldü olduruldu sehit کشته کشته_شده اعدام اعدام_شده شهید فوت جان_باخته استشهد
    استشهدت شهیده قتل قتیل متوفی متوفاه توفی وفاه مقتول تحت_التعذیب
""")
_FREED = words("""
    released freed liberated survived survivor survivors alive living liberado liberada vivo sobreviviente
    libere liberee survivant freigelassen жив освобожден освобожденa افرج مفرج آزاد ازاد زنده حیا حی ناجی pusten
    prezivio serbest hayatta
""")


_GONE = words("""
    missing disappeared desaparecido desaparecida desaparicion disparu disparue vermisst verschollen desaparecidos
    пропал пропала исчез исчезла зник зникла nestao nestala нестао нестала zhdukur zaginiony kayip kayıp kaybedildi
    مفقود مفقوده مختف مختفی مخفی ناپدید مفقودالاثر
""")
"""Words for those of whom nobody knows: with a word for an arrest they are counted."""


@lru_cache(maxsize=16)
def _normal(known: frozenset[str]) -> frozenset[str]:
    return frozenset(normalise(word.replace("_", " ")).replace(" ", "_") for word in known)


@lru_cache(maxsize=10_000)
def sex_of(text: str) -> str:
    """``"f"`` or ``"m"`` where a cell says so, else empty.

    Examples
    --------
    >>> sex_of(" female"), sex_of("Adult - Male"), sex_of("ذكر"), sex_of("أ"), sex_of("ž"), sex_of("Child")
    ('f', 'm', 'm', 'f', 'f', '')
    """
    found = set()
    for word in normalise(text).split():
        if word in _normal(_FEMALE):
            found.add("f")
        elif word in _normal(_MALE):
            found.add("m")
    return found.pop() if len(found) == 1 else ""


def sexes_of(texts: Iterable[str]) -> dict[str, str]:
    """The sex that each text of a column says; letters alone are understood by the other letters of the column.

    M beside H or V is *mujer* and *hombre* or *varón*, beside F male and female; K beside E is *kadın* and *erkek*.

    Examples
    --------
    >>> sexes_of(["H", "M"]), sexes_of(["F", "M"]), sexes_of(["K", "E"])
    ({'H': 'm', 'M': 'f'}, {'F': 'f', 'M': 'm'}, {'K': 'f', 'E': 'm'})
    """
    found = {text: sex_of(text) for text in texts}
    letters = {plain: text for text in found if len(plain := normalise(text)) == 1}
    for letter, sex, beside in (
        ("h", "m", ""),
        ("m", "f", "h"),
        ("v", "m", "m"),
        ("m", "f", "v"),
        ("e", "m", "k"),
        ("l", "m", "p"),
        ("p", "f", "l"),
        ("ч", "m", "ж"),
        ("ز", "f", "م"),
        ("م", "m", "ز"),
    ):
        is_alone = letter == "m" and ("f" in letters or not {"h", "v"} & letters.keys())
        if letter in letters and (not beside or beside in letters) and not is_alone:
            found[letters[letter]] = sex
    return found


@lru_cache(maxsize=10_000)
def fate_of(text: str) -> str:
    """``"dead"``, ``"alive"`` (released, survived), ``"detained"``, ``"other"`` (wounded); empty where it says neither.

    A text that says that somebody was freed and then killed says that he is dead.

    Examples
    --------
    >>> fate_of("Executed"), fate_of("LIBERADO/A"), fate_of("Arrested"), fate_of("Unconfirmed")
    ('dead', 'alive', 'detained', '')
    >>> fate_of("Detenido desaparecido"), fate_of("معتقل")
    ('', 'detained')
    >>> fate_of("أفرج عنه ثم استشهد"), fate_of("أفرج عنه حيا")
    ('dead', 'alive')
    """
    plain = normalise(text)
    tokens = {*plain.split(), *map("_".join, pairwise(plain.split()))}
    if tokens & _normal(_DEAD):
        return "dead"
    if tokens & _normal(_FREED):
        return "alive"
    if tokens & _normal(_GONE):
        return ""
    if tokens & _normal(_DETAINED):
        return "detained"
    return "other" if tokens & _normal(_ALIVE) else ""


@lru_cache(maxsize=10_000)
def people_in(text: str) -> int | None:
    """A number of people in a cell; None where it holds none.

    Examples
    --------
    >>> people_in("4"), people_in("۱۱"), people_in("1.0"), people_in("some")
    (4, 11, 1, None)
    """
    found = re.fullmatch(r"(\d{1,7})(\.0+)?", "".join(str(int(c)) if c.isdecimal() else c for c in text.strip()))
    return int(found[1]) if found else None
