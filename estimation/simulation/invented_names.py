"""Names of invented people: ordinary given names, made-up family names and places, in Persian and in Latin spellings.

A part of a name has one Persian spelling and several Latin ones, the first of which is the usual one.  Given names are
ordinary ones that millions bear; family names are put together from two parts each and belong to nobody, and the
places are made up.  Given names are drawn with weights that fall with their place in the table, and the two parts of a
family name as well, so that some names are common and most are rare.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from estimation.capture.table import FloatArray

__all__ = ["FAMILY_PARTS", "GIVEN", "PLACES", "Spelt", "draw_family", "draw_given"]


@dataclass(frozen=True, slots=True)
class Spelt:
    """A name in two scripts.

    Parameters
    ----------
    persian : str
        Its Persian spelling.
    latin : tuple of str
        Its Latin spellings in small letters, the usual one first.
    sex : {"m", "f", ""}
        Who bears it, where it is a given name.
    nickname : str
        What people of that given name are called as well, in Latin letters, or empty.
    persian_nickname : str
        The same in Persian.
    """

    persian: str
    latin: tuple[str, ...]
    sex: str = ""
    nickname: str = ""
    persian_nickname: str = ""


_MEN = """
علی ali,aly|حسین hossein,hosein,husain,hussein|محمد mohammad,mohammed,muhammad|رضا reza,riza|حسن hassan,hasan
مهدی mehdi,mahdi|احمد ahmad,ahmed|محمود mahmoud,mahmood,mahmud|عباس abbas,abas|اکبر akbar|اصغر asghar,asgar
جواد javad,jawad|ابراهیم ebrahim,ibrahim|اسماعیل esmail,ismail,esmaeil|یوسف yousef,yusef,yusof|داود davoud,davood,dawud
سعید saeed,said,saied|مجید majid,majeed|حمید hamid,hameed|رحیم rahim,raheem|کریم karim,kareem|ناصر naser,nasser
منصور mansour,mansoor,mansur|مسعود masoud,masood,masud|پرویز parviz,parwiz|بهروز behrouz,behrooz,behruz
فرهاد farhad|فریدون fereydoun,fereidun|جمشید jamshid,jamsheed|هوشنگ houshang,hushang|کامران kamran|کیوان keyvan,kayvan
بهمن bahman|بیژن bijan,bizhan|ایرج iraj|خسرو khosrow,khosro|داریوش dariush,daryoush|سیروس sirous,cyrus,sirus
شهرام shahram|بهرام bahram|مهرداد mehrdad|مرتضی morteza,murtaza|مصطفی mostafa,mustafa|قاسم ghasem,qasem,qassem
هادی hadi|هاشم hashem,hashim|یعقوب yaghoub,yaqub,yaghoob|موسی mousa,musa,moosa|عیسی isa,eisa|نادر nader,nadir
جعفر jafar,jaafar|صادق sadegh,sadeq|باقر bagher,baqer|کاظم kazem|تقی taghi,taqi|نقی naghi,naqi|قربان ghorban,qorban
رحمان rahman,rahmaan|یدالله yadollah,yadullah|نعمت nemat,neamat|اسدالله asadollah,asadullah|حبیب habib,habeeb
امیر amir,ameer|بابک babak|آرش arash|کاوه kaveh,kave|سیامک siamak|سهراب sohrab|رستم rostam|حیدر heydar,heidar
صفر safar|عزیز aziz|غفور ghafour,ghafur|لطیف latif|فتاح fattah|رسول rasoul,rasul|یونس younes,yunes|ادریس edris,idris
"""

_WOMEN = """
زهرا zahra|فاطمه fatemeh,fatima,fateme|مریم maryam,mariam|معصومه masoumeh,masumeh|لیلا leila,leyla|مینا mina
پروین parvin|نسرین nasrin|شهلا shahla|مهین mahin|زهره zohreh,zohre|طاهره tahereh,tahere|اعظم azam|اشرف ashraf
فرزانه farzaneh,farzane|ناهید nahid|سیمین simin|پروانه parvaneh,parvane|مژگان mojgan,mozhgan|رویا roya|سودابه soudabeh
شیرین shirin|نرگس narges,nargess|فریبا fariba|سهیلا soheila,soheyla|منیژه manijeh,manizheh|مهناز mahnaz|الهه elaheh
رقیه roghayeh,roqayeh|سکینه sakineh,sakine|خدیجه khadijeh,khadije|صدیقه sedigheh,sediqeh|کبری kobra|هاجر hajar
"""

_BEFORE = (("محمد", ("mohammad", "mohammed", "mohamad")), ("غلام", ("gholam", "qolam")), ("عبدال", ("abdol", "abdul")))
_NICKNAMES = {
    "محمد": ("mamad", "ممد"),
    "غلام": ("gholi", "غلی"),
    "عباس": ("abi", "عبی"),
    "ابراهیم": ("ebi", "ابی"),
    "اسماعیل": ("esi", "اسی"),
    "فریدون": ("feri", "فری"),
    "کامران": ("kami", "کامی"),
    "فاطمه": ("fati", "فاطی"),
    "زهره": ("zozo", "زوزو"),
    "معصومه": ("masi", "معصی"),
    "سیروس": ("siros", "سیرو"),
    "مصطفی": ("mosti", "مصطی"),
    "پروانه": ("pari", "پری"),
    "خدیجه": ("khaji", "خجی"),
}

_FIRST = """
سرو sarv,sarw|گل gol,gul|رود roud,rood,rud|توت tout,toot,tut|سنگ sang|برف barf|نیل nil,neel|مهتاب mahtab
انار anar|گندم gandom|بید bid,beed|شب shab|خوش khosh,khush|چراغ cheragh,chiragh|ریواس rivas|چمن chaman
پونه pouneh,pune|یخ yakh|زعفران zaferan,zaafaran|خشت khesht|کوزه kouzeh,kuzeh|نمد namad|تیشه tisheh,tishe|ساحل sahel
غزال ghazal,qazal|طوطی touti,tuti|قلم ghalam,qalam|شاه shah|باران baran|دریا darya,daria|الماس almas|فانوس fanous,fanus
مرغ morgh|ژاله jaleh,zhaleh|هیزم hizom|عقیق aghigh,aqiq|صدف sadaf|کبک kabk|پسته pesteh,peste|سفال sofal
"""

_SECOND = """
آبندی abandi|مرغانی morghani|کارانی karani|ستانکی setanaki|ریزان‌پور rizanpour,rizan pur|شویان shouyan,shuyan
بافان bafan|دوزانی douzani,duzani|کوبانی koubani,kubani|پیشان pishan|نوردانکی navardanaki,nawardanaki|تراونی taravani
خیزانلو khizanlou,khizanlu|گیرانی girani|سوزیان souzian,suzian|نشینان neshinan|شکنی shekani
فروزان‌زاده forouzanzadeh|بندانی bandani|ریسان risan|چینوی‌پور chinavipour,chinavi pur|گردانه gardaneh|لوی louy,luy
سازانی sazani|زنانلو zananlou,zananlu
آذینی azini|دانکی danaki|واره vareh,ware|سپاری separi|غلتان ghaltan,qaltan|کشانی‌نژاد keshaninejad,keshani nezhad
فامیسان famisan,famysan|تکینی takini|آمیزی amizi|جوشان joushan,jushan|پروری‌فر parvarifar|مانیک manik|روبان rouban,ruban
خوانشی khaneshi|بیزان bizan
"""

_PLACES = """
سرخه‌رود sorkheroud,sorkhe rud|تپه‌سبز tappeh sabz,tappe sabz|نودژان nodezhan,nodejan|کلات‌بید kalat bid
میان‌چشمه mian cheshmeh,miyan cheshme|بندآور bandavar|دشت‌غزال dasht ghazal,dasht-e qazal|شوره‌کوه shoureh kouh,shure kuh
گل‌خانیک gol khanik|ده‌فانوس deh fanous,deh fanus|ارغوان‌شهر arghavan shahr,arqavanshahr|چاه‌ریواس chah rivas
"""


def _entries(text: str, sex: str = "") -> tuple[Spelt, ...]:
    """The names of a table: the Persian spelling, a blank, the Latin ones with commas between."""
    found = []
    for entry in text.replace("\n", "|").split("|"):
        if entry:
            persian, _, latin = entry.partition(" ")
            found.append(Spelt(persian, tuple(latin.split(",")), sex, *_NICKNAMES.get(persian, ())))
    return tuple(found)


def _joined(first: Spelt, second: Spelt, *, between: str = "", persian_between: str = "\u200c") -> Spelt:
    """Two names as one, every Latin spelling of either with one of the other; in Persian with a non-joiner between."""
    longest = max(len(first.latin), len(second.latin))
    pairs = [(first.latin[k % len(first.latin)], second.latin[k % len(second.latin)]) for k in range(longest)]
    latin = tuple(dict.fromkeys(f"{a}{between}{b}" for a, b in pairs))
    return Spelt(
        f"{first.persian}{between or persian_between}{second.persian}",
        latin,
        second.sex,
        first.nickname,
        first.persian_nickname,
    )


def _given() -> tuple[Spelt, ...]:
    """All given names: simple ones and those of two names, commoner ones before rarer ones of either sex."""
    men, women = _entries(_MEN, "m"), _entries(_WOMEN, "f")
    before = [Spelt(persian, latin, "m", *_NICKNAMES.get(persian, ())) for persian, latin in _BEFORE]
    reza, ali = men[3], men[0]
    double = [_joined(before[0], men[k], between=" ") for k in (0, 1, 3, 4, 5, 11, 47, 50)]
    double += [_joined(before[1], men[k]) for k in (0, 1, 3, 8)]
    double += [_joined(man, reza) for man in men[5:11:5]] + [
        _joined(man, ali, between=" ") for man in (men[1], men[57])
    ]
    servants = (Spelt("حسین", ("hossein",), "m"), Spelt("رضا", ("reza",), "m"))
    double += [_joined(before[2], name, persian_between="") for name in servants]
    return (*men[:20], *double[:6], *women, *men[20:], *double[6:])


GIVEN: tuple[Spelt, ...] = _given()
"""Given names, of men and of women."""

FAMILY_PARTS: tuple[tuple[Spelt, ...], tuple[Spelt, ...]] = (_entries(_FIRST), _entries(_SECOND))
"""First and second parts of family names, which nobody bears."""

PLACES: tuple[Spelt, ...] = _entries(_PLACES)
"""Places that are nowhere."""

_FALL = 8.0
"""The weight of the name in place k of a table is 1 / (k + this)."""


def _cumulative(n: int) -> FloatArray:
    """Cumulative weights of a table of n names."""
    weights = np.cumsum(1 / (np.arange(n) + _FALL))
    return np.asarray(weights / weights[-1], dtype=np.float64)


_BY_SEX = {sex: tuple(name for name in GIVEN if name.sex == sex) for sex in ("m", "f")}
_CUMULATIVE = {n: _cumulative(n) for n in {*map(len, _BY_SEX.values()), *map(len, FAMILY_PARTS)}}


def _drawn(names: tuple[Spelt, ...], rng: np.random.Generator) -> Spelt:
    return names[int(np.searchsorted(_CUMULATIVE[len(names)], rng.random(), side="right"))]


def draw_given(rng: np.random.Generator, sex: str) -> Spelt:
    """A given name of a man ("m") or of a woman ("f").

    Examples
    --------
    >>> draw_given(np.random.default_rng(1), "f").sex
    'f'
    """
    return _drawn(_BY_SEX[sex], rng)


def draw_family(rng: np.random.Generator) -> Spelt:
    """A made-up family name.

    Examples
    --------
    >>> draw_family(np.random.default_rng(1)).latin[0].isascii()
    True
    """
    first, second = (_drawn(parts, rng) for parts in FAMILY_PARTS)
    return _joined(first, second)
