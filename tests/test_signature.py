"""A signature that OpenSSL checks without this package, and that this package checks as OpenSSL does."""

import hashlib
import shutil
import subprocess
import sys

import pytest

from estimation.errors import EstimationError, EstimationWarning, StudyError
from estimation.runs.manifest import SIGNATURE, SUMS, write_manifest
from estimation.runs.signature import fingerprint_of, needs_passphrase, sign_study, signature_problem

openssl = pytest.mark.skipif(
    shutil.which("openssl") is None
    or not subprocess.run(["openssl", "version"], capture_output=True, text=True, check=False).stdout.startswith(
        ("OpenSSL 3", "OpenSSL 4")
    ),
    reason="there is no OpenSSL 3 on this machine",
)


def write_keys(folder, passphrase=None):
    """An Ed25519 pair of keys in PEM."""
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    locked = form.BestAvailableEncryption(passphrase.encode()) if passphrase else form.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, locked))
    (folder / "key.pem").chmod(0o600)
    public = key.public_key().public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)
    (folder / "public.pem").write_bytes(public)
    return folder / "key.pem", folder / "public.pem"


@pytest.fixture
def keys(tmp_path):
    return write_keys(tmp_path)


@pytest.fixture
def study(tmp_path):
    """A folder with a manifest; what is in the files does not matter to a signature."""
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / "results.json").write_text("{}")
    write_manifest(folder)
    return folder


def openssl_says(study, public):
    arguments = ["pkeyutl", "-verify", "-pubin", "-inkey", str(public), "-rawin", "-in", SUMS, "-sigfile", SIGNATURE]
    return subprocess.run(["openssl", *arguments], cwd=study, capture_output=True, text=True, check=False)


@openssl
def test_openssl_accepts_the_signature_and_refuses_it_after_a_change(study, keys):
    key, public = keys
    assert sign_study(study, key) == study / SIGNATURE
    done = openssl_says(study, public)
    assert done.returncode == 0, done.stderr
    assert "Signature Verified Successfully" in done.stdout
    (study / SUMS).write_text((study / SUMS).read_text().replace("results", "result2"))
    assert openssl_says(study, public).returncode == 1


@openssl
def test_a_signature_and_keys_that_openssl_made_are_accepted(study, tmp_path):
    key, public = tmp_path / "o.pem", tmp_path / "o.pub.pem"
    for arguments in (
        ["genpkey", "-algorithm", "ed25519", "-out", key],
        ["pkey", "-in", key, "-pubout", "-out", public],
        ["pkeyutl", "-sign", "-inkey", key, "-rawin", "-in", study / SUMS, "-out", study / SIGNATURE],
    ):
        subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)
    assert signature_problem(study, public) is None
    made = (study / SIGNATURE).read_bytes()
    sign_study(study, key)
    assert (study / SIGNATURE).read_bytes() == made
    der = subprocess.run(
        ["openssl", "pkey", "-pubin", "-in", str(public), "-outform", "DER"], capture_output=True, check=True
    ).stdout
    assert fingerprint_of(public) == hashlib.sha256(der).hexdigest()


def test_another_key_a_changed_manifest_and_no_signature_are_said(study, keys, tmp_path):
    key, public = keys
    assert signature_problem(study, public) == "there is no SHA256SUMS.sig: this study is not signed"
    sign_study(study, key)
    assert signature_problem(study, public) is None
    (tmp_path / "other").mkdir()
    other = write_keys(tmp_path / "other")[1]
    assert "is not a signature of this SHA256SUMS by the key in" in signature_problem(study, other)
    (study / SUMS).write_text("")
    assert "is not a signature of this SHA256SUMS" in signature_problem(study, public)


def test_a_study_that_is_not_whole_is_not_signed(study, keys):
    (study / "results.json").write_text('{"median": 1}')
    with pytest.raises(
        StudyError, match=r"results\.json has another checksum .*; a study that is not whole is not sig"
    ):
        sign_study(study, keys[0])
    assert not (study / SIGNATURE).exists()


def test_a_key_with_a_passphrase_needs_it(study, tmp_path):
    key, public = write_keys(tmp_path, "long words")
    assert needs_passphrase(key)
    with pytest.raises(StudyError, match="the key is locked with a passphrase; give it"):
        sign_study(study, key)
    with pytest.raises(StudyError, match="the passphrase is wrong"):
        sign_study(study, key, passphrase="short words")
    sign_study(study, key, passphrase="long words")
    assert signature_problem(study, public) is None


def test_a_key_that_others_can_read_is_warned_of_and_another_signature_is_not_replaced_by_itself(study, keys, tmp_path):
    key, _ = keys
    key.chmod(0o644)
    with pytest.warns(
        EstimationWarning, match=r"everybody on this machine can read or change this private key.*chmod 600"
    ):
        sign_study(study, key)
    made = (study / SIGNATURE).read_bytes()
    (tmp_path / "other").mkdir()
    other, public = write_keys(tmp_path / "other")
    with pytest.raises(StudyError, match="there is another signature already, by another key"):
        sign_study(study, other)
    assert (study / SIGNATURE).read_bytes() == made
    sign_study(study, other, force=True)
    assert signature_problem(study, public) is None


def test_what_is_no_key_is_refused_with_the_command_that_makes_one(study, keys, tmp_path):
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

    key, _ = keys
    with pytest.raises(StudyError, match="there is no such key file"):
        sign_study(study, tmp_path / "none.pem")
    with pytest.raises(StudyError, match="not a private key in PEM; make one with: openssl genpkey"):
        sign_study(study, study / "results.json")
    with pytest.raises(StudyError, match="this is the private key, which never leaves its owner"):
        signature_problem(study, key)
    elliptic = generate_private_key(SECP256R1())
    (tmp_path / "ec.pem").write_bytes(
        elliptic.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
    )
    (tmp_path / "ec.pem").chmod(0o600)
    with pytest.raises(StudyError, match="another kind than Ed25519; make one with"):
        sign_study(study, tmp_path / "ec.pem")
    public_ec = elliptic.public_key().public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "ec.pub.pem").write_bytes(public_ec)
    with pytest.raises(StudyError, match="another kind than Ed25519; make one with: openssl pkey "):
        signature_problem(study, tmp_path / "ec.pub.pem")


def test_without_cryptography_it_is_said_what_to_install(study, keys, monkeypatch):
    for name in [name for name in sys.modules if name.startswith("cryptography")]:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setitem(sys.modules, "cryptography", None)
    for use in (lambda: sign_study(study, keys[0]), lambda: signature_problem(study, keys[1])):
        with pytest.raises(EstimationError, match=r"pip install 'estimation\[sign\]'"):
            use()
