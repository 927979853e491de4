"""Two columns that say the same are asked about, and those that are legitimately two are both read.

Everybody is invented.
"""

import pytest

from estimation.errors import TableError, UndecidedTableError
from estimation.lists.readers import read_names
from estimation.lists.recognised import list_guesses

GIVEN = "Given name,Given name,Family name\nAzar,Mina,Barfabi\n"


def read(text, **declared):
    return read_names(text.encode(), name="list.csv", **declared)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (GIVEN, "column A ('Given name') and column B ('Given name') can both be given (given names)"),
        (
            "نام,نام,نام خانوادگی\nآذر,مینا,برفابی\n",
            "Say columns={'given': 'column A'} or columns={'given': 'column B'}",
        ),
        (
            "Given name,First name,Family name\nAzar,Mina,Barfabi\n",
            "Say columns={'given': 'Given name'} or columns={'given': 'First name'}",
        ),
        ("Name,Surname,Family name\nAzar,Barfabi,Dafsaz\n", "column B ('Surname') and column C ('Family name')"),
        ("Full name,Complete name\nAzar Barfabi,Mina Barfabi\n", "can both be name"),
        ("Name,Father,Father's name\nAzar Barfabi,Nima,Karim\n", "can both be father"),
        (
            "Name,Date of death,Died\nAzar Barfabi,1988-03-01,1988-04-01\n",
            "column B ('Date of death') and column C ('Died')",
        ),
        (
            "Name,Date,Date of trial\nAzar Barfabi,1988-03-01,1988-04-01\n",
            "column C ('Date of trial') can both be died",
        ),
        ("Name,Born,Date of birth\nAzar Barfabi,1960-03-01,1960-04-01\n", "can both be born (date of birth)"),
        ("Name,Year of death,Year of death\nAzar Barfabi,1988,1989\n", "can both be died_year"),
        ("Name,Age,Age\nAzar Barfabi,20,21\n", "can both be age"),
        ("Name,City,City\nAzar Barfabi,Rasht,Tehran\n", "can both be place"),
        (
            "Name,Age,Age,Age\nAzar Barfabi,20,21,22\n",
            "column C ('Age') and column D ('Age') can all be",
        ),
    ],
)
def test_two_columns_that_say_the_same_are_asked_about_by_letter_and_heading(text, words):
    with pytest.raises(UndecidedTableError) as raised:
        read(text)
    assert words in str(raised.value)
    assert "Azar" not in str(raised.value)
    assert list_guesses(text.encode())[0].questions


def test_a_column_is_declared_by_its_letter_where_two_have_one_heading():
    found = read(GIVEN, columns={"given": "column B"})
    assert [name.given for name in found.records[0].names] == ["mina"]
    with pytest.raises(TableError, match="column A and column B are both called 'Given name'; write one by"):
        read(GIVEN, columns={"given": "Given name"})
    with pytest.raises(TableError, match=r"labels, unit: column B and column C are both called 'Unit'"):
        read("Name,Unit,Unit\nAzar Barfabi,1,2\n", labels={"unit": "Unit"})


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("Name,Date of birth,Date of death\nAzar Barfabi,1960-03-01,1988-04-01\n", "name born died"),
        ("Name,Date of death (Gregorian),Date of death (Solar)\nAzar Barfabi,1988-07-30,1367-05-08\n", "name died"),
        ("Name,Earliest date,Latest date\nAzar Barfabi,1988-07-30,1988-08-02\n", "name died until"),
        ("Name,Age,Age\nAzar Barfabi,20,20\nMina Barfabi,,\n", "name age"),
        ("Name,Age,Age unit\nAzar Barfabi,20,years\n", "name age"),
        ("Name,City,Province\nAzar Barfabi,Rasht,Gilan\n", "name place"),
        ("Name,Father's name,Father's occupation\nAzar Barfabi,Nima,baker\n", "name father"),
    ],
)
def test_what_is_legitimately_two_columns_is_not_asked(text, columns):
    assert set(read(text).column_map) == set(columns.split())


def test_of_two_places_that_of_the_event_is_read():
    text = "Name,Date of arrest,Date of death,Place of arrest,Place of death\nAzar Barfabi,,1988-03-02,Rasht,Tehran\n"
    assert read(text, columns={"died": "Date of death"}).records[0].places == ("tehran",)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Apellido 1,Apellido 2,Nombre\nLuzalba,Rocaviento,Ana\n", [("ana", "luzalba"), ("ana", "rocaviento")]),
        ("Given name 2,Given name 1,Family name\nMaria,Ana,Luzalba\n", [("ana maria", "luzalba")]),
        (
            "Name,Nickname,Alias\nAna Luzalba,Luna,Sol / Estrella\n",
            [("ana", "luzalba"), *((given, "luzalba") for given in ("luna", "sol", "estrella"))],
        ),
        (
            "First name,Last name,Father,نام,نام پدر,نام خانوادگی\nAzar,Barfabi,Nima,آذر,نیما,برفابی\n",
            [("azar", "barfabi"), ("اذر", "برفابی")],
        ),
        (
            "Given name,Family name,Given name (Arabic),Father's name (Arabic),Family name (Arabic)\n"
            "Sami,Zahrawani,سامي,خليل,الزهرواني\n",
            [("sami", "zahrawani"), ("سامی", "الزهروانی")],
        ),
    ],
)
def test_a_name_in_two_parts_or_two_scripts_is_read_from_both_columns(text, names):
    assert [(name.given, name.family) for name in read(text).records[0].names] == names
