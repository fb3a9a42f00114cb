"""What was checked before: claims of kept checks and imported ones, found again by their meaning.

Each claim has one vector, kept beside it. They are compared one by one, which takes a quarter of a second for
100,000 of them, and a second the first time.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from factbot.checking.verifier import Verifier
from factbot.desk.claim_reviews import ClaimReview
from factbot.desk.database import Database
from factbot.desk.likeness import difference, overlap
from factbot.models.embedding import Embedder
from factbot.results import Earlier

__all__ = ["Memory"]

# Fitted on rewordings, by two writers of the same news and anew by hand: 97 of 100 are nearer than this. Among
# 2,200 claims on other matters, 1 query in 4 has one that is.
ALIKE = 0.6
AT_ONCE = 256  # claims that are embedded together, and kept then
LOOKED_AT = 50  # of the nearest, so that copies of one claim do not crowd out the others
# A reviewer's own word goes before the machine's verdict.
FOUND = """
    SELECT s.id, s.claim, coalesce(s.check_id, ''),
        coalesce(r.verdict, json_extract(c.short, '$.verdict'), s.verdict),
        coalesce(r.by, s.by), coalesce(r.at, k.at, s.at), s.url
    FROM statements s LEFT JOIN checks k ON k.id = s.check_id
    LEFT JOIN claims c ON c.check_id = s.check_id AND c.number = s.number
    LEFT JOIN reviews r ON r.id = (
        SELECT max(id) FROM reviews WHERE check_id = s.check_id AND claim = s.number AND verdict IS NOT NULL)
    WHERE s.id IN (SELECT value FROM json_each(?)) AND (k.id IS NULL OR ? IS NULL OR k.owner = ?)
"""


class _Vectors(NamedTuple):
    """The vectors of one model, shape (n, dimension), and the ids of the claims that they are of, ascending."""

    model: str
    ids: NDArray[np.int64]
    rows: NDArray[np.float32]


class Memory:
    """Claims that were checked, in a database. Methods raise DeskError where it does."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._lock = threading.Lock()
        self._held: _Vectors | None = None

    def remember(self, reviews: Iterable[ClaimReview]) -> int:
        """Keep claims that others checked, and count those that were not known."""
        return self._db.change_many(
            "INSERT OR IGNORE INTO statements (claim, verdict, by, at, url) VALUES (?, ?, ?, ?, ?)",
            ((r.claim, r.verdict, r.by, r.at, r.url) for r in reviews),
        )

    def embed(self, embedder: Embedder) -> None:
        """Make the vectors that are missing, or that another model made; each batch stays when it is done."""
        last = 0
        while True:
            rows = self._db.rows(
                "SELECT id, claim FROM statements s WHERE id > ? AND NOT EXISTS "
                "(SELECT 1 FROM vectors WHERE model = ? AND statement = s.id) ORDER BY id LIMIT ?",
                *(last, embedder.name, AT_ONCE),
            )
            if not rows:
                return
            last = rows[-1][0]
            vectors = embedder.embed_documents([claim for _, claim in rows])
            self._db.change_many(
                # A claim may have been deleted while it was embedded.
                "INSERT OR REPLACE INTO vectors SELECT id, ?, ? FROM statements WHERE id = ?",
                (
                    (embedder.name, vector.tobytes(), statement)
                    for (statement, _), vector in zip(rows, vectors, strict=True)
                ),
            )

    def like(
        self, claim: str, k: int, models: tuple[Embedder, Verifier], owner: str | None, besides: str
    ) -> list[Earlier]:
        """The k claims that are most like this one, the likest first; no two with the same words.

        With `owner`, of their own kept checks and the imported ones only. `besides` is a check that is left out.
        """
        embedder, verifier = models
        self.embed(embedder)
        vectors = self._vectors(embedder.name)
        if not len(vectors.ids):
            return []
        alike = np.clip(vectors.rows @ embedder.embed_documents([claim])[0], 0, 1)
        near = np.flatnonzero(alike >= ALIKE)
        nearest = near[np.argsort(-alike[near], kind="stable")]
        found: dict[str, Earlier] = {}
        for start in range(0, len(nearest), LOOKED_AT):
            some = {int(vectors.ids[n]): float(alike[n]) for n in nearest[start : start + LOOKED_AT]}
            for earlier in self._earlier(claim, some, owner, besides):
                found.setdefault(earlier.claim.casefold(), earlier)
            if len(found) >= k:
                break
        return [replace(e, differs=difference(claim, e.claim, verifier)) for e in list(found.values())[:k]]

    def _earlier(self, claim: str, some: dict[int, float], owner: str | None, besides: str) -> Iterator[Earlier]:
        """These claims, the likest first; of two alike, the one with more of the same words, then the newer."""
        rows = self._db.rows(FOUND, json.dumps(list(some)), owner, owner)
        rows.sort(key=lambda row: (-round(some[row[0]], 2), -overlap(claim, row[1]), -row[0]))
        for statement, said, check_id, verdict, by, at, url in rows:
            if not besides or check_id != besides:
                alike = round(some[statement], 4)
                yield Earlier(said, verdict, by, at, url, alike, check_id)

    def _vectors(self, model: str) -> _Vectors:
        """All vectors of a model, read once; later only those that came since."""
        with self._lock:
            held = self._held
            last = int(held.ids[-1]) if held and held.model == model and len(held.ids) else 0
            ((before,),) = self._db.rows(
                "SELECT count(*) FROM vectors WHERE model = ? AND statement <= ?", model, last
            )
            if not last or held is None or before != len(held.ids):
                held, last = None, 0
            rows = self._db.rows(
                "SELECT statement, vector FROM vectors WHERE model = ? AND statement > ? ORDER BY statement",
                model,
                last,
            )
            if rows:
                ids = np.array([statement for statement, _ in rows], dtype=np.int64)
                new = np.frombuffer(b"".join(vector for _, vector in rows), dtype=np.float32).reshape(
                    len(rows), -1
                )
                old = (held.ids, held.rows) if held else (ids[:0], new[:0])
                held = _Vectors(model, np.concatenate([old[0], ids]), np.concatenate([old[1], new]))
            self._held = held or _Vectors(model, np.empty(0, np.int64), np.empty((0, 0), np.float32))
            return self._held
