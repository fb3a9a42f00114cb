"""Archives: every entry becomes an article or is named, and no archive can do harm."""

from __future__ import annotations

import io
import json
import random
import struct
import subprocess
import sys
import tempfile
import textwrap
import time
import tracemalloc
import warnings
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factbot.corpus.formats.kinds import CONTAINERS, SUFFIXES
from factbot.corpus.ingest import archives as containers
from factbot.corpus.ingest.archives import unpack
from factbot.corpus.ingest.item import Item
from tests.support.archives import refusals, unpacked, written

TEXT = "The bridge opened in 1932. It is 1,149 metres long."


def zipped(path: Path, entries: Mapping[str, str | bytes]) -> Path:
    return archive(path, list(entries.items()))


def archive(path: Path, entries: list[tuple[str | ZipInfo, str | bytes]], kind: int = ZIP_DEFLATED) -> Path:
    with warnings.catch_warnings(), ZipFile(path, "w", kind) as file:
        warnings.simplefilter("ignore")  # zipfile warns of duplicate names
        for name, data in entries:
            file.writestr(name, data, compress_type=kind)
    return path


def peak(work: list[Path]) -> tuple[int, int]:
    """How many results, and how many bytes were in memory at once."""
    tracemalloc.start()
    count = sum(1 for path in work for _ in unpack(path))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return count, most


# -- archives --------------------------------------------------------------------------------------------


def test_an_archive_of_many_kinds(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "news.zip",
        {
            "world/": "",
            "world/quake.md": "# Quake\n\nIt shook.",
            "./plain.TXT": TEXT,
            "world/rows.jsonl": json.dumps({"title": "Bridge", "text": TEXT}) + "\nbroken\n",
            "rows.csv": "title,text\nFerry,It sails.\n",
            "Été/naïve.txt": "Oui.",
            "__MACOSX/world/._quake.md": "junk",
            ".DS_Store": "junk",
            "world/Thumbs.db": "junk",
            ".git/config.txt": "junk",
            "photo.jpg": "jpeg",
            "inner.zip": "zip",
            "Makefile": "all:",
        },
    )
    items, failures = unpacked(path)
    names = ["world/quake.md", "plain.TXT", "world/bridge.txt", "ferry.txt", "Été/naïve.txt"]
    assert [item.name for item in items] == names
    assert items[0].data == b"# Quake\n\nIt shook."
    reasons = {failure.path: failure.reason for failure in failures}
    assert list(reasons) == [
        *("news.zip, world/rows.jsonl, line 2", "news.zip, photo.jpg", "news.zip, inner.zip", "news.zip, Makefile")
    ]
    assert "is of a kind that factbot does not read; give it as .md" in reasons["news.zip, photo.jpg"]
    assert "archive inside an archive" in reasons["news.zip, inner.zip"]


def test_files_beside_saved_pages_are_ignored(tmp_path: Path) -> None:
    page = "<html><body><p>It shook.</p></body></html>"
    path = zipped(tmp_path / "a.zip", {"a.html": page, "a_files/b.css": "p{}", "a_files/c.PNG": "", "d.exe": ""})
    items, failures = unpacked(path)
    assert [item.name for item in items] == ["a.html"]
    assert [failure.path for failure in failures] == ["a.zip, d.exe"]


def test_names_in_utf8_without_the_flag_for_it_and_in_cp437(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"xx.txt": "a", "yyyy.txt": "b"})
    data = path.read_bytes().replace(b"xx.txt", b"\x82\x8a.txt").replace(b"yyyy.txt", "ñü.txt".encode())
    items, _ = unpacked(written(path, data))
    assert [item.name for item in items] == ["éè.txt", "ñü.txt"]


TRAVERSAL = [
    *("../evil.txt", "a/../../evil.txt", "/etc/evil.txt", "//host/evil.txt", "C:/evil.txt", "c:evil.txt"),
    *("..\\evil.txt", "a\\..\\evil.txt", "\\evil.txt", " C:/evil.txt", "a/.. /evil.txt", "a/.\u200b./evil.txt"),
    *("a/../", "..", "\u200b../evil.txt", "a/.\x01./evil.txt", "..\0.txt/../evil.txt"),
]


