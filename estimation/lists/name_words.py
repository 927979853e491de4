"""Words that stand in cells of names and are none: for what is not known, titles and honorifics."""

from __future__ import annotations

import re
from functools import lru_cache

from estimation.lists.normal import normalise

__all__ = [
    "ABD",
    "ALIAS_WORDS",
    "AND",
    "ARTICLES",
    "ATTACHED_BEFORE",
    "CHILD_OF",
    "DESCRIPTIONS",
    "FAMILY_SUFFIXES",
    "GROUPS",
    "KUNYA",
    "MAIDEN_WORDS",
    "PARTICLES",
    "TITLES",
    "UNKNOWN",
    "is_missing",
    "is_unknown_word",
    "number_in",
]

_UNKNOWN = """
unknown, unknwon, not known, n k, nk, n a, not available, not applicable, none, null, nan, nil, missing, no name,
name unknown, unknown name, name not known, name withheld, not given, not stated, not recorded, not reported, no
data, unnamed, unidentified, not identified, anonymous, nn, n n, john doe, jane doe, tbc, tbd, xxx, xx, x, u k,
pending, not determined, undetermined, to be confirmed, unclear, unspecified, not specified, non precise, non connu,
nsp, nicht angegeben, sem informacao, не відомо, н в, нема података, није познато, nema podataka, nema podatka, nije
poznato, nuk dihet, ska te dhena, s ka te dhena, belirsiz, bilinmiyor, brak danych, nie wiadomo, لم یحدد, لم تحدد,
unk, unkn, unknown name, name not available, name not provided, name unavailable, nameless, desconocido,
desconocida, desconocidos, sin datos, sin dato, sin nombre, s d, s n, sd, no identificado, no identificada, sin
nombre conocido, sin identidad, no identificados, no identificadas, no consta, no se sabe, se ignora, ignorado,
ignorada, nombre desconocido, sin identificar, inconnu, inconnue, inconnus, non identifie, non identifiee, non
identifies, non identifiees, identite inconnue, nom inconnu, anonyme, sans nom, non communique, non renseigne, nc,
unbekannt, unbekannte, unbekannter, nicht bekannt, namenlos, keine angabe, k a, ohne namen, nicht identifiziert,
desconhecido, desconhecida, sem nome, nao identificado, nao identificada, sem dados, ignoto, ignota, sconosciuto,
sconosciuta, non identificato, i panjohur, e panjohur, panjohur, tidak diketahui, tidak dikenal, tanpa nama,
nepoznat, nepoznata, nepoznato, nepoznati, neidentifikovan, neidentifikovana, neidentifikovano, neidentificiran,
neidentificirana, neidentificirano, bez imena, nije identifikovan, nije identifikovana, bilinmiyor, bilinmeyen,
mechul, isimsiz, kimligi belirsiz, kimligi belirlenemeyen, kimligi bilinmeyen, kimligi tespit edilemeyen, kimligi
tespit edilemedi, kimliksiz, faili mechul, adi bilinmiyor, onbekend, okand, ukendt, ukjent, nieznany, nieznana,
неизв, неизвест, невід, unbek, nepozn, desconoc, непозн, неизвестных, неопознанных, невідомих, неопізнаних,
nepoznatih, neidentifikovanih, непознатих, te panjohur, te paidentifikuar, i paidentifikuar, e paidentifikuar,
paidentifikuar, no identificados, no identificadas, sin identificar, مجهولین, مجهولون, مجهولتان, مجهولان, لم یعرف
اسمه, لم یعرف اسمها, non identificato, non identificata, niezidentyfikowany, niezidentyfikowana, nieznanych,
неизвестно, неизвестен, неизвестна, неизвестный, неизвестная, неизвестные, не известно, не известен, не известна, не
установлено, не установлена, не установлен, не указано, не указан, не указана, нет сведений, нет данных, без имени,
безымянный, н д, н у, имя неизвестно, неопознан, неопознана, неопознанный, не встановлено, не встановлена, не
встановлений, невідомо, невідомий, невідома, немає даних, непознат, непозната, непознато, нн, неидентификован,
неидентификована, неидентификовано, без имена, неопознанная, неопознанные, неопознанное, безымянная, невстановлений,
невстановлена, неопізнаний, неопізнана, личность не установлена, особу не встановлено, مجهول, مجهولة, مجهول الاسم,
مجهولة الاسم, مجهول الهوية, مجهولة الهوية, مجهولو الهوية, مجهولي الهوية, غير معروف, غير معروفة, غير معلوم, غير
معلومة, غير محدد, غير محددة, غير متوفر, غير متوفرة, غير مسجل, لا يوجد, لا يعرف, بدون اسم, بدون, بلا اسم, اسم غير
معروف, الاسم غير معروف, لم يتم التعرف عليه, لم يتم التعرف عليها, لم تحدد هويته, هوية مجهولة, غير محدد الهوية,
نامعلوم, ناشناس, ناشناخته, نامشخص, نا معلوم, نا مشخص, معلوم نیست, مشخص نیست, مجهول الهویه, مجهول‌الهویه, بی‌نام, بی
نام, بینام, بدون نام, نام نامعلوم, نامش معلوم نیست, ندارد, اطلاعی نیست, بدون هویت, هویت نامعلوم, گمنام, شهید گمنام,
ن م, ثبت نشده, ذکر نشده, شناسایی نشده, شناسائی نشده, مجهول‌الهویة, مجهول, άγνωστος, άγνωστη, άγνωστο, לא ידוע,
אלמוני, פלוני, անհայտ, უცნობი, 不详, 不詳, 未知, 佚名, 無名, नाम अज्ञात, अज्ञात, نا معلوم,
"""
"""What is written for an unknown name, by language: English, Spanish, French, German, others in Latin letters, Russian,
Arabic, Persian, others."""

