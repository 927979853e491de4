"""Small lists of the kinds that commissions, ministries and families keep, each with the right reading beside it.

Everybody is invented.  A record stands on one line: its row, what it stands for where that is no person, the parts of
its name (g given, f father, l family), alternatives, births b, event e, age a, sex s, place p.
"""

import datetime
import io

import openpyxl
import pytest

from estimation.errors import TableError, UndecidedTableError
from estimation.lists.readers import read_names

PERIOD = {"dates": {"period": ("1900-01-01", "2024-12-31")}}


def day(*parts):
    return datetime.date(*parts)


def workbook(rows, *merged):
    """A workbook of one sheet as bytes."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for span in merged:
        book.active.merge_cells(span)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def days_in_short(days):
    """A set of days: one day, a month, a year, or its first day and the day after its last."""
    first, last = days.first, days.last
    if days.n_days == 1:
        return first.isoformat()
    if first.day == last.day == 1 and (last.year - first.year) * 12 + last.month - first.month == 1:
        return first.isoformat()[:7]
    if (first.month, first.day, last) == (1, 1, day(first.year + 1, 1, 1)):
        return str(first.year)
    return f"{first}..{last}"


def in_short(record):
    """A record on one line."""
    found = [str(record.row)]
    if record.kind != "person":
        found.append(record.kind.replace(" ", "_") + f"*{record.n_people}" * (record.n_people > 1))
    parts = [(name.given, name.father, name.grandfather, name.family) for name in record.names]
    found += [
        f"{key}={part}" for key, part in zip(("g", "f", "gf", "l"), parts[0] if parts else (), strict=False) if part
    ]
    if parts[1:]:
        found.append("also=" + ";".join("+".join(filter(None, part)) for part in parts[1:]))
    found += [f"{key}={days_in_short(days)}" for key, days in (("b", record.birth), ("e", record.event)) if days]
    if record.age:
        found.append("a=" + "-".join(map(str, dict.fromkeys(record.age))))
    found += [f"s={record.sex}"] * bool(record.sex) + [f"p={place}" for place in record.places]
    return " ".join(word.replace(" ", "_") for word in found)


def read(data, **declared):
    """The records of a list on one line each, and what is asked; open cells are missing."""
    data = data if isinstance(data, bytes) else data.encode()
    name = "list.xlsx" if data[:2] == b"PK" else "list.csv"
    question = ""
    try:
        found = read_names(data, name=name, **declared)
    except TableError as error:
        question = str(error)
        found = read_names(data, name=name, **declared, undecided="missing")
    return [in_short(record) for record in found.records], question


SPANISH = workbook(
    [
        ["Registro de víctimas de la comarca", *[None] * 5],
        ["N°", "Víctima", None, None, "Hecho", None],
        [None, "Apellidos", "Nombres", "Sexo", "Fecha", "Lugar"],
        ["Departamento de Altozano", *[None] * 5],
        [1, "Rocaviento Luzalba", "María José", "M", "12 de marzo de 1978", "Villaseca"],
        [2, "Peñaserrada", "Julián", "H", "a comienzos de marzo de 1978", "Villaseca"],
        ["Subtotal", 2, *[None] * 4],
        ["Departamento de Bajozano", *[None] * 5],
        [1, "Solmonte", "Inés", "M", day(1979, 5, 3), "Puentelargo"],
        [2, "NN", "NN", "H", "s/f", "Puentelargo"],
        ["Total general", 4, *[None] * 4],
        ["Fuente: archivo de la comisión.", *[None] * 5],
    ],
    *("A1:F1", "A2:A3", "B2:D2", "E2:F2", "A4:F4", "A8:F8"),
)
CASES = {
    "Spanish, titles, two levels of headings, sections, totals": (
        SPANISH,
        """5 g=maria_jose l=rocaviento_luzalba e=1978-03-12 s=f p=villaseca
        6 g=julian l=penaserrada e=1978-03-01..1978-03-11 s=m p=villaseca
        9 g=ines l=solmonte e=1979-05-03 s=f p=puentelargo
        10 unnamed s=m p=puentelargo""",
    ),
    "Serbian, the father in brackets between family and given name": (
        """Р. бр.;Презиме (очево име) име;Датум рођења;Датум смрти;Место
