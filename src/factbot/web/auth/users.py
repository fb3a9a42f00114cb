"""The people who may sign in: a file with a line `name:role:hash` for each, which `factbot user` writes.

Passwords are hashed by scrypt (RFC 7914), each with a salt of its own and the parameters beside it.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import tempfile
import unicodedata
from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from factbot.errors import UsageError

__all__ = ["Role", "User", "Users", "save_user"]

Role = Literal["reader", "editor"]
ROLES: tuple[Role, ...] = get_args(Role)

MIN_PASSWORD = 8  # characters
MAX_LENGTH = 1_000  # characters of a name or a password: hashing longer ones would only cost time
LOG2_N, R, P = 15, 8, 3  # 32 MiB and about a third of a second, one of the settings that OWASP recommends
DIGEST = 32  # bytes


@dataclass(frozen=True)
class User:
    """One line of the file. `hash` is `scrypt$log2(N)$r$p$salt$digest`, the last two in base64."""

    name: str
    role: Role
    hash: str

    def has(self, password: str) -> bool:
        """Whether that is the password; slow, as it should be."""
        _, log2_n, r, p, salt, digest = self.hash.split("$")
        made = _scrypt(password, b64decode(salt), int(log2_n), int(r), int(p))
        return hmac.compare_digest(made, b64decode(digest))


class Users:
    """The file of users, read again whenever it changes.

    Raises UsageError where it cannot be read at the start. Where it cannot be read later, nobody may sign in.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._nobody = User("", "reader", _hash(secrets.token_urlsafe()))
        self._stamp = self._look()
        self._users = _read(path)

    def find(self, name: str) -> User | None:
        """The user of that name as the file has it now."""
        if (stamp := self._look()) != self._stamp:
            try:
                self._users = _read(self.path)
            except UsageError:
                self._users = {}
            self._stamp = stamp
        return self._users.get(_normal(name))

    def verified(self, name: str, password: str) -> User | None:
        """The user with that name and password. An unknown name takes as long, so that nobody can guess names."""
        if len(password) > MAX_LENGTH:
            return None
        user = self.find(name)
        is_right = (user or self._nobody).has(password)
        return user if is_right else None

    def secret(self) -> bytes:
        """The key that sessions are signed with: from the file `NAME.secret` beside the users, else a new one.

        Raises UsageError for a file that others can read, or that holds too few bytes.
        """
        path = self.path.with_name(f"{self.path.name}.secret")
        try:
            secret = path.read_bytes()
            others = path.stat().st_mode & 0o077
        except FileNotFoundError:
            return secrets.token_bytes(DIGEST)
        except OSError as error:
            raise UsageError(f"The secret {path} cannot be read ({error.strerror}); mend or remove it.") from error
        if others:
            raise UsageError(f"The secret {path} can be read by others; run `chmod 600` on it.")
        if len(secret) < DIGEST:
            raise UsageError(f"The secret {path} is too short; put {DIGEST} random bytes or more into it.")
        return secret

    def _look(self) -> tuple[int, int, int]:
        try:
            found = self.path.stat()
        except OSError:
            return (0, 0, 0)
        return found.st_mtime_ns, found.st_size, found.st_ino


def save_user(path: Path, name: str, role: Role, password: str) -> None:
    """Write a user into the file, which only its owner can read; one of the same name is replaced.

    Raises UsageError for an unfit name or password, or a file that cannot be written.
    """
    name = _normal(name)
    if not name or len(name) > MAX_LENGTH or not name.isprintable() or ":" in name or name[0] == "#":
        raise UsageError("A name has letters, no colon and no # in front; choose another.")
    if not MIN_PASSWORD <= len(password) <= MAX_LENGTH:
        raise UsageError(f"A password has {MIN_PASSWORD} to {MAX_LENGTH:,} characters; choose another.")
    users = _read(path) if path.exists() else {}
    users[name] = User(name, role, _hash(password))
    lines = "".join(f"{user.name}:{user.role}:{user.hash}\n" for user in users.values())
    try:
        handle, aside = tempfile.mkstemp(prefix=".users-", dir=path.parent)  # readable by its owner only
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(lines)
        Path(aside).replace(path)
    except OSError as error:
        raise UsageError(f"The file of users {path} cannot be written ({error.strerror}).") from error


def _read(path: Path) -> dict[str, User]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UsageError(
            f"The file of users {path} cannot be read ({reason}); `factbot user` makes one."
        ) from error
    users = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, role, digest = [*line.strip().split(":"), "", ""][:3]
        if role not in ROLES or not _is_hash(digest):
            raise UsageError(f"Line {number} of {path} is no `name:role:hash`; `factbot user` writes such lines.")
        users[_normal(name)] = User(_normal(name), role, digest)
    return users


def _is_hash(text: str) -> bool:
    try:
        kind, log2_n, r, p, salt, digest = text.split("$")
        sizes = [int(log2_n), int(r), int(p)]
        return (
            kind == "scrypt"
            and min(sizes) >= 1
            and max(sizes) <= 20
            and bool(b64decode(salt) and b64decode(digest))
        )
    except ValueError:
        return False


def _hash(password: str) -> str:
    salt = secrets.token_bytes(16)
    digest = _scrypt(password, salt, LOG2_N, R, P)
    return f"scrypt${LOG2_N}${R}${P}${b64encode(salt).decode()}${b64encode(digest).decode()}"


def _scrypt(password: str, salt: bytes, log2_n: int, r: int, p: int) -> bytes:
    n = 2**log2_n
    text = unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
    return hashlib.scrypt(text, salt=salt, n=n, r=r, p=p, maxmem=128 * r * (n + p + 2) + 2**20, dklen=DIGEST)


def _normal(name: str) -> str:
    return unicodedata.normalize("NFC", name).strip()