UNKNOWN = frozenset(normalise(word) for word in _UNKNOWN.split(",")) - {""}
"""What is written for an unknown name, as names are compared."""

_NOTHING = re.compile(r"[\W_]*|0+|-\d+|9{2,}|[xX]{2,}|NA|#N/A|#NAME\?|#REF!", re.UNICODE)


def _words(text: str) -> frozenset[str]:
    return frozenset(normalise(word) for word in text.split(",")) - {""}


TITLES = _words(
    """comandante, cmdte, cmdt, commander, commandant, komandant, komandir, subcomandante, capitan, teniente, sargento,
coronel, kapetan, командир, комендант, командант, فرمانده, تیمسار, dr, doctor, mr, mrs, ms, miss, mister, sir, prof,
professor, engineer, ing, capt, captain, col, colonel, gen, general, lt, sgt, sergeant, maj, major, eng, arch, adv,
rev, sr, haj, hajj, haji, hajji, hadj, hadji, al haj, al hajj, hajja, hajjah, hajieh, hajiyeh, sayyed, sayyid,
sayed, seyed, seyyed, seyyid, syed, sayid, sayyida, sheikh, shaikh, shaykh, sheykh, mullah, mulla, mola, ayatollah,
hojatoleslam, martyr, shaheed, shahid, shahida, ostad, ustad, ustaz, mohandes, karbalai, mashhadi, mashdi, agha,
aqa, khanom, dona, sra, srta, senor, senora, lic, mons, mme, mlle, herr, frau, fru, jr, junior, ii, iii, late, the
late, دکتر, مهندس, سید, سیده, السید, السیده, حاج, حاجی, الحاج, حاجه, الحاجه, حاجیه, شهید, شهیده, الشهید, الشهیده,
شیخ, الشیخ, ملا, آیت الله, حجت الاسلام, استاد, استاذ, الاستاذ, دكتور, دكتوره, الدكتور, الدكتوره, مهندسه, المهندس,
آقا, آقای, خانم, کربلایی, مشهدی, مشدی, سرهنگ, سرگرد, سروان, المرحوم, المرحومه, مرحوم, مرحومه, شادروان, زنده یاد,
العقید, الرائد, النقیب, الملازم, المقدم, اللواء, العمید, البطل, الطالب, الطالبه, سرباز, پاسدار, بسیجی, المجاهد,
القائد, الطفل, الطفله, الرضیع, الرضیعه, الجنین, الشاب, الشابه, المسن, المسنه, المغدور, المغدوره, الضحیه, الاستاذه,
الصحفی, الصحفیه, karbalaei, karbalaie, hojjatoleslam, гр, гражданин, д р, проф"""
)
"""Titles and honorifics; they are removed before a name and recorded."""

