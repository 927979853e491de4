"""A TOML file is read into declared parts, or every problem in it is named at once."""

import os
from dataclasses import dataclass
from typing import Annotated

import pytest
from pydantic import Field

from estimation.errors import ScenarioError, StudyError
from estimation.toml_file import Text, nearest, read_toml


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    name: Text
    people: Annotated[int, Field(ge=0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    path: str = ""
    title: Text
    towns: Annotated[tuple[Town, ...], Field(alias="town")]


RENAMED = {("village",): "town", ("town", "persons"): "people"}
GOOD = 'title = "A"\n[[town]]\nname = "B"\npeople = 3\n'


def read(tmp_path, text, error=ScenarioError):
    path = tmp_path / "country.toml"
    path.write_text(text, encoding="utf-8")
    return read_toml(path, Country, error=error, given={"path": str(path)}, renamed=RENAMED)


def test_a_good_file_gives_its_values(tmp_path):
    country = read(tmp_path, GOOD)
    assert country == Country(path=str(tmp_path / "country.toml"), title="A", towns=(Town(name="B", people=3),))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("people = 3", "pepole = 3", r"\[town 1\], key 'pepole' is unknown; did you mean 'people'"),
        ("people = 3", "", r"\[town 1\], key 'people' is missing; add it"),
        ("people = 3", "people = 3.0", r"\[town 1\], key 'people' is 3.0; it must be a whole number"),
        ("people = 3", "people = -1", r"key 'people' is -1: input should be greater than or equal to 0"),
        ('title = "A"', "title = 7", r"key 'title' is 7; it must be text in quotes"),
        ('title = "A"', "title = 2001-01-01", r"key 'title' is .*2001-01-01.*; it must be text in quotes"),
        ('title = "A"', 'title = "A"\npath = "x"', r"key 'path' is unknown; there are title, town"),
        ('title = "A"', 'title = "A"\ntowns = []', r"key 'towns' is unknown; did you mean 'town'"),
        ("people = 3", "people = inf", r"key 'people' is inf"),
        ("[[town]]", "[town]", r"key 'town' is .*; it must be a list"),
        ("people = 3", "people = ", r"this is not TOML: .*line 4"),
    ],
)
def test_a_wrong_value_is_named_with_its_place_and_what_to_do(tmp_path, old, new, said):
    with pytest.raises(ScenarioError, match=said):
        read(tmp_path, GOOD.replace(old, new))


def test_all_problems_come_together_in_the_error_asked_for(tmp_path):
    with pytest.raises(StudyError, match="2 problems") as caught:
        read(tmp_path, 'title = 7\n[[town]]\nname = "B"\n', error=StudyError)
    assert len(caught.value.problems) == 2


def test_no_file_a_folder_and_bytes_that_are_not_utf8_are_told_apart(tmp_path):
    (tmp_path / "latin.toml").write_bytes(b'title = "\xe9"')
    for path, said in [
        ("gone.toml", "there is no such file"),
        (".", "a folder"),
        ("latin.toml", "byte 9 is not UTF-8"),
    ]:
        with pytest.raises(ScenarioError, match=said):
            read_toml(tmp_path / path, Country, error=ScenarioError)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[[town]]", "[[village]]", "key 'village' is called 'town' now, and its key 'persons' is called 'people'; "),
        ("people = 3", "persons = 3", r"\[town 1\], key 'persons' is called 'people' now; rename it"),
    ],
)
def test_a_key_of_a_former_version_is_refused_with_its_new_name(tmp_path, old, new, said):
    with pytest.raises(ScenarioError, match=said):
        read(tmp_path, GOOD.replace(old, new))


def test_a_word_like_no_other_is_answered_with_all():
    assert nearest("xyzzy", ["a", "b"]) == "there are a, b"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"title = {'[' * 5000}", "brackets stand within brackets"),
        (f"title = {'9' * 5000}", "line 1: a whole number has thousands of digits"),
        (f"title = 0x{'f' * 9000}", "line 1: a whole number has thousands of digits"),
        (f'title = "{"A" * 9000}"\ntown = "{"B" * 9000}"', r"key 'town' is 'BBBB.* \.\.\.; it must be a list"),
        ("title = 2024-13-45", "not TOML|cannot be read"),
        ("title = nan", "key 'title' is nan"),
    ],
)
def test_what_python_itself_cannot_read_is_a_problem_of_the_file(tmp_path, text, said):
    with pytest.raises(ScenarioError, match=said) as caught:
        read(tmp_path, text)
    assert len(str(caught.value)) < 1500


def test_a_byte_order_mark_is_read_and_utf_16_is_named(tmp_path):
    path = tmp_path / "marked.toml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    assert read_toml(path, Country, error=ScenarioError).title == "A"
    path.write_bytes(GOOD.encode("utf-16"))
    with pytest.raises(ScenarioError, match="this is UTF-16; save the file as UTF-8"):
        read_toml(path, Country, error=ScenarioError)


def test_a_device_a_pipe_a_huge_file_and_an_impossible_name_are_refused_at_once(tmp_path):
    with (tmp_path / "huge.toml").open("wb") as file:
        file.truncate(2_000_000_000)
    os.mkfifo(tmp_path / "pipe.toml")
    for path, said in [
        (tmp_path / "huge.toml", "2,000,000,000 bytes; a file of settings has at most"),
        (tmp_path / "pipe.toml", "a device or a pipe"),
        ("/dev/zero", "a device or a pipe"),
        ("a\0b.toml", "no file can have this name"),
    ]:
        with pytest.raises(ScenarioError, match=said):
            read_toml(path, Country, error=ScenarioError)
