"""Where the headings of a name list stand, what its rows are, and in which encoding it is written.

Everybody is invented.
"""

import io
import re
from itertools import pairwise

import openpyxl
import pytest

from estimation.capture.sheets.encodings import encoding_of
from estimation.capture.sheets.grid import grids_of
from estimation.errors import TableError, UndecidedTableError
from estimation.lists.carried import carried_columns
from estimation.lists.column_map import map_columns
from estimation.lists.declared import DeclaredList
from estimation.lists.heading_words import CONCEPTS
from estimation.lists.headings import heading_of
from estimation.lists.layout import body_of, find_headings
from estimation.lists.normal import normalise
from estimation.lists.parts import dictionary_of, parts_of
from estimation.lists.readers import read_names


def workbook(sheets, merged=()):
    """A workbook of invented people as bytes."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
        for span in merged:
            sheet.merge_cells(span)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(data, name="list.csv", **declared):
    """The map of columns, the rows that stand for somebody and the dropped ones of the first sheet."""
    grid = grids_of(data, name=name).grids[0]
    headings = find_headings(grid)
    found = map_columns(headings.texts, grid.rows[headings.body :], DeclaredList(**declared))
    return found, *body_of(grid, headings, names=found.names, ignored=found.row_numbers)


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("cp1250", "Imię;Nazwisko;Miejsce\nJózef;Żółtokwiat;Łódź\nAnna;Wiśniopola;Gdańsk\n"),
        ("cp1250", "Ime;Prezime;Mjesto rođenja\nSenad;Lugavčić;Jelovik\nMirsad;Hrastodolžić;Žutopolje\n"),
        ("cp1254", "Adı;Soyadı;Doğum yeri\nTarık;Durukavakoğlu;Şahinyurt\n"),
        ("latin-1", "Prénom;Nom;Décès\nHélène;Lepinvert;août\nFrançois;Noëlclair;\n"),
        ("cp1256", "الاسم;العمر;تاريخ الوفاة\nسامي خليل;45;1988\n"),
        ("cp1251", "Фамилия;Имя;Дата\nСнегодолин;Никита;1937\n"),
        ("koi8-r", "Фамилия;Имя;Дата\nСнегодолин;Никита;1937\nВЕРБОЛОЗОВ;ЛЕВ;1938\n"),
        ("cp866", "Фамилия;Имя;Дата\nСнегодолин;Никита;1937\n"),
        ("utf-16-le", "نام;سن\nعلی;۲۴\nحسن;۳۱\nرضا;۲۱\n"),
    ],
)
def test_an_encoding_is_guessed_and_the_guess_is_shown_with_a_sample(codec, text):
    guess = encoding_of(text.encode(codec), "list.csv")
    assert text.encode(codec).decode(guess.codec) == text
    assert guess.codec in guess.note
    assert "guess" in guess.note


def test_an_encoding_that_can_be_two_is_asked_with_the_letters_of_both_and_no_name():
    data = "Jmeno;Prijmeni\nJiri;Dvorpolík\nJiří;Zvonař\n".encode("cp1250")
    with pytest.raises(UndecidedTableError, match=r"latin-1.*cp1250.*ø or ř") as raised:
        grids_of(data, name="list.csv")
    assert "Zvona" not in str(raised.value)


def test_an_empty_file_says_what_a_list_needs():
    with pytest.raises(TableError, match="the file is empty; a list of names needs headings"):
        grids_of(b" \n\n", name="list.csv")


@pytest.mark.parametrize(
    ("heading", "concepts"),
    [
        ("Date of birth", {"date", "birth"}),
        ("تاریخ تولد", {"date", "birth"}),
        ("Дата рождения", {"date", "birth"}),
        ("Fecha de nacimiento", {"date", "birth"}),
        ("Doğum tarihi", {"date", "birth"}),
        ("datum_rodjenja", {"date", "birth"}),
        ("اسم الأب", {"name", "father"}),
        ("نام پدر", {"name", "father"}),
        ("اسم الوالدة", {"name", "mother"}),
        ("محل شهادت", {"place", "death"}),
        ("Nachname", {"family"}),
    ],
)
def test_a_heading_holds_the_same_concepts_in_every_language(heading, concepts):
    assert set(heading_of(heading).concepts) == concepts


def test_concepts_are_those_whose_stems_stand_in_the_heading():
    def forms(word):
        article = next((p for p in ("وال", "ال", "و") if word.startswith(p) and len(word) - len(p) >= 2), "")
        return {word, word.removeprefix(article)}

    def stands(written, words):
        stem = normalise(written.removesuffix("$").replace("_", " ")).split()
        whole = written.endswith("$") or len(stem[-1]) < 3
        ends = (words[at : at + len(stem)] for at in range(len(words) - len(stem) + 1))
        return any(
            all(own in forms(word) for own, word in zip(stem[:-1], inner, strict=False))
            and any(stem[-1] == form if whole else form.startswith(stem[-1]) for form in forms(inner[-1]))
            for inner in ends
        )

    everything = {concept: text.split() for concept, text in CONCEPTS.items()}
    some = [own for stems in everything.values() for own in stems[::35]]
    for first, second in pairwise(some):
        heading = f"{first} ال{second}ه".replace("$", "").replace("_", " ")
        if re.search("[а-шђјљњћџ№]", heading):  # Serbian letters are read in Latin ones, too
            continue
        words = normalise(heading).split()
        looked_at = {c for c, stems in everything.items() if any(stands(own, words) for own in stems)}
        assert set(heading_of(heading).concepts) == looked_at, heading


@pytest.mark.parametrize(
    ("headings", "keys"),
    [
        ("Nom,Prénom,Date de décès,Lieu", "family given died place"),
        ("Apellidos,Nombres,Edad,Sexo", "family given age sex"),
        ("الاسم,اسم الأب,الكنية,المحافظة,تاريخ الوفاة", "given father family place died"),
        ("نام,نام پدر,شهرت,ولایت,تاریخ شهادت", "given father family place died"),
        ("Фамилия,Имя,Отчество,Год рождения", "family given father born_year"),
        ("Prezime,Ime,Ime oca,Datum rođenja,Mjesto nestanka", "family given father born place"),
        ("Ad,Soyad,Baba adı,Ölüm tarihi", "given family father died"),
        ("Name,Place of birth,Date of burial,City", "name place"),
        ("Surname and name,Emri i babait,Data e zhdukjes", "name father died"),
        ("Emri,Mbiemri,Data e vdekjes", "given family died"),
        ("Nachname,Vorname,geb. am,gest. am,Sterbeort", "family given born died place"),
        ("Name of informant,Name of victim,Date of interview,Date of death", "name died"),
    ],
)
def test_columns_are_known_by_their_headings(headings, keys):
    names = headings.split(",")
    dates = {"died", "born"}
    row = ["1988-07-30" if "dat" in heading_of(n).concepts or heading_of(n).has("date") else "x y" for n in names]
    found = map_columns(names, [row], DeclaredList())
    order = sorted(found.places, key=found.places.__getitem__)
    assert order == keys.split() or set(order) - dates == set(keys.split()) - dates
    assert not found.questions


def test_dates_of_two_events_are_asked_and_a_declared_column_settles_it():
    headings, row = ["Name", "Date of arrest", "Date of death"], [["Simin Punehchin", "1988-07-30", "1988-08-01"]]
    (question,) = map_columns(headings, row, DeclaredList()).questions
    assert "'Date of arrest' (arrest) or 'Date of death' (death)" in question
    settled = map_columns(headings, row, DeclaredList(columns={"died": "Date of arrest"}))
    assert (settled.questions, settled.event, settled.places["died"]) == ((), "arrest", 1)


def test_a_declared_column_that_is_not_there_is_named_with_the_nearest():
    (question,) = map_columns(["Name", "Town"], [], DeclaredList(columns={"place": "Twon"})).questions
    assert "no column 'Twon'" in question
    assert "'Town'" in question


SHEET = [
    ["Victims of the spring", None, None, None, None],
    [None, "Person", None, "Birth", None],
    ["No", "Name", "Father", "Day", "Year"],
    [1, "Simin Punehchin", "Karim", 3, 1960],
    ["Northern district", None, None, None, None],
    [2, "Kamran Dafsaz", "Ali", None, 1961],
    ["No", "Name", "Father", "Day", "Year"],
    [3, "Azar Barfabi", "Hasan", 5, 1962],
    [4, None, None, None, None],
    ["Subtotal", 3, None, None, None],
    [None, None, None, None, None],
    ["Source: families.", None, None, None, None],
]


def test_titles_sections_repeated_headings_totals_and_footers_are_counted_and_no_person():
    data = workbook({"List": SHEET}, ["A1:E1", "B2:C2", "D2:E2", "A5:E5"])
    found, rows, dropped = read(data, "list.xlsx")
    assert {key: found.headings[at] for key, at in found.places.items()} == {
        "name": "Person Name",
        "father": "Person Father",
        "born_day": "Birth Day",
        "born_year": "Birth Year",
    }
    assert [(row.number, row.section) for row in rows] == [
        (4, ""),
        (6, "Northern district"),
        (8, "Northern district"),
    ]
    assert {each.number: each.why for each in dropped} == {
        1: "above the headings",
        5: "a section",
        7: "the headings again",
        9: "only a number",
        10: "a total",
        12: "a footer",
    }


def test_merged_cells_carry_their_value_down_and_a_merged_name_is_one_person_on_two_rows():
    rows = [
        ["Town", "Name", "Source"],
        ["Rasht", "Simin Punehchin", "a"],
        [None, None, "b"],
        [None, "Azar Barfabi", "c"],
    ]
    _, people, dropped = read(workbook({"List": rows}, ["A2:A4", "B2:B3"]), "list.xlsx")
    assert [(row.number, row.cells[0]) for row in people] == [(2, "Rasht"), (4, "Rasht")]
    assert [(each.number, each.why) for each in dropped] == [(3, "it goes on with row 2")]


def test_rows_are_numbered_as_a_spreadsheet_shows_them_where_a_cell_has_lines():
    data = b'Name,Notes\nSimin Punehchin,"two\nlines"\n\nAzar Barfabi,x\n'
    _, rows, _ = read(data)
    assert [row.number for row in rows] == [2, 4]


def test_a_value_that_stands_only_where_it_changes_carries_down_and_a_missing_one_does_not():
    _, rows, _ = read(b"Date,Name,Age\n1 May,A B,1\n,C D,2\n2 May,E F,3\n,G H,4\n")
    assert carried_columns(rows, [0], frozenset([1])) == [0]
    _, rows, _ = read(b"Date,Name,Age\n1 May,A B,1\n1 May,C D,2\n,E F,3\n2 May,G H,4\n")
    assert carried_columns(rows, [0], frozenset([1])) == []


def test_lists_in_one_sheet_are_told_by_the_identifier_where_the_workbook_says_so():
    data = workbook(
        {
            "data": [["id", "name"], ["A_1", "Simin Punehchin"], ["B_1", "Azar Barfabi"], ["B_2", "Kamran Dafsaz"]],
            "codes": [["id", "A = hospital list; B = press list"]],
        }
    )
    file = grids_of(data, name="list.xlsx")
    headings = find_headings(file.grids[0])
    rows, _ = body_of(file.grids[0], headings, names=frozenset([1]), ignored=frozenset())
    found = parts_of(rows, 0, dictionary_of(file.grids[1:], headings.texts), "id")
    assert [(part.prefix, part.name, part.n_rows) for part in found] == [("A", "hospital", 1), ("B", "press", 2)]


def test_a_list_in_french_with_dates_in_parts_sections_and_a_daughter_without_a_name():
    rows = [
        ["Liste des victimes", *[None] * 7],
        ["N°", "Nom et prénoms", "Sexe", "Naissance", None, "Décès", None, None],
        [None, None, None, "Mois", "Année", "Jour", "Mois", "Année"],
        ["Commune de Bellerive", *[None] * 7],
        [1, "BOISCLAIR Jean-Baptiste", "H", 5, 1960, 14, 11, 1987],
        [2, "VERGEPLAINE Marie née DUCHAMPLOT", "F", None, 1955, None, 11, 1987],
        ["Sous-total", 2, *[None] * 6],
        ["Commune de Haut-Val", *[None] * 7],
        [3, "LEPINVERT Hélène et sa fille", "F", None, None, 29, 11, 1987],
        ["TOTAL GÉNÉRAL", 4, *[None] * 6],
    ]
    spans = ["A1:H1", "A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:H2", "A4:H4", "A8:H8"]
    read = read_names(workbook({"Liste": rows}, spans), name="liste.xlsx", several="split")
    found = [(r.row, r.kind, r.names[0].given if r.names else "", r.places, r.sex) for r in read.records]
    assert found == [
        (5, "person", "jean baptiste", ("bellerive",), "m"),
        (6, "person", "marie", ("bellerive",), "f"),
        (9, "person", "helene", ("haut val",), "f"),
        (9, "unnamed", "", ("haut val",), "f"),
    ]
    assert [str(record.event.first) for record in read.records[:2]] == ["1987-11-14", "1987-11-01"]
    assert read.records[0].birth.n_days == 31
    assert read.records[1].names[1].family == "duchamplot"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"id,age,city\n1,20,Rasht\n", r"no column of names was found; the headings are 'id', 'age', 'city'.*columns"),
        (
            b"1,Simin Punehchin,1988\n2,Azar Barfabi,1988\n",
            "no row of headings was found; write one.*header ?= ?1",
        ),
        (b"Name,Date of death\n", "below the headings there is no row that stands for somebody"),
        (b"Name,Date of death\nA B,30 February 1988\n", "row 2, Date of death: 30 February 1988: February 1988 has 29"),
        (b"Name,Date of death\nA B,31/12/1367\n", "row 2, Date of death: .*Esfand 1367 has 29 days"),
    ],
)
def test_bad_input_is_refused_in_clear_words(data, words):
    with pytest.raises(TableError, match=words):
        read_names(data, name="list.csv")


def test_what_is_merely_poor_is_read():
    blank = read_names(b"Name,Date of death\nSimin Punehchin,\nAzar Barfabi,n/k\n", name="list.csv")
    assert [record.event for record in blank.linkable] == [None, None]
    mixed = read_names("Name\nAzar آذر Barfabi برف‌آبی\n".encode(), name="list.csv")
    assert [(name.family, name.origin) for name in mixed.records[0].names] == [
        ("barfabi", ""),
        ("برف ابی", "other script"),
    ]
    twice = read_names(b"Name,Age\nSimin Punehchin,20\nSimin Punehchin,20\n", name="list.csv")
    assert len(twice.linkable) == 2
    assert any("alike in every cell" in note and "rows 2, 3" in note for note in twice.notes)


def test_unknown_keys_of_a_declaration_are_named_with_the_nearest():
    with pytest.raises(TableError, match=r"(?s)'place_of_death' is unknown.*'ordre' is unknown; did you mean 'order'"):
        read_names(b"Name\nA B\n", name="list.csv", dates={"ordre": "day first"}, columns={"place_of_death": "x"})


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ({"dates": {"period": ["1988-13-01", "x"]}}, "write two days of the Gregorian calendar"),
        ({"dates": {"period": ["1989-01-01", "1988-01-01"]}}, "it ends before it begins"),
        ({"covers": {"dates": ["1988-13-01", "x"]}}, "write two days of the Gregorian calendar"),
        ({"covers": {"dates": ["1988-01-01"]}}, "key 'dates' has too few values"),
        ({"dates": {"zone": "Nowhere/At_All"}}, "there is no such time zone"),
        ({"dates": {"year": 99_999}}, "key 'year' is 99999"),
        ({"header": 0}, "key 'header' is 0"),
        ({"several": "perhaps"}, "key 'several' is 'perhaps'"),
        ({"labels": {"unit": "Regiment"}}, "labels, unit: there is no column 'Regiment'; there are Name, Age"),
        ({"labels": {"unit": "Name"}}, "labels, unit: the column 'Name' holds names, which no label may show"),
        ({"carried": ["Place"]}, "carried: there is no column 'Place'"),
        ({"statuses": ["dead"]}, "statuses are declared, and no column was taken for one of a status"),
    ],
)
@pytest.mark.parametrize("undecided", ["refuse", "missing"])
def test_what_is_declared_of_nothing_is_refused(declared, words, undecided):
    with pytest.raises(TableError, match=re.escape(words)):
        read_names(b"Name,Age\nSimin Punehchin,20\n", name="list.csv", undecided=undecided, **declared)


def test_a_status_that_may_hold_a_name_is_not_repeated():
    rows = ["Name,Status", *["Simin Punehchin,killed"] * 3, "Azar Barfabi,alive says Farid", "Azar Rivasfar,released"]
    for declared in ({}, {"statuses": ["killed"]}):
        found = read_names("\n".join(rows).encode(), name="list.csv", undecided="missing", **declared)
        words = " ".join((*found.notes, *found.problems))
        assert "Farid" not in words
        assert "'released'" in words


def test_a_row_that_goes_on_beyond_the_headings_is_noted():
    rows = ["Given,Family,Place", "Simin, Jr,Punehchin,Rasht", *["Azar,Barfabi,Rasht"] * 3]
    found = read_names("\n".join(rows).encode(), name="list.csv")
    assert any(note.startswith("row 2: there are cells beyond the last heading") for note in found.notes)


def test_national_numbers_of_any_country_that_contradict_the_birth_date_are_asked():
    rows = ["Name,Born,Number", *(f"Simin Punehchin,{1950 + i}-03-07,{50 + i}030712345" for i in range(5))]
    rows.append("Azar Barfabi,1960-07-03,60030712345")
    with pytest.raises(UndecidedTableError, match="row 7, Born: it says 1960-07-03, and the number in Number says"):
        read_names("\n".join(rows).encode(), name="list.csv")


UKRAINIAN = """Список загиблих
№ з/п;Прізвище, ім'я, по батькові;Рік народження;Дата загибелі;Місце загибелі
1;Яблунецький Тарас Іванович;1978 р.н.;12 лютого 2015 р.;с. Криничне
2;Калинодар Марія Петрівна (дівоче Соснівська);не встановлено;02.2015;м. Степове
Всього:;2 особи;;;
"""


def test_a_list_in_ukrainian_family_name_first_in_its_heading():
    read = read_names(UKRAINIAN.encode("cp1251"), name="list.csv")
    names = [(r.row, r.names[0].given, r.names[0].father, r.names[0].family, r.places) for r in read.records]
    assert names == [
        (3, "тарас", "іванович", "яблунецький", ("криничне",)),
        (4, "марія", "петрівна", "калинодар", ("степове",)),
    ]
    assert read.records[1].names[1].family == "соснівська"
    assert [str(record.event.first) for record in read.records] == ["2015-02-12", "2015-02-01"]
    assert [record.birth and record.birth.first.year for record in read.records] == [1978, None]


def test_days_on_section_rows_are_the_date_of_the_event_and_a_brother_in_brackets_is_no_alias():
    text = (
        b'Name,Age,Sex\n12 May 2021,,\n"Karimzafar, Nima",24,M\n13 May 2021,,\n'
        b'"Karimzafar, Omid (brother of Nima Karimzafar)",19,M\nSubtotal,1,\n'
    )
    read = read_names(text, name="list.csv")
    assert [(r.row, str(r.event.first), len(r.names)) for r in read.records] == [
        (3, "2021-05-12", 1),
        (5, "2021-05-13", 1),
    ]


def test_a_second_column_of_names_in_another_script_is_an_alternative_and_a_middle_name_a_given_one():
    read = read_names("name,name\nGul Ahmad,گل احمد\nNoor Agha,نور آغا\n".encode(), name="list.csv")
    assert [name.origin for name in read.records[0].names] == ["", "other script"]
    read = read_names(b"ID,First,Middle,Last\nK1,Anna,Maria,Holzbach\nK2,Peter,,Holzbach\n", name="list.csv")
    assert [record.names[0].given for record in read.records] == ["anna maria", "peter"]
