from importlib.metadata import version

import numpy as np

from estimation.provenance import package_version, seed_of


def test_the_version_is_the_installed_one():
    assert package_version() == version("estimation")


def test_the_seed_tells_spawned_generators_apart():
    rng = np.random.default_rng(7)
    first, second = rng.spawn(2)
    assert [seed_of(g) for g in (rng, first, second, second.spawn(1)[0])] == ["7", "7/0", "7/1", "7/1/0"]


def test_the_seed_does_not_change_as_the_generator_is_used():
    rng = np.random.default_rng(7)
    rng.random(10)
    assert seed_of(rng) == "7"


def test_a_seed_of_several_words_is_written_out():
    assert seed_of(np.random.default_rng([1, 2])) == "1/2"


def test_a_generator_without_a_seed_sequence_says_unknown():
    class Foreign(np.random.SeedSequence):
        pass

    class OtherSequence(np.random.bit_generator.ISeedSequence):
        def generate_state(self, n_words, dtype=np.uint32):
            return np.arange(1, n_words + 1, dtype=dtype)

    assert seed_of(np.random.Generator(np.random.PCG64(OtherSequence()))) == "unknown"
    assert seed_of(np.random.Generator(np.random.PCG64(Foreign(5)))) == "5"