1;Јелокос (Милан) Драган;13.05.1961.;почетком јуна 1992;Зелено Поље
2;Храстовина (Петар) Мирјана;око 1958;јун 1992.;Зелено Поље
3;Водопија Сенад;непознато;15.06.1992.;Жуто Брдо
4;НН лице;;јун 1992;Жуто Брдо""",
        """2 g=драган f=милан l=јелокос b=1961-05-13 e=1992-06-01..1992-06-11 p=зелено_поље
        3 g=мирјана f=петар l=храстовина b=1956-01-01..1961-01-01 e=1992-06 p=зелено_поље
        4 g=сенад l=водопија e=1992-06-15 p=жуто_брдо
        5 unnamed e=1992-06 p=жуто_брдо""",
    ),
    "Russian, given name and patronymic in one column, years, seasons, both styles": (
        """Фамилия;Имя Отчество;Г.р.;Дата гибели;Пол
Снегодолин;Никита Петрович;1905;осенью 1937;м
Сосновцева;Анна;ок. 1911;в ночь на 14 февраля 1938;ж
Липкин;неизв.;;23.04(05.05).1890;м""",
        """2 g=никита f=петрович l=снегодолин b=1905 e=1937-09-01..1937-12-22 s=m
        3 g=анна l=сосновцева b=1909-01-01..1914-01-01 e=1938-02-13..1938-02-15 s=f
        4 l=липкин e=1890-05-05 s=m""",
    ),
    "German, words for about, spring, the end of a year": (
        """Familienname;Vorname;geb.;gest.;Ort
Holzbach geb. Lindenthal;Anna;um 1910;Anfang Januar 1944;Grünwies
Holzbach;Peter;12. März 1908;zwischen dem 3. und 9. Januar 1944;Grünwies
unbekannt;unbekannt;;Frühjahr 1945;Grünwies
Steinfurt;Karl-Heinz;05.1921;Ende 1944;Grünwies""".encode("latin-1"),
        """2 g=anna l=holzbach also=anna+lindenthal b=1908-01-01..1913-01-01 e=1944-01-01..1944-01-11 p=grunwies
        3 g=peter l=holzbach b=1908-03-12 e=1944-01-03..1944-01-10 p=grunwies
        4 unnamed e=1945-03-01..1945-06-22 p=grunwies
        5 g=karl_heinz l=steinfurt b=1921-05 e=1944-09-01..1945-01-01 p=grunwies""",
    ),
    "Ukrainian, a settlement for a place": (
        """Прізвище;Ім'я;По батькові;Дата народження;Дата загибелі;Населений пункт;Стать
Яблунецький;Тарас;Іванович;близько 1950;влітку 2022;Криничне;чоловіча
Калинодар;Марія;Петрівна;1961 р.;у грудні 2022 року;Степове;жіноча""",
        """2 g=тарас f=іванович l=яблунецький b=1948-01-01..1953-01-01 e=2022-06-01..2022-09-23 s=m p=криничне
        3 g=марія f=петрівна l=калинодар b=1961 e=2022-12 s=f p=степове""",
    ),
    "Albanian, whole names, dates before and after": (
        """Emri dhe mbiemri;Emri i prindit;Data e vdekjes;Fshati
Arbër Malëzezi;Gani;në fillim të majit 1999;Bregas
Drita Gurëbardhi;Ali;27 prill 1999;Bregas
grua e panjohur;;më 28 prill 1999;Bregas""",
        """2 g=arber f=gani l=malezezi e=1999-05-01..1999-05-11 p=bregas
        3 g=drita f=ali l=gurebardhi e=1999-04-27 p=bregas
        4 unnamed e=1999-04-28 s=f p=bregas""",
    ),
    "Turkish, short headings, suffixes after years": (
        """Adı Soyadı;Baba Adı;D. Tarihi;Ölüm Tarihi;Cinsiyet
