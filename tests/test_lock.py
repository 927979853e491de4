"""requirements.lock pins everything that the package needs, by hash and with no address."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "requirements.lock").read_text(encoding="utf-8")
BLOCKS = re.split(r"\n(?=[a-zA-Z0-9])", TEXT)[1:]
PINNED = {
    canonicalize_name(block.partition("==")[0]): Version(re.split(r"[ ;\\]", block.partition("==")[2])[0])
    for block in BLOCKS
}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


EXTRAS = [text for extra in ("sign", "app") for text in PROJECT["optional-dependencies"][extra]]


@pytest.mark.parametrize("text", [*PROJECT["dependencies"], *EXTRAS])
def test_every_dependency_is_pinned_to_a_version_that_it_allows(text):
    needed = Requirement(text)
    assert PINNED[canonicalize_name(needed.name)] in needed.specifier, f"{text}: run make lock again"


def test_each_line_has_a_hash_and_none_has_an_address():
    assert len(PINNED) == len(BLOCKS) > 30
    assert all(re.search(r"--hash=sha256:[0-9a-f]{64}", block) for block in BLOCKS)
    assert not re.search(r"://|index-url|find-links|/opt/|@ ", TEXT)


def test_make_installs_from_the_lock_with_its_hashes():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "--require-hashes -r requirements.lock" in text
    assert "report: $(INSTALLED)" in text