CHILD_OF = _words(
    """bin, ibn, ben, ebn, bint, binte, binti, bent, بن, ابن, بنت, بنته, ابنه, فرزند, ولد, پسر, دختر, s o, d o"""
)
"""Between two names: the second is the father's."""

KUNYA = _words("abu, abou, aboo, abo, abi, umm, um, oum, om, ابو, ابی, ابا, ام, بو")
"""The first word of a name such as Abu Omar."""

ABD = _words("abd, abdul, abdel, abdal, abdol, abdoul, abdur, abder, abdus, abdi, عبد, عبدال")
"""The first word of a name such as Abd al-Qader."""

ARTICLES = _words("al, el, ال, as, ash, ad, ar, an, at, az, ul, ol, ud, ur, es, esh, ed, er, en")
"""The Arabic article, also as it stands before letters that it takes the sound of."""

PARTICLES = _words(
    """de, del, della, di, da, do, dos, das, du, des, van, von, zu, zur, ter, ten, den, der, vander, le, la, las, los,
lo, st, san, santa, mc, mac, o, wad, wuld, ould, oul, weld, walad, ود, آل, الت, عین, بیت, بنی, آیت, ap, af, av"""
)
"""Words that belong to the one after them."""

ATTACHED_BEFORE = _words(
    """allah, ullah, ollah, din, eddin, eddine, uddin, oddin, aldin, deen, الدین, الله, الاسلام, الزمان, الحق, الهدی,
الدوله, دین, الملک, السادات"""
)
"""Words that belong to the one before them, as in Salah al-Din."""

FAMILY_SUFFIXES = _words(
    """zadeh, zade, zada, zadah, pour, poor, pur, por, nejad, nezhad, nejhad, nia, niya, far, fard, khah, doust, doost,
dust, tabar, manesh, mehr, abadi, oglu, oglou, oghlu, ogly, kyzy, qizi, زاده, پور, نژاد, نیا, فر, فرد, خواه, دوست,
تبار, منش, مهر, آبادی, اوغلی, оглы, кызы, ای"""
)
"""Second words of family names."""

MAIDEN_WORDS = _words(
    """vda de, viuda de, epouse, ep, veuve, verh, verw, casada, de casada, nee, z d, de nacimiento, de soltera, nata, e
lindur, kizlik soyadi, рођена, рођ, born, geborene, rodjena, rodena, urodzona, z domu, урожд, дівоче, девичья,
дівоче прізвище, урожденная, урожденный, рожд, ур, maiden name, maiden, formerly, nacida, soltera, kizlik, متولد, من
موالید, قبلا"""
)
"""Words before a family name that somebody had before."""

ALIAS_WORDS = _words(
    """aka, a k a, alias, known as, also known as, called, also called, nickname, nicknamed, nom de guerre, pseudonym,
or, real name, vulgo, dit, dite, detto, detta, genannt, apodo, apodado, apodada, conocido como, conocida como, zvani,
zvana, lakap, он же, она же, по прозвищу, прозвище, кличка, معروف به, مشهور به, ملقب به, مستعار, نام مستعار, با نام
مستعار, لقب, المعروف ب, المعروف, المعروفه, الملقب, الملقبه, الملقب ب, الشهیر, الشهیر ب, الشهیره, یا, او, oder, o
sea, ou, ili"""
)
"""Words before another name of the same person."""