@pytest.mark.parametrize("name", TRAVERSAL)
def test_names_that_lead_out_are_refused(tmp_path: Path, name: str) -> None:
    entry = ZipInfo("x")
    entry.filename = name  # as it is: ZipInfo would cut it at a NUL
    items, failures = unpacked(archive(tmp_path / "a.zip", [(entry, "evil"), ("good.txt", "good")]))
    assert [item.name for item in items] == ["good.txt"]
    assert "leads out" in failures[0].reason


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40).map(lambda n: n + ".txt"))
@settings(deadline=None, max_examples=200)
def test_no_name_escapes(name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        entry = ZipInfo("x")
        entry.filename = name
        items, _ = unpacked(
            archive(Path(folder) / "a.zip", [(entry, "a"), (f"../{name}", "b"), (f"b/{name}", "c")])
        )
    for item in items:
        assert_safe(item.name)
        assert item.data in (b"a", b"c")


def assert_safe(name: str) -> None:
    assert name and "\\" not in name and "\0" not in name
    for part in name.split("/"):
        assert part and not part.startswith(".") and part == part.strip()
    assert not PurePosixPath(name).is_absolute()


def test_deep_folders_are_refused(tmp_path: Path) -> None:
    assert "folders deep" in refusals(zipped(tmp_path / "a.zip", {"a/" * 20 + "b.txt": "a"}))[0]


def test_links_and_devices_are_refused(tmp_path: Path) -> None:
    link, device = ZipInfo("link.txt"), ZipInfo("device.txt")
    link.external_attr, device.external_attr = 0o120777 << 16, 0o020666 << 16
    reasons = refusals(archive(tmp_path / "a.zip", [(link, "/etc/passwd"), (device, "")]))
    assert all("is a link or a device" in reason for reason in reasons) and len(reasons) == 2


def test_the_second_of_one_name_is_refused(tmp_path: Path) -> None:
    items, failures = unpacked(archive(tmp_path / "a.zip", [("a.txt", "one"), ("a.txt", "two"), ("./a.txt", "3")]))
    assert [item.data for item in items] == [b"one"]
    assert len(failures) == 2 and all("twice" in failure.reason for failure in failures)


def test_encrypted_entries_are_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.txt": TEXT})
    data = bytearray(path.read_bytes())
    data[6] |= 1  # the flag, in the entry's header and in the list
    data[data.index(b"PK\1\2") + 8] |= 1
    assert "encrypted" in refusals(written(path, bytes(data)))[0]


def test_unusual_compression_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", [("a.txt", bytes(50_000_000))], ZIP_BZIP2)  # 50 MB in some 100 bytes
    _, most = peak([path])
    assert "unusual" in refusals(path)[0] and most < 1_000_000


def test_damage_loses_only_the_damaged_entry(tmp_path: Path) -> None:
    path = archive(
        tmp_path / "a.zip", [("a.txt", "aaaa"), ("b.txt", "bbbb"), ("c.csv", "text\ncccc\n")], ZIP_STORED
    )
    data = path.read_bytes().replace(b"bbbb", b"bbbB").replace(b"cccc", b"cccC")
    items, failures = unpacked(written(path, data))
    assert items[0].name == "a.txt"
    assert [f.path for f in failures] == ["a.zip, b.txt", "a.zip, c.csv"]
    assert all("is damaged" in failure.reason for failure in failures)


@pytest.mark.parametrize(
    "content", [b"", b"PK", b"PK\5\6" + bytes(18), b"no archive" * 100, b"PK\3\4" + bytes(100)]
)
def test_files_that_are_not_archives_are_refused(tmp_path: Path, content: bytes) -> None:
    items, failures = unpacked(written(tmp_path / "a.zip", content))
    assert not items
    assert content.startswith(b"PK\5\6") or "is no zip archive, or a damaged one; " in failures[0].reason


# -- bombs -----------------------------------------------------------------------------------------------


def test_an_entry_beyond_its_kinds_limit_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.txt": b"It shook. " * 1_000_001, "b.pdf": b"%PDF ab cd" * 1_000_001})
    items, failures = unpacked(path)
    assert [item.name for item in items] == ["b.pdf"] and "larger than 10 MB" in failures[0].reason


def test_a_compression_bomb_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.csv": bytes(40_000_000), "b.txt": TEXT * 10})
    items, failures = unpacked(path)
    assert [item.name for item in items] == ["b.txt"] and "1,000 times its size" in failures[0].reason


def test_an_entry_that_declares_less_than_it_holds_is_not_believed(tmp_path: Path) -> None:
    data = zipped(tmp_path / "a.zip", {"a.txt": bytes(9_000_000)}).read_bytes()
    path = written(tmp_path / "b.zip", data.replace(struct.pack("<I", 9_000_000), struct.pack("<I", 5)))
    _, most = peak([path])
    assert "damaged" in refusals(path)[0] and most < 1_000_000


def test_the_whole_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "TOTAL_LIMIT", 25)
    items, failures = unpacked(zipped(tmp_path / "a.zip", {f"{n}.txt": "ten bytes." for n in range(9)}))
    assert len(items) == 2 and len(failures) == 1 and "2.txt" in failures[0].reason


