"""Every file is soon read, or refused in one sentence; a reader that crashes or hangs stops nothing else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factbot.corpus.formats.article import parse_article, read_article, read_bytes
from factbot.corpus.formats.content import Unreadable
from factbot.corpus.formats.documents.process import ReaderProcess
from factbot.corpus.formats.kinds import SIZE_LIMIT, size_limit
from factbot.errors import ArticleError
from tests.support.documents import BOOK, CHAPTER, CONTAINER, OPF, pdf, prose, rezipped, word, zipped

PDF = pdf([prose(["The council voted on Monday."]), prose(["Nobody was against it."])])
DOCX = word(lambda document: document.add_paragraph("The council voted on Monday."))
EPUB = zipped(BOOK)
EML = (
    b"From: a@b.example\nSubject: Pier\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nIt was built.\n--x--\n"
)
WHOLE = {".pdf": PDF, ".docx": DOCX, ".epub": EPUB, ".eml": EML}


def refusal(data: bytes, suffix: str) -> str:
    with pytest.raises(ArticleError) as caught:
        parse_article(data, suffix, "bad" + suffix)
    sentence = str(caught.value)
    assert sentence.startswith(f"bad{suffix} ") and sentence.endswith(".") and "\n" not in sentence
    return sentence


# -- broken and hostile files ----------------------------------------------------------------------


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(sorted(WHOLE)), st.data())
def test_a_file_cut_or_changed_anywhere_is_read_or_refused(suffix: str, data: st.DataObject) -> None:
    whole = WHOLE[suffix]
    broken = bytearray(whole[: data.draw(st.integers(0, len(whole)), "length")] or whole)
    for at, value in data.draw(
        st.lists(st.tuples(st.integers(0, len(broken) - 1), st.integers(0, 255)), max_size=8)
    ):
        broken[at] = value
    try:
        article = parse_article(bytes(broken), suffix, "bad" + suffix)
    except ArticleError as error:
        assert str(error).startswith("bad.") and str(error).endswith(".") and "\n" not in str(error)
        assert "crashed" not in str(error)
    else:
        assert article.text == article.text.strip() != ""


@pytest.mark.parametrize("suffix", sorted(WHOLE))
def test_an_empty_file_and_a_page_under_a_wrong_name(suffix: str) -> None:
    assert "no text" in refusal(b"", suffix)
    page = b"<html><body><p>The council voted on Monday.</p></body></html>"
    assert parse_article(page, suffix, "a" + suffix).text == "The council voted on Monday."


@pytest.mark.parametrize("suffix", sorted(WHOLE))
def test_a_huge_file_is_refused_without_being_read_whole(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"huge{suffix}"
    with path.open("wb") as file:
        file.truncate(300_000_000)
    started = time.monotonic()
    with pytest.raises(ArticleError, match=rf"is larger than {size_limit(suffix) // 10**6} MB; split it"):
        read_article(path, path.name)
    assert time.monotonic() - started < 3
    assert len(read_bytes(path, path.name)) == size_limit(suffix) + 1
    assert size_limit(".TXT") == SIZE_LIMIT


def timed_refusal(data: bytes, suffix: str) -> str:
    started = time.monotonic()
    sentence = refusal(data, suffix)
    assert time.monotonic() - started < 10
    return sentence


@pytest.mark.slow
def test_zip_bombs() -> None:
    zeros = bytes(320_000_000)
    assert "unpack to more than" in timed_refusal(rezipped(DOCX, {"word/media/a.bin": zeros}), ".docx")
    assert "unpack to more than" in timed_refusal(zipped({**BOOK, "OEBPS/text/two.xhtml": zeros}), ".epub")
    assert "larger than 50 MB" in timed_refusal(
        zipped({**BOOK, "OEBPS/text/two.xhtml": zeros[:60_000_000]}), ".epub"
    )
    many = zipped({**BOOK, **{f"{n}.txt": "" for n in range(10_001)}})
    assert "parts" in timed_refusal(many, ".epub")
    assert "unpack" in timed_refusal(zipped(BOOK, zipfile.ZIP_LZMA), ".epub"), "unpacked without a bound"


def test_a_bomb_that_declares_less_than_it_holds() -> None:
    honest = zipped({**BOOK, "OEBPS/text/two.xhtml": b"a" * 60_000_000})
    liar = honest.replace((60_000_000).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert liar != honest
    assert "damaged" in timed_refusal(liar, ".epub")


BOMB = (
    "<!DOCTYPE x [<!ENTITY a 'ha'>"
    + "".join(f"<!ENTITY {b} '{f'&{a};' * 50}'>" for a, b in zip("abcdefg", "bcdefgh", strict=True))
    + "]>"
)
LEAK = '<!DOCTYPE x [<!ENTITY h SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("doctype", [BOMB, LEAK])
def test_entities_are_neither_expanded_nor_fetched(doctype: str) -> None:
    use = "&h;"
    body = doctype + CHAPTER.partition("<!DOCTYPE html>")[2] % f"<p>Seen {use}</p>"
    text = parse_article(zipped({**BOOK, "OEBPS/text/two.xhtml": body}), ".epub", "a.epub").text
    assert "root:" not in text and "haha" not in text
    opf = OPF.replace("<package", doctype + "<package", 1).replace("Harbour", use)
    try:
        title = parse_article(zipped({**BOOK, "OEBPS/book.opf": opf}), ".epub", "a.epub").title
        assert "root:" not in title and "haha" not in title
    except ArticleError:
        pass
    part = f'<?xml version="1.0"?>{doctype}<cp:coreProperties xmlns:cp="a">{use}</cp:coreProperties>'
    for form in ("utf-8", "utf-16"):
        assert "document type" in timed_refusal(rezipped(DOCX, {"docProps/core.xml": part.encode(form)}), ".docx")


def test_names_that_lead_out_of_the_zip_lead_nowhere() -> None:
    container = CONTAINER.replace("OEBPS/book.opf", "../../../../../../etc/passwd")
    assert "no EPUB" in refusal(zipped({**BOOK, "META-INF/container.xml": container}), ".epub")


def test_deep_nesting() -> None:
    deep = CHAPTER % ("<div>" * 100_000 + "Seen" + "</div>" * 100_000)
    outcome(zipped({**BOOK, "OEBPS/text/two.xhtml": deep}), ".epub")
    body = (
        "<w:sdt><w:sdtContent>" * 3000 + "<w:p><w:r><w:t>Seen</w:t></w:r></w:p>" + "</w:sdtContent></w:sdt>" * 3000
    )
    document = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
    outcome(rezipped(DOCX, {"word/document.xml": f"{document}{body}</w:body></w:document>"}), ".docx")
    parts = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(2000))
    outcome(f"From: a@b.example\n{parts}\nSeen\n".encode(), ".eml")


def outcome(data: bytes, suffix: str) -> None:
    started = time.monotonic()
    try:
        parse_article(data, suffix, "deep" + suffix)
    except ArticleError as error:
        assert "crashed" not in str(error)
    assert time.monotonic() - started < 10


# -- the process that reads ------------------------------------------------------------------------


def test_one_process_reads_file_after_file_for_all_threads() -> None:
    reader = ReaderProcess()
    reader.read(PDF, ".pdf")
    pid = reader.pid
    with ThreadPoolExecutor(8) as pool:
        titles = list(
            pool.map(lambda n: reader.read(pdf([prose([f"Story {n}.", "It is long."])]), ".pdf").text, range(100))
        )
    assert titles == [f"Story {n}. It is long." for n in range(100)]
    assert reader.pid == pid
    reader.close()


def test_after_a_kill_the_next_file_starts_another() -> None:
    reader = ReaderProcess()
    reader.read(PDF, ".pdf")
    first = reader.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    time.sleep(0.2)
    assert reader.read(PDF, ".pdf").pages
    assert reader.pid != first
    reader.close()


def stand_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: str) -> None:
    """Put another worker in place of the real one."""
    (tmp_path / "stand_in.py").write_text(code)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr("factbot.corpus.formats.documents.process.MODULE", "stand_in")


def test_a_reader_process_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    reader = ReaderProcess(seconds=0.5)
    with monkeypatch.context() as patch:
        stand_in(patch, tmp_path, "import time\ntime.sleep(60)")
        for data in (PDF, bytes(1_000_000)):  # more than a pipe holds: writing waits too
            started = time.monotonic()
            with pytest.raises(Unreadable, match=r"longer than 0\.5 seconds"):
                reader.read(data, ".pdf")
            assert time.monotonic() - started < 5
    reader.seconds = 60
    assert reader.read(PDF, ".pdf").pages
    reader.close()


@pytest.mark.parametrize("code", ["import os\nos.abort()", "print('nonsense')", "print(99999)\n"])
def test_a_reader_that_crashes_is_replaced(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: str) -> None:
    reader = ReaderProcess()
    with monkeypatch.context() as patch:
        stand_in(patch, tmp_path, code)
        with pytest.raises(Unreadable, match="its reader crashed"):
            reader.read(PDF, ".pdf")
    assert reader.read(PDF, ".pdf").pages
    reader.close()


def test_a_library_that_prints_does_not_disturb_the_replies(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    code = """
import os
from factbot.corpus.formats.documents import worker
from factbot.corpus.formats.content import Content