DESCRIPTIONS = _words(
    """m, f, w, man, men, woman, women, male, female, males, females, boy, boys, girl, girls, child, children, kid,
kids, baby, babies, infant, infants, toddler, minor, minors, adult, adults, teenager, youth, person, persons, people,
body, bodies, policeman, policemen, policewoman, fighter, fighters, guard, guards, gunman, gunmen, meses, mes,
semanas, dias, mois, semaines, jours, wochen, tage, monaten, месяцев, месяца, недель, дней, лет, років, mjeseci,
dana, aylik, військовослужбовець, військовий, військові, солдат, солдата, боец, боєць, военнослужащий, цивільний,
житель, пленный, soldat, vojnik, civil, asker, remains, prisoner, prisoners, detainee, detainees, civilian,
civilians, soldier, soldiers, migrant, migrants, refugee, refugees, victim, victims, unborn, fetus, foetus, newborn,
corpse, corpses, skeleton, skeletons, human, elderly, old, years, year, yrs, yr, y, months, month, mo, weeks, week,
days, day, age, aged, ca, about, approx, circa, pregnant, others, other, unknown, twin, twins, hombre, mujer, nino,
nina, ninos, bebe, varon, anos, edad, homme, femme, hommes, femmes, enfant, enfants, ans, mann, frau, kind, kinder,
jahre, monate, мужчина, женщина, мальчик, девочка, ребенок, дети, лет, год, года, мужчины, женщины, человек, тело,
тела, muskarac, zena, dijete, djeca, مرد, زن, پسر, دختر, کودک, نوزاد, ساله, سال, ماهه, نفر, جسد, پیکر, رجل, امراه,
طفل, طفله, رضیع, رضیعه, ذکر, انثی, اطفال, نساء, رجال, شخص, اشخاص, جثه, جثث, جثمان, سنه, عام, شهر, اشهر, شهید, شهداء,
ابناء, افراد, زندانی, زندانیان, معتقل, معتقلین, masculino, femenino, masculin, feminin, sexo, hijos, жена, младенец,
новорожденный, немовля, тело, тіла, kufome, foshnja, yetiskin, رضع, هیکل, عظمی, رفات, بالغ, بالغه, اسکلت, ناشناس,
sin vida, cadaver, cadaveres, cuerpo, osamentas, restos, oseos, cadavre, osoba, lice, tijelo, tela, posmrtni,
ostaci, лице, лица, особа, тіло, жінка, чоловік, дитина, хлопчик, дівчинка, мужчина, трупа, труп, труп, leiche,
frau, jugendlicher, saugling, person, kadin, erkek, cocuk, kiz, ceset, novorodence, muskarac, djevojcica, djecak,
femija, foshnje, grua, burre, trup, personne, corps, nourrisson, fillette, garcon, recien, nacido, nacida, muskog,
zenskog, pola, spola, zensko, musko, kobieta, mezczyzna, dziecko, zwloki, uomo, bambino, bambina, мужского,
женского, пола, ребенок, inconnu, adulto, adulta, minderjahrig, بچه, stillborn"""
)
"""Words that say who somebody is and are no names."""

