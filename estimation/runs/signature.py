"""A signature over SHA256SUMS: who stands behind a finished study, in a form checked without this software.

Scheme: Ed25519 (Bernstein, Duif, Lange, Schwabe, Yang 2012; RFC 8032) over the bytes of SHA256SUMS, written as the 64
raw bytes of the signature to SHA256SUMS.sig.  As SHA256SUMS holds the checksum of every file, the signature covers the
whole folder.  Keys are PEM files, as OpenSSL (3.0 or newer) makes them::

    openssl genpkey -algorithm ed25519 -out key.pem
    openssl pkey -in key.pem -pubout -out public.pem

and with OpenSSL alone anyone can check::

    openssl pkeyutl -verify -pubin -inkey public.pem -rawin -in SHA256SUMS -sigfile SHA256SUMS.sig
    sha256sum -c SHA256SUMS

A signature says who signed, and that nothing has changed since; not when, and not that the numbers are right.
"""

from __future__ import annotations

import hashlib
import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from estimation.errors import EstimationError, EstimationWarning, StudyError
from estimation.files import write_bytes
from estimation.runs.manifest import SIGNATURE, SUMS, read_manifest, strayed

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

__all__ = ["fingerprint_of", "needs_passphrase", "sign_study", "signature_problem"]

_MAKE = "make one with: openssl genpkey -algorithm ed25519 -out key.pem"
_MAKE_PUBLIC = "make one with: openssl pkey -in key.pem -pubout -out public.pem"
_MISSING = "the package cryptography is not installed; install it with: pip install 'estimation[sign]'"


def needs_passphrase(key: str | os.PathLike[str]) -> bool:
    """Whether a private key's file is itself locked with a passphrase."""
    return b"ENCRYPTED" in _bytes(Path(key))


def sign_study(
    directory: str | os.PathLike[str],
    key: str | os.PathLike[str],
    *,
    passphrase: str | None = None,
    force: bool = False,
) -> Path:
    """Sign a finished study: SHA256SUMS.sig beside its SHA256SUMS.

    Parameters
    ----------
    directory : path
        Folder that `estimation.runs.run.run_study` wrote.
    key : path
        Ed25519 private key, PEM.
    passphrase : str, optional
        What the key's file is locked with.
    force : bool
        Replace a signature that is there already and is not the same.

    Returns
    -------
    Path
        The signature.

    Raises
    ------
    StudyError
        When a file of the folder is not as SHA256SUMS says: what is signed must be whole.  Also for a key that is no
        Ed25519 private key in PEM, a wrong passphrase, or another signature that is there already.
    EstimationError
        When the package ``cryptography`` is not installed.
    """
    folder = Path(directory)
    wrong = strayed(folder, read_manifest(folder))
    if wrong:
        problems = [f"{name} {what}; a study that is not whole is not signed" for name, what in wrong.items()]
        raise StudyError(str(folder), problems)
    private = _private(Path(key), passphrase)
    _warn_if_open(Path(key))
    signature = private.sign((folder / SUMS).read_bytes())
    place = folder / SIGNATURE
    if place.exists() and place.read_bytes() != signature and not force:
        problem = "there is another signature already, by another key or of other files; move it away to sign again"
        raise StudyError(str(place), [problem])
    return write_bytes(place, signature)


def _warn_if_open(key: Path) -> None:
    """Warn of a private key that others on this machine can read, who could then sign in its owner's name."""
    mode = key.stat().st_mode
    if os.name == "posix" and mode & 0o077:
        who = "everybody on this machine" if mode & 0o007 else "the group of the file"
        message = f"{key}: {who} can read or change this private key; keep it to yourself: chmod 600 {key.name}"
        warnings.warn(message, EstimationWarning, stacklevel=3)


def signature_problem(directory: str | os.PathLike[str], public_key: str | os.PathLike[str]) -> str | None:
    """What is wrong with the signature of a finished study; None where the key's owner signed this SHA256SUMS.

    Whether the files are those of SHA256SUMS is another question (`estimation.runs.manifest.strayed`).

    Raises
    ------
    StudyError
        When there is no SHA256SUMS, or the key is no Ed25519 public key in PEM.
    EstimationError
        When the package ``cryptography`` is not installed.
    """
    key = _public(Path(public_key))
    # Imported here because signing is an optional part; `_public` says so where it is missing.
    from cryptography.exceptions import InvalidSignature

    folder = Path(directory)
    read_manifest(folder)
    if not (folder / SIGNATURE).is_file():
        return f"there is no {SIGNATURE}: this study is not signed"
    try:
        key.verify((folder / SIGNATURE).read_bytes(), (folder / SUMS).read_bytes())
    except InvalidSignature:
        return f"{SIGNATURE} is not a signature of this {SUMS} by the key in {public_key}"
    return None


def fingerprint_of(public_key: str | os.PathLike[str]) -> str:
    """SHA-256 of a public key (its DER form), to compare over the telephone.

    The same as ``openssl pkey -pubin -in public.pem -outform DER | sha256sum``.

    Raises
    ------
    StudyError
        When the key is no Ed25519 public key in PEM.
    EstimationError
        When the package ``cryptography`` is not installed.
    """
    key = _public(Path(public_key))
    # Imported here because signing is an optional part; `_public` says so where it is missing.
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def _bytes(path: Path) -> bytes:
    if not path.is_file():
        raise StudyError(str(path), ["there is no such key file; check the path"])
    return path.read_bytes()


def _private(path: Path, passphrase: str | None) -> Ed25519PrivateKey:
    """The private key in a file."""
    # Imported here because signing is an optional part, and nothing else needs this package.
    try:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key
    except ImportError as error:
        raise EstimationError("signature", [_MISSING]) from error
    pem = _bytes(path)
    if needs_passphrase(path) and passphrase is None:
        raise StudyError(str(path), ["the key is locked with a passphrase; give it"])
    try:
        key = load_pem_private_key(pem, passphrase.encode() if passphrase and needs_passphrase(path) else None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        locked = "the passphrase is wrong, or " if needs_passphrase(path) else ""
        raise StudyError(str(path), [f"{locked}this is not a private key in PEM; {_MAKE}"]) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise StudyError(str(path), [f"this is a key of another kind than Ed25519; {_MAKE}"])
    return key


def _public(path: Path) -> Ed25519PublicKey:
    """The public key in a file."""
    # Imported here because signing is an optional part, and nothing else needs this package.
    try:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
        from cryptography.hazmat.primitives.serialization import load_pem_public_key
    except ImportError as error:
        raise EstimationError("signature", [_MISSING]) from error
    try:
        key = load_pem_public_key(_bytes(path))
    except (ValueError, UnsupportedAlgorithm) as error:
        private = "; this is the private key, which never leaves its owner" if b"PRIVATE" in _bytes(path) else ""
        raise StudyError(str(path), [f"this is not a public key in PEM{private}; {_MAKE_PUBLIC}"]) from error
    if not isinstance(key, Ed25519PublicKey):
        raise StudyError(str(path), [f"this is a key of another kind than Ed25519; {_MAKE_PUBLIC}"])
    return key
