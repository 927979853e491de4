"""Hierarchical models as text, as terms, and all of them."""

import itertools

import numpy as np
import pytest

from estimation.errors import SettingError
from estimation.models.log_linear.terms import (
    cell_design,
    format_model,
    generators_of,
    hierarchical_models,
    main_effects,
    pair_models,
    parse_generators,
    terms_of,
    text_problems,
)

LISTS = ["EXH", "ABA", "OSCE", "HRW"]


@pytest.mark.parametrize(
    "text",
    [
        "[EXH ABA OSCE][EXH HRW][OSCE HRW]",
        "[EXH.ABA.OSCE][EXH.HRW] [OSCE.HRW]",
        "[EXH,ABA,OSCE][EXH,HRW][OSCE,HRW]",
        "[EXH.ABA.OSCE, EXH.HRW, OSCE.HRW]",
        "EXH.ABA.OSCE, EXH.HRW, OSCE.HRW",
        "EXH:ABA:OSCE EXH:HRW OSCE:HRW",
        "EXH*ABA*OSCE; EXH+HRW, HRW*OSCE",
        "[HRW OSCE][OSCE EXH ABA][HRW EXH][EXH ABA]",
    ],
)
def test_every_way_to_write_a_model_is_read_as_the_same_model(text):
    terms = terms_of(parse_generators(text, LISTS), 4)
    assert format_model(terms, LISTS) == "[EXH ABA OSCE][EXH HRW][OSCE HRW]"


def test_every_model_written_is_read_back_as_itself():
    for many in (2, 3, 4):
        names = ["police, north", "press", "B.3", "St. Mary: ward 3"][:many]
        for model in hierarchical_models(many):
            assert (terms_of(parse_generators(format_model(model, names), names), many) == model).all()


def test_names_with_separators_in_them_are_one_list():
    lists = ["police, north", "police", "St. Mary: ward 3"]
    assert parse_generators("[police, north police][St. Mary: ward 3, police]", lists) == (0b011, 0b110)


def test_a_list_that_is_not_named_stands_alone():
    assert format_model(terms_of(parse_generators("[EXH ABA]", LISTS), 4), LISTS) == "[EXH ABA][OSCE][HRW]"


def test_all_that_is_wrong_with_a_text_is_said_together():
    with pytest.raises(SettingError, match=r"2 problems\n.*'OSC' is not a list.*did you mean 'OSCE'\?\n.*HRW is named"):
        parse_generators("[EXH OSC][HRW HRW]", LISTS)


def test_a_name_like_no_list_is_answered_with_all_of_them():
    with pytest.raises(SettingError, match="'zzz' is not a list of this table; there are EXH, ABA, OSCE, HRW"):
        parse_generators("[EXH zzz]", LISTS)


@pytest.mark.parametrize("text", ["[A", "A]", "[[A]]", "]A[", "", " ", "[]", "[ , ]"])
def test_brackets_that_do_not_close_or_hold_nothing_are_problems_of_the_text_alone(text):
    assert len(text_problems(text)) == 1
    with pytest.raises(SettingError, match="model"):
        parse_generators(text, ["A"])


def test_there_are_1_8_113_and_6893_models():
    assert [len(hierarchical_models(many)) for many in (2, 3, 4, 5)] == [1, 8, 113, 6893]
    assert [len(pair_models(many)) for many in (2, 3, 4, 5)] == [1, 8, 64, 1024]


@pytest.mark.parametrize("many", [2, 3, 4])
def test_the_models_are_all_the_sets_of_terms_that_hold_what_is_inside_them(many):
    optional = [t for t in range(1 << many) if 1 < t.bit_count() < many]
    slow = set()
    for size in range(len(optional) + 1):
        for chosen in itertools.combinations(optional, size):
            held = {0, *(1 << j for j in range(many)), *chosen}
            if all((t & ~(1 << j)) in held for t in chosen for j in range(many)):
                slow.add(tuple(sorted(held)))
    assert {tuple(np.flatnonzero(m).tolist()) for m in hierarchical_models(many)} == slow


def test_the_models_come_fewest_terms_first_without_the_saturated_one_and_cannot_be_changed():
    models = hierarchical_models(5)
    assert (np.diff(models.sum(axis=1)) >= 0).all()
    assert (models[0] == main_effects(5)).all()
    assert not models[:, -1].any()
    assert len(np.unique(models, axis=0)) == len(models)
    assert not models.flags.writeable
    assert not cell_design(5).flags.writeable


def test_generators_say_the_whole_model():
    for model in hierarchical_models(4):
        assert (terms_of(generators_of(model), 4) == model).all()
        for one, other in itertools.permutations(generators_of(model), 2):
            assert one & other != one


@pytest.mark.parametrize("many", [1, 6])
def test_models_are_enumerated_for_two_to_five_lists_only(many):
    with pytest.raises(ValueError, match=f"{many} lists; all hierarchical models are enumerated for 2 to 5"):
        hierarchical_models(many)
    with pytest.raises(ValueError, match=f"{many} lists; all models of pairs are enumerated for 2 to 5"):
        pair_models(many)