GROUPS = _words(
    """children, kids, sons, daughters, babies, infants, men, women, people, persons, bodies, boys, girls, members,
prisoners, detainees, migrants, refugees, others, victims, civilians, soldiers, brothers, sisters, twins, males,
females, adults, minors, relatives, hijos, hijas, ninos, personas, cuerpos, hombres, mujeres, enfants, personnes,
corps, hommes, femmes, kinder, personen, manner, frauen, leichen, дети, детей, ребенка, человек, мужчин, женщин,
тел, тела, людей, дітей, жінок, чоловіків, осіб, тіла, djece, djeca, deca, dece, деце, деца, osoba, osobe, tijela,
tela, lica, лица, muskarca, zene, cocuk, cocuklar, kisi, ceset, kadin, erkek, femije, femijet, persona, trupa,
kufoma, burra, gra, corpses, skeletons, cadaveres, restos, bambini, persone, cialo, ciala, osob, dzieci, فرزند,
کودک, نفر, جسد, پیکر, فرزندان, کودکان, اجساد, اطفال, طفلان, طفلین, ابناء, اشخاص, جثث, جثه, افراد, شهداء, نساء, رجال,
بنات, طفلیه, زن, مرد, پسر, دختر, زندانی, معتقل, معتقلین"""
)
"""What a number of people can be called."""

AND = _words("and, et, und, и, та, й, dhe, و, og, och, ve, ile, en, sowie, with, avec, mit, con, sa, با, مع")
"""Words between two people; Spanish y and Bosnian i stand in family names and given names too."""

_NUMBERS = {
    normalise(word): number
    for number, words in enumerate(
        (
            "one un uno una une ein eine einer один одна jedan jedno bir nje یک واحد واحده",
            "two dos deux zwei два две двое двоє двоих два dva dvije dvoje двоје iki dy "
            "دو اثنان اثنین pair twin twins طفلین طفلان طفلیه جثتان",
            "three tres trois drei три трое троє троих troje троје uc tre tri سه ثلاث ثلاثه",
            "four cuatro quatre vier четыре четверо cetiri cetvero cetvoro четворо dort kater چهار اربع اربعه",
            "five cinco cinq funf fuenf пять пятеро pet petoro petero петоро bes pese پنج خمس خمسه",
            "six seis sechs шесть шестеро sest sestoro alti gjashte شش ست سته",
            "seven siete sept sieben семь семеро sedam هفت سبع سبعه",
            "eight ocho huit acht восемь восьмеро osam هشت ثمانی ثمانیه",
            "nine nueve neuf neun девять devet نه تسع تسعه",
            "ten diez dix zehn десять deset ده عشر عشره",
            "eleven once onze elf одиннадцать jedanaest یازده",
            "twelve doce douze zwolf двенадцать dvanaest دوازده dozen",
        ),
        start=1,
    )
    for word in words.split()
}


_NOT_IN_A_NAME = frozenset(["nil", "nan", "none", "null", "x", "sd", "nc", "missing", "بدون", "ن م", "no data", "nk"])
"""What stands for an unknown name alone in a cell, and can be a word of a name."""


def is_unknown_word(word: str) -> bool:
    """Whether a word among others stands for a part of a name that is not known.

    Examples
    --------
    >>> is_unknown_word("N.N."), is_unknown_word("?"), is_unknown_word("0"), is_unknown_word("Nil")
    (True, True, True, False)
    """
    return is_missing(word) and normalise(word) not in _NOT_IN_A_NAME


def number_in(word: str) -> int | None:
    """The number of people that a word says, up to 9,999, or None.

    Examples
    --------
    >>> number_in("Four"), number_in("۱۱"), number_in("سه"), number_in("of")
    (4, 11, 3, None)
    """
    name = normalise(word)
    if name.isdigit() and len(name) <= 4:
        return int(name)
    return _NUMBERS.get(name)


@lru_cache(maxsize=200_000)
def is_missing(text: str) -> bool:
    """Whether a cell says that something is not known, or nothing: it is missing, and never agrees with another.

    Parameters
    ----------
    text : str
        A cell or a part of a name.

    Examples
    --------
    >>> [is_missing(cell) for cell in ("؟", "نامعلوم", "n/k", "sin datos", "Неизвестно", "N.N.", " --- ")]
    [True, True, True, True, True, True, True]
    >>> is_missing("Nana"), is_missing("Na"), is_missing("0")
    (False, False, True)
    """
    if _NOTHING.fullmatch(text.strip()):
        return True
    name = normalise(text)
    return not name or name in UNKNOWN