def overlapping(count: int) -> bytes:
    """`count` entries that all are the same 1 MB of zeros (Fifield's overlap, in its simplest form)."""
    kernel = zlib.compressobj(9, wbits=-15)
    packed = kernel.compress(bytes(1_000_000)) + kernel.flush()
    crc = zlib.crc32(bytes(1_000_000))
    sizes = struct.pack("<III", crc, len(packed), 1_000_000)
    local = (
        b"PK\3\4" + struct.pack("<HHHHH", 20, 0, 8, 0, 0) + sizes + struct.pack("<HH", 5, 0) + b"a.txt" + packed
    )
    entry = b"PK\1\2" + struct.pack("<HHHHHH", 20, 20, 0, 8, 0, 0) + sizes
    entry += struct.pack("<HHHHHII", 5, 0, 0, 0, 0, 0, 0) + b"a.txt"
    end = struct.pack("<HHHHIIH", 0, 0, count % 65_536, count % 65_536, len(entry) * count, len(local), 0)
    return local + entry * count + b"PK\5\6" + end


def test_an_entry_may_be_longer_than_the_list_of_entries(tmp_path: Path) -> None:
    data = b"%PDF-" + random.Random(0).randbytes(21_000_000)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:  # not compressed, so read in one piece
        packed.writestr("a.pdf", data)
    [found] = unpack(tmp_path / "a.zip")
    assert isinstance(found, Item) and found.data == data


def test_overlapping_entries_are_refused(tmp_path: Path) -> None:
    assert "1 entries" not in refusals(written(tmp_path / "a.zip", overlapping(100)))[0]
    assert "overlap" in refusals(written(tmp_path / "a.zip", overlapping(2)))[0]


@pytest.mark.parametrize("count", [100_001, 1_000_000])
def test_too_many_entries_are_refused_within_bounded_memory(tmp_path: Path, count: int) -> None:
    path = written(tmp_path / "a.zip", overlapping(count))
    program = f"""
        import resource
        from pathlib import Path
        from factbot.corpus.ingest.archives import unpack
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        [failure] = unpack(Path({str(path)!r}))
        print(failure.reason)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
    """
    started = time.monotonic()
    result = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, check=True
    )
    reason, kilobytes = result.stdout.splitlines()
    assert "more than 100,000 entries" in reason
    assert int(kilobytes) < 200_000 and time.monotonic() - started < 60


# -- anything at all -------------------------------------------------------------------------------------


def mutated(data: bytes) -> st.SearchStrategy[bytes]:
    """`data` with some bytes changed and the end cut off."""
    changes = st.lists(st.tuples(st.integers(0, len(data) - 1), st.integers(0, 255)), max_size=8)

    def change(drawn: tuple[list[tuple[int, int]], int]) -> bytes:
        changed = bytearray(data)
        for at, value in drawn[0]:
            changed[at] = value
        return bytes(changed[: drawn[1]])

    return st.tuples(changes, st.integers(len(data) // 2, len(data)) | st.just(len(data))).map(change)


def small_archive() -> bytes:
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as file:
        for name in ("a.txt", "b/é.md", "c.csv", "d.jsonl", "e.png"):
            file.writestr(name, '{"text": "a"}\ntext,b\n' * 20)
    return buffer.getvalue()


ROWS = b'title,text,source\n"A ""b""\nc",Some text,d\nB,\xc3\xa9,f\n{"text": "a", "title": ["b"]}\n'


@pytest.mark.parametrize("suffix", CONTAINERS)
@given(data=st.data())
@settings(deadline=None, max_examples=60)
def test_any_bytes_give_items_and_failures(suffix: str, data: st.DataObject) -> None:
    seed = small_archive() if suffix == ".zip" else ROWS
    content = data.draw(st.binary(max_size=300) | mutated(seed))
    with tempfile.TemporaryDirectory() as folder:
        items, _ = unpacked(written(Path(folder) / f"a{suffix}", content))
    for item in items:
        assert_safe(item.name)
        assert PurePosixPath(item.name).suffix.lower() in SUFFIXES


def test_missing_paths_and_folders_are_refused(tmp_path: Path) -> None:
    assert "not a file" in refusals(tmp_path / "none.csv")[0]
    (tmp_path / "folder.zip").mkdir()
    assert "not a file" in refusals(tmp_path / "folder.zip")[0]


def test_zipfile_still_reads_in_pieces() -> None:
    """What bounds memory here is that zipfile unpacks Deflate piece by piece."""
    assert zipfile.ZipExtFile.MIN_READ_SIZE <= 65_536