İSMAİL ÇINARDALI;HASAN;1960 civarı;3 Kasım 1994'te;E
Kimliği belirsiz;;;Kasım 1994 sonu;E
Ali Çınardalı'nın eşi;;;3 Kasım 1994;K""".encode("cp1254"),
        """2 g=ismail f=hasan l=cinardali b=1958-01-01..1963-01-01 e=1994-11-03 s=m
        3 unnamed e=1994-11-21..1994-12-01 s=m
        4 unnamed also=ali+cinardali e=1994-11-03 s=f""",
    ),
    "Arabic, a month by two names, a wife and a child without names": (
        """الاسم,تاريخ الاستشهاد,الجنس
سامي الزهرواني,3 أيار/مايو 2012,ذكر
زوجته,3 أيار/مايو 2012,أنثى
جثة مجهولة الهوية,أوائل أيار 2012,ذكر""",
        """2 g=سامی l=الزهروانی e=2012-05-03 s=m
        3 unnamed e=2012-05-03 s=f
        4 unnamed e=2012-05-01..2012-05-11 s=m""",
    ),
    "Polish, a month that is another one in Croatian": (
        """Imię i nazwisko;Data śmierci
Anna Wiśniopola z d. Żółtokwiat;3 listopada 1944
Jan Dąbrolas;12 września 1944""",
        """2 g=anna l=wisniopola also=anna+zoltokwiat e=1944-11-03
        3 g=jan l=dabrolas e=1944-09-12""",
    ),
    "family names that are words of descriptions, and commas that slipped in": (
        'Given,Family,Died\npeter,mann,1988\nKadin,Day,1988\nKarl,"Holz,mann",1988\nUnknown,Dafsaz,1988\nwoman,,1988\n',
        """2 g=peter l=mann e=1988
        3 g=kadin l=day e=1988
        4 g=karl l=holzmann e=1988
        5 l=dafsaz e=1988
        6 unnamed e=1988 s=f""",
    ),
    "relatives and several people in columns of given and family names": (
        """Given,Family,Age,Died
Wife of Karim,Dafsaz,in her 40s,1988
Infant,Dafsaz,1y 6m,1988
Anna (née Lindenthal),Holzbach,"30,0",1988
,,,1988
K.,Dafsaz,2½,1988""",
        """2 unnamed also=karim+dafsaz e=1988 a=40-49 s=f
        3 unnamed l=dafsaz b=1986-06-02..1987-07-01 e=1988 a=1
        4 g=anna l=holzbach also=anna+lindenthal e=1988 a=30
        5 unnamed e=1988
        6 g=k l=dafsaz e=1988 a=2""",
    ),
    "initials, a nom de guerre before the name, an unknown given name": (
        """Nombre,Fecha y lugar de muerte,Sexo
A. I. Rocaviento,"13/05/1978, Villaseca",V
K.Solmonte,"Puentelargo, 14/05/1978",V
Comandante Luna (Ana Luzalba),15/05/1978,M
X Solmonte,16/05/1978,no consta""",
        """2 g=a_i l=rocaviento e=1978-05-13 s=m p=villaseca
        3 g=k l=solmonte e=1978-05-14 s=m p=puentelargo
        4 g=ana l=luzalba also=luna+luzalba e=1978-05-15 s=f
        5 l=solmonte e=1978-05-16""",
    ),
    "French in Latin-1 with only the letters that other languages have too": (
        "Nom;Prénom;Né(e) le;Décédé(e) le\nBOISCLAIR;Hélène;1er mars 1962;été 1988\n".encode("latin-1"),
        "2 g=helene l=boisclair b=1962-03-01 e=1988-06-01..1988-09-23",
    ),
    "mojibake in headings, names and dates": (
        "نام;نام خانوادگی;تاریخ مرگ\nآذر;سنگریزان;۸ مرداد ۱۳۶۷\n".encode().decode("cp1256").encode(),
        "2 g=اذر l=سنگریزان e=1988-07-30",
    ),
    "particles among chains, two scripts in one name, places with alternatives": (
        """Name,Died,Place
João da Silva Santos,1978,Rasht (Gilan)
María del Carmen Solmonte,1978,near Rasht
Ahmed Khalil al-Zahrawani,1978,Prizren / Prizreni
Мария Holzbach,1978,Rasht""",
        """2 g=joao l=da_silva_santos e=1978 p=rasht
        3 g=maria_del_carmen l=solmonte e=1978 p=rasht
        4 g=ahmed f=khalil l=al_zahrawani e=1978 p=prizren p=prizreni
        5 g=мария l=holzbach e=1978 p=rasht""",
    ),
    "four names in columns of their own, dates in parts": (
        """First name,Second name,Third name,Family name,Birth day,Birth month,Birth year,Death year
Sami,Khalil,Hasan,Zahrawani,3,5,1960,1988
Huda,Khalil,,Zahrawani,,,1961,1988""",
        """2 g=sami f=khalil gf=hasan l=zahrawani b=1960-05-03 e=1988
        3 g=huda f=khalil l=zahrawani b=1961 e=1988""",
    ),
    "the earliest and the latest date, marital and parental status, a policeman without a name": (
        """IBC code,Name or Identifying Details,Age,Sex,Marital Status,Parental Status,Earliest Date,Latest Date
k1,Salim Nasir,30,Male,Married,alive,13 May 2006,14 May 2006
k2,policeman,,Male,,,13 May 2006,13 May 2006""",
        """2 g=salim l=nasir e=2006-05-13..2006-05-15 a=30 s=m
        3 unnamed e=2006-05-13 s=m""",
    ),
    "French, a married name in capitals, a child by its family name, somebody's mother": (
        """NOM Prénom;Âge;Date
VERGEPLAINE épouse BOISCLAIR Marie;environ 40 ans;le 13 mai 1988
Enfant BOISCLAIR;3 ans;13 mai 1988
la mère de BOISCLAIR Jean-Baptiste;;mi-mai 1988
LEPINVERT (prénom inconnu);;mai 1988
Deux inconnus;;mai 1988""",
        """2 g=marie l=vergeplaine also=marie+boisclair e=1988-05-13 a=38-42
        3 unnamed l=boisclair also=boisclair e=1988-05-13 a=3
        4 unnamed also=jean_baptiste+boisclair e=1988-05-11..1988-05-21 s=f
        5 l=lepinvert e=1988-05
        6 group_of_unnamed*2 e=1988-05""",
    ),
    "Afghan, given names of two words, father and grandfather": (
        """شماره;اسم;ولد;ولد ولد;تاریخ گرفتاری
1;گل احمد;نور محمد;عبدالله;۱۲ جوزا ۱۳۵۸
2;میرویس;نامعلوم;;جوزا ۱۳۵۸""",
        """2 g=گل_احمد f=نور_محمد gf=عبدالله e=1979-06-02
        3 g=میرویس e=1979-05-22..1979-06-22""",
    ),
    "rows below the headings that number and explain the columns, notes at the foot": (
        workbook(
            [
                *(["Family name", "Given name", "Died", "Killed"], [1, 2, 3, 4], ["Dafsaz¹", "Kamran", "1988", 1]),
                *(["Barfabi", "Azar", "1988", 1], ["Unknown", None, "1988", 5], ["¹ a cousin", None, None, None]),
            ]
        ),
        """3 g=kamran l=dafsaz e=1988
        4 g=azar l=barfabi e=1988
        5 group_of_unnamed*5 e=1988""",
    ),
    "words for an age group in the place of an age, newborn children who have no names": (
        """Name,Age,Died
Azar Barfabi,Adult,1988
Nima Barfabi,بالغ,1988
مولود جديد,,1988
nouveau-né,enfant,1988
new born,niña,1988
نوزاد تازه متولد,کودک,1988
infant boy,,1988
مولود دفساز,30,1988""",
        """2 g=azar l=barfabi e=1988
        3 g=nima l=barfabi e=1988
        4 unnamed e=1988
        5 unnamed e=1988
        6 unnamed e=1988
        7 unnamed e=1988
        8 unnamed e=1988 s=m
        9 g=مولود l=دفساز e=1988 a=30""",
    ),
    "maiden names before a comma, Italian fathers": (
        """Cognome e nome;Paternità;Morte
"ROCCALTA nata VALCHIUSA, Anna";fu Pietro;13 gennaio 1944
MONTELUNGO Luigi detto Falco;di Carlo;gennaio 1944""",
        """2 g=anna f=pietro l=roccalta also=anna+pietro+valchiusa e=1944-01-13
        3 g=luigi f=carlo l=montelungo also=falco+carlo+montelungo e=1944-01""",
    ),
    "a family name merged over the rows of a family": (
        workbook(
            [["Surname", "Name", "Died"], ["Vodopija", "Senad", day(1999, 5, 12)], [None, "Ibro", day(1999, 5, 12)]],
            "A2:A3",
        ),
        """2 g=senad l=vodopija e=1999-05-12
        3 g=ibro l=vodopija e=1999-05-12""",
    ),
    "numbers of rows that begin again under each section": (
        """No,Name,Age,Died
Town of Zeleno,,,
1,Kamran Dafsaz,30,1988-07-30
2,Azar Barfabi,24,1988-07-30
Town of Jelovik,,,
1,Nima Barfabi,24,1988-07-31""",
        """3 g=kamran l=dafsaz e=1988-07-30 a=30 p=zeleno
        4 g=azar l=barfabi e=1988-07-30 a=24 p=zeleno
        6 g=nima l=barfabi e=1988-07-31 a=24 p=jelovik""",
    ),
}


