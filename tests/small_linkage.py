"""A linkage of three lists of invented records that needs no names and no sampler."""

import numpy as np

from estimation.linkage.draws import LinkageDraws, RecordPlace
from estimation.linkage.point_clustering import numbered

HISTORIES = {"100": 60, "010": 50, "001": 40, "110": 24, "101": 20, "011": 15, "111": 8}
LISTS = ("police", "press", "graves")


def small_linkage(n_draws=12, seed=1, doubted=6):
    """Draws in which some of the people with two records are two people, at random."""
    rng = np.random.default_rng(seed)
    people = [history for history, count in HISTORIES.items() for _ in range(count)]
    records = sorted((at, person) for person, h in enumerate(people) for at in range(3) if h[at] == "1")
    person_of = np.array([person for _, person in records])
    months = ["1988-07" if person % 3 else "1988-08" for person in range(len(people))]
    places = tuple(
        RecordPlace(at, row, labels={"month": months[person]} if person % 29 else {})
        for row, (at, person) in enumerate(records, 2)
    )
    pairs = [np.flatnonzero(person_of == person) for person, h in enumerate(people) if h.count("1") == 2][:doubted]

    def drawn():
        persons = person_of.copy()
        for at, pair in enumerate(pairs):
            if rng.random() < 0.5:
                persons[pair[1]] = len(people) + at
        return numbered(persons)

    return LinkageDraws(LISTS, places, np.array([[drawn() for _ in range(n_draws)] for _ in range(2)]))
