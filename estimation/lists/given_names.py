"""Ordinary given names, as evidence of which words of a cell are given names; a name that is not here is no evidence.

They are names that thousands or millions bear, in several languages.  An Arabic or Persian one stands for its Latin
spellings too, by skeleton and vowels.
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache

from estimation.lists.normal import Sounds, normalise, sounds
from estimation.lists.vowels import vowels_agree

__all__ = ["is_given_name"]

_IN_ARABIC_LETTERS = """
محمد احمد محمود حامد حمید علی حسن حسین رضا مهدی هادی عباس اکبر اصغر جواد ابراهیم اسماعیل یوسف داود سعید مجید رحیم
کریم ناصر منصور مسعود پرویز بهروز فرهاد فریدون جمشید هوشنگ کامران کیوان بهمن بیژن ایرج خسرو داریوش سیروس شهرام بهرام
مهرداد مرتضی مصطفی قاسم هاشم یعقوب موسی عیسی نادر جعفر صادق باقر کاظم تقی نقی قربان رحمان یدالله نعمت اسدالله حبیب
امیر بابک آرش کاوه سیامک سهراب رستم حیدر صفر عزیز لطیف رسول یونس ادریس بهنام پیمان پیام مهران کوروش آرمان آرمین
آروین وحید نوید امید حمزه سلمان سلیمان عمر عثمان خالد ولید طارق سامی خلیل سمیر کمال جمال عادل ماهر ماجد باسم سلیم
نبیل رجب ربیع شوقی فواد مازن رائف رامز منیر زکی بلال رایض ریاض منذر لطفی مروان صبحی عطاالله ناجی وداد بسام هیثم فادی
عصام طه یاسر یاسین انس ایمن اسامه ایاد زیاد نزار غسان فراس باسل انور اشرف شریف فارس حازم حسام هشام رامی شادی شاکر
شکری صالح صلاح طلال عارف عامر عبدالله عبدالرحمن عبدالرحیم عبدالکریم عبدالقادر عبدالعزیز عبدالحمید عبدالباسط غلامحسین
غلامرضا علیرضا محمدرضا محمدعلی امیرحسین علی‌اکبر علی‌اصغر بشیر بدر جابر جلال جهاد رشید سعد سعود شعبان رمضان طاهر
ظافر فیصل قصی لوی مالک مامون مجاهد معاذ معتز منتصر مهند موفق نضال وائل وسیم یحیی یزن جورج الیاس فاطمه زهرا مریم زینب
خدیجه سکینه معصومه رقیه کلثوم طاهره صدیقه لیلا لیلی سارا ساره نرگس مینا مهناز شهناز فرح فرزانه پروین پروانه اعظم
اکرم نسرین ناهید مهین شهین زهره طیبه ربابه هاجر مرضیه راضیه حمیده فریده سمیه آزاده الهام الناز سمیرا نازنین شیرین
مژگان رویا رؤیا سیما سیمین شیوا گیتی نیلوفر شبنم نگار ندا هاله هدی رنا رانیا ریم ریما رغد شهد یارا لیان ریان دنیا
دعاء اسراء اسماء امینه امل امال انعام ایمان بثینه بسمه تهانی جمیله حنان خلود دلال رنده زکیه سعاد سلافه سلمی سلوی سمر
سمیحه سناء سهام شذی صباح عبیر عائشه عفاف غاده فاتن فدوی فیروز لمی لبنی مها منی میساء نادیه نجوی نداء نسمه نعیمه نهی
نور نوال هبه هند هیفاء وفاء یسری اخلاص نفیسه ستنا
"""
_IN_OTHERS = """
ali aly alia isa eisa issa musa moussa mousa taha aya leo lea
juan carlos jose luis maria rosa ana pedro pablo jorge miguel angel ramon antonio manuel francisco fernando alberto
eduardo roberto ricardo raul oscar hugo hector mario julio cesar daniel david diego alejandro andres gustavo enrique
ernesto guillermo alfredo armando arturo domingo felix felipe gabriel gerardo gregorio horacio ignacio jaime javier
jesus joaquin leonardo lorenzo marcelo marcos martin mauricio nestor nicolas norberto osvaldo patricio rafael
rodolfo ruben salvador santiago sebastian sergio victor vicente walter adriana alicia amalia amelia angela beatriz
carmen carolina catalina cecilia clara claudia cristina delia diana dora elba elena elisa elsa elvira ester esther
eva gladys gloria graciela ines irene isabel josefa juana julia laura liliana lidia lucia luisa marta margarita
marina mercedes mirta monica nelida nora norma olga patricia pilar ramona raquel rosario sara silvia sofia susana
teresa veronica victoria yolanda angeles herminio anibal elias luz john james robert william richard thomas charles
george edward henry joseph michael peter paul mark andrew stephen philip anthony kevin brian mary elizabeth anne
anna jane margaret sarah ruth catherine helen alice emily emma lucy grace susan linda jean pierre jacques michel
andre claude francois marie jeanne francoise monique mariam aminata fatoumata mariama moussa ibrahima mamadou amadou
ousmane issouf bakary oumar seydou hans klaus jurgen karl heinz wolfgang helmut ursula gerda ingrid mehmet mustafa
ahmet huseyin ibrahim osman murat yusuf emine ayse fatma hatice zeynep elif meryem deniz tarik selma kemal hasan
mujo ibro avdo mirsad senad fadil nezir petar milan dragan zoran goran jovan marko nikola ivan josip stjepan durda
jelena dusan mirjana ljubica slavica edin emir almir sead suad hamdija mehmedalija munira fatima senahid иван петр
василий николай александр алексей андрей антон борис владимир виктор вячеслав григорий дмитрий евгений егор ефим
захар илья игнат кирилл константин лев леонид лука макар максим марк матвей михаил никита никифор осип павел прохор
роман савва семен сергей степан тихон тимофей трофим федор филипп яков ян янис юрий георгий галимжан ахмет ибрагим
абдул мария анна елена ольга наталья татьяна екатерина евдокия анастасия прасковья пелагея глафира вера надежда
любовь зинаида клавдия лидия марфа матрена pyotr petr vasily vasiliy nikolai nikolay aleksandr alexander alexei
alexey andrei andrey boris vladimir viktor grigory dmitry evgeny yevgeny igor ilya lev leonid maxim mikhail oleg
pavel semyon sergei sergey stepan fyodor yakov yuri yury tatiana natalia
"""


_BEGINNINGS = ("عبدال", "غلام", "محمد", "abdol", "abdul", "abdel", "abdal", "gholam", "ghulam", "mohammad", "muhammad")
"""How longer given names begin."""


@lru_cache(maxsize=1)
def _exactly() -> frozenset[str]:
    words = (_IN_ARABIC_LETTERS + _IN_OTHERS).split()
    return frozenset(normalise(word).replace(" ", "") for word in words)


@lru_cache(maxsize=1)
def _by_skeleton() -> dict[str, list[Sounds]]:
    found: dict[str, list[Sounds]] = defaultdict(list)
    for word in _IN_ARABIC_LETTERS.split():
        heard = sounds(word)
        found[heard.skeleton].append(heard)
    return found


@lru_cache(maxsize=100_000)
def is_given_name(text: str) -> bool:
    """Whether a text is an ordinary given name.

    Examples
    --------
    >>> is_given_name("Maryam"), is_given_name("مريم"), is_given_name("Никита"), is_given_name("Sarvabandi")
    (True, True, True, False)
    """
    name = normalise(text).replace(" ", "")
    if name in _exactly() or (len(name) > 6 and name.startswith(_BEGINNINGS)):
        return True
    heard = sounds(text)
    if heard.script != "latin" or len(heard.skeleton) < 2:
        return False
    return any(vowels_agree(heard, other) for other in _by_skeleton().get(heard.skeleton, ()))