@pytest.mark.parametrize("kind", CASES)
def test_a_list_is_read_as_it_should_be_and_nothing_is_asked(kind):
    data, expected = CASES[kind]
    assert read(data, **PERIOD) == ([line.strip() for line in expected.splitlines()], "")


ASKED = {
    "several people, with words for who they are to each other": (
        """ПІБ,Дата загибелі
Калинодар Марія Петрівна та донька Олена,20.02.2015
Яблунецька Ольга Іванівна з двома дітьми,20.02.2015""",
        r"(?s)row 2: the row stands for more than one person \(2\).*row 3: .*\(3\)",
    ),
    "families carried down, or not known": (
        "Surname,Name,Died\nVodopija,Senad,1999\n,Mirsada,1999\n,Ibro,1999\nLugavčić,Petar,1999\n,Ana,1999\n",
        r"rows 3, 4, 6, Surname: it is blank: .*carried=\['Surname'\] or carried=\[\]",
    ),
    "the title of a list inside a list": (
        workbook(
            [
                *(["Name", "Age", "Died"], ["Kamran Dafsaz", 30, 1988], ["Azar Barfabi", 24, 1988]),
                *(["List of the cemetery"], ["Name", "Age", "Died"], ["Kamran Dafsaz", 30, 1988]),
            ]
        ),
        "row 4: a title stands here, and the rows below it may be another list",
    ),
}


