"""Which addresses are public, which are refused, and how fast a run may ask a site."""

import threading
import time

import httpx
import pytest

from factbot.corpus.ingest.fetch import Pace, _suffix, is_public
from tests.support.fetch import refusal

# -- where it may go -------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "64:ff9b::808:808"])
def test_public_addresses(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1"),
        *(
            "169.254.169.254",
            "192.0.2.1",
            "198.18.0.1",
            "224.0.0.1",
            "239.1.1.1",
            "240.0.0.1",
            "255.255.255.255",
        ),
        *("::", "::1", "fe80::1%eth0", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1"),
        *("2002:7f00:1::", "2002:808:808::", "2001:0:4136:e378:8000:63bf:3fff:fdd2"),
        *("64:ff9b:1::7f00:1", "::ffff:0:127.0.0.1", "5f00::1", "100::1", "192.0.0.8", "192.0.0.192"),
    ],
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "news.example",
            "ftp://news.example/",
            "file:///etc/passwd",
            "http://",
            "https:///x",
            "http://[::1",
        ),
        *(
            "http://a b.example/",
            "http://news.example:99999/",
            "javascript:alert(1)",
            "http://" + "a" * 70 + ".b/",
        ),
        *("http://\0.example/", "http://user:secret@news.example/"),
    ],
)
def test_text_that_is_not_a_web_address_is_refused(url: str) -> None:
    assert "secret" not in refusal(url)


@pytest.mark.parametrize(
    ("name", "suffix"),
    [("rows.csv", ".csv"), ("rows.JSONL", ".jsonl"), ("a.md", ".md"), ("a.html", ".txt"), ("a", ".txt")],
)
def test_plain_text_of_a_finer_kind(name: str, suffix: str) -> None:
    assert _suffix("text/plain", httpx.URL(f"https://code.example/raw/{name}")) == suffix


def test_an_address_without_a_site_is_named_as_it_was_given() -> None:
    assert refusal("http://").startswith("http:// is no web address")


def test_the_pace_of_a_run() -> None:
    pace, started = Pace(), time.monotonic()
    for host in ("a", "b", "a", "c", "a"):
        pace.wait(host)
    assert 0.45 < time.monotonic() - started < 1.5


def test_the_pace_holds_for_all_threads_together() -> None:
    pace, started = Pace(), time.monotonic()
    threads = [threading.Thread(target=pace.wait, args=("a",)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert time.monotonic() - started > 0.7