def read(data, suffix):
    print("noise", flush=True)
    os.write(1, b"noise")
    return Content("T", "Text.")

worker._read = read
worker.main()
"""
    stand_in(monkeypatch, tmp_path, code)
    reader = ReaderProcess()
    assert [reader.read(PDF, ".pdf").text for _ in range(3)] == ["Text."] * 3
    reader.close()


def test_the_process_ends_when_a_request_breaks_off() -> None:
    command = [sys.executable, "-m", "factbot.corpus.formats.documents.worker"]
    run = subprocess.run(command, input=b".pdf 100\n%PDF", capture_output=True, timeout=20)
    assert (run.returncode, run.stdout, run.stderr) == (0, b"", b"")


@pytest.mark.skipif(sys.platform != "linux", reason="the limit on memory holds on Linux")
def test_memory_is_bounded() -> None:
    code = "from factbot.corpus.formats.documents import worker; worker._limit_memory(); bytearray(3 << 30)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "MemoryError" in run.stderr


@pytest.mark.skipif(os.name != "posix", reason="asks for processes by signal 0")
@pytest.mark.parametrize("end", ["", "os.kill(os.getpid(), 9)"])
def test_the_process_ends_with_its_parent_and_says_nothing(end: str, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(PDF)
    code = (
        "import os, sys; from pathlib import Path; from factbot.corpus.formats.article import read_article; "
        "from factbot.corpus.formats.documents import process; read_article(Path(sys.argv[1]), ''); "
        f"print(process._shared.pid, flush=True); {end}"
    )
    run = subprocess.run([sys.executable, "-W", "default", "-c", code, str(path)], capture_output=True, text=True)
    assert run.stderr == ""
    for _ in range(100):
        if not is_running(int(run.stdout)):
            return
        time.sleep(0.05)
    pytest.fail("it lives on")


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"


def test_the_process_is_light() -> None:
    readers = "from factbot.corpus.formats.documents import docx, epub, odt, rtf, worker"
    for kind in ("mail", "pdf"):
        readers += f"; from factbot.corpus.formats.documents.{kind} import reader"
    code = f"import sys; {readers}; print(*sys.modules)"
    loaded = set(
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    )
    assert not {"torch", "chromadb", "gradio", "numpy", "trafilatura", "tantivy"} & loaded