@pytest.mark.parametrize(("event", "n_counted"), [("تاريخ الوفاة", 1), ("تاريخ الاعتقال", 2)])
def test_whoever_is_detained_counts_in_a_list_of_arrests_and_in_none_of_deaths(event, n_counted):
    text = f"الاسم,{event},الحالة\nسامي الزهرواني,2012-11-12,شهيد\nنبيل القمراوي,2012-11-12,معتقل\n"
    assert len(read_names(text.encode(), name="list.csv", undecided="missing").linkable) == n_counted


@pytest.mark.parametrize("kind", ASKED)
def test_what_a_list_leaves_open_is_asked_by_row(kind):
    data, words = ASKED[kind]
    with pytest.raises(UndecidedTableError, match=words) as raised:
        read_names(
            data if isinstance(data, bytes) else data.encode(),
            name="list.xlsx"[: 5 + 4] if data[:2] == b"PK" else "list.csv",
        )
    assert not any(name in str(raised.value) for name in ("Senad", "Dafsaz", "Vodopija", "Олена"))


def test_a_blank_family_name_is_that_above_where_it_is_declared():
    data, _ = ASKED["families carried down, or not known"]
    found = read_names(data.encode(), name="list.csv", carried=["Surname"])
    assert [record.names[0].family for record in found.records] == ["vodopija"] * 3 + ["lugavcic"] * 2


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (
            [
                ["Name", "Age", "Died"],
                ["Azar Barfabi", 24, "1988"],
                [],
                ["Died", "Name", "Age"],
                ["1988", "Nima Omidi", 30],
            ],
            "row 4: another table begins here",
        ),
        (
            [["Name", "Age", None, "Name", "Age"], ["Azar Barfabi", 24, None, "Nima Omidi", 30]],
            r"column 4 \('Name'\): another table stands beside the first",
        ),
    ],
)
def test_a_second_table_on_a_sheet_is_never_left_out_in_silence(rows, words):
    for undecided in ("refuse", "missing"):
        with pytest.raises(UndecidedTableError, match=words):
            read_names(workbook(rows), name="list.xlsx", undecided=undecided)
