"""Fetching one page, file or feed of the public web, and nothing else.

The address comes from a person, and every redirect from a stranger: neither may lead to this machine or its
network. So a host's name is resolved once, all its addresses are checked, and the connection is made to one of
these: a name cannot mean something else a moment later.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import PurePosixPath
from threading import Lock, Thread

import httpx

from factbot.corpus.formats.kinds import CONTAINERS, DOCUMENTS, SUFFIXES, TABLES, size_limit
from factbot.errors import ArticleError

__all__ = ["Fetched", "NoPageError", "Pace", "fetch"]

SECONDS = 20.0  # for all of it, redirects and name look-ups included
CONNECT_SECONDS = 5.0  # for one of a host's addresses
REDIRECTS = 5
TEXT_TYPES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/x-markdown": ".md",
    "text/vtt": ".vtt",
    "application/x-subrip": ".srt",
    "text/rtf": ".rtf",
}
DOCUMENT_TYPES = {kind.media_type: suffix for suffix, kind in DOCUMENTS.items()}
CONTAINER_TYPES = {
    "text/csv": ".csv",
    "application/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "application/json": ".json",
    "application/jsonl": ".jsonl",
    "application/x-jsonlines": ".jsonl",
    "application/x-ndjson": ".jsonl",
    "application/mbox": ".mbox",
    "application/zip": ".zip",
    "application/x-zip-compressed": ".zip",
}
CONTAINER_LIMIT = 50_000_000  # bytes of a table or an archive: it is in memory once
FEED_TYPES = {
    "application/rss+xml": ".xml",
    "application/atom+xml": ".xml",
    "application/rdf+xml": ".xml",
    "application/xml": ".xml",
    "text/xml": ".xml",
    "application/gzip": ".xml",  # sitemap.xml.gz
    "application/x-gzip": ".xml",
}
SUFFIX_BY_TYPE = TEXT_TYPES | DOCUMENT_TYPES | CONTAINER_TYPES | FEED_TYPES
UNSPECIFIC_TYPES = ("", "application/octet-stream", "binary/octet-stream")  # with these, the address tells
SENT_AS_PLAIN_TEXT = (
    *TABLES,
    ".eml",
    ".mbox",
    ".srt",
    ".md",
    ".markdown",
)  # servers of source code call them plain text
HEADERS = {
    "User-Agent": f"factbot/{version('factbot')}",
    "Accept": ", ".join(
        ["text/html", *(f"{kind};q=0.9" for kind in SUFFIX_BY_TYPE if kind != "text/html"), "*/*;q=0.1"]
    ),
    "Accept-Encoding": "gzip, deflate",
}

Fetched = tuple[bytes, str, str]  # body, suffix and address, as `fetch` gives them


class NoPageError(ArticleError):
    """The server answered, and gave no page: `status` is its HTTP status code."""

    def __init__(self, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.status = status


def fetch(url: str) -> Fetched:
    """(body, suffix, address) of the page, file or feed at `url`, after its redirects.

    The suffix is one of those that articles or containers have, or ".xml" for feeds and sitemaps, whose body may
    be gzip. The body has no more bytes than its kind may have; that of a text is in UTF-8 if its server named
    another encoding.
    Raises ArticleError, in one sentence, for everything that goes wrong.
    """
    return _fetch(url, is_public, SECONDS)


class Pace:
    """Spreads requests: one host is asked at most PER_SECOND times a second. Safe in several threads."""

    PER_SECOND = 4

    def __init__(self) -> None:
        self._lock = Lock()
        self._free: dict[str, float] = {}  # when a host may be asked next

    def wait(self, host: str, delay: float = 0.0) -> None:
        """Return when `host` may be asked; the request after this one waits for `delay` seconds at least."""
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._free.get(host, now))
            self._free[host] = turn + max(delay, 1 / self.PER_SECOND)
        time.sleep(turn - now)


_GLOBAL = ip_network("2000::/3")  # the public addresses of IPv6; others are local, or IPv4 written differently
_NAT64 = ip_network("64:ff9b::/96")
_PROTOCOLS = ip_network("192.0.0.0/24")  # Python took a part of it for public


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public Internet."""
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        if ip in _NAT64:  # how networks without IPv4 reach the rest of the world
            return is_public(str(IPv4Address(int(ip) & 0xFFFFFFFF)))
        if ip not in _GLOBAL or ip.sixtofour or ip.teredo:
            return False
    elif ip in _PROTOCOLS:
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def _fetch(url: str, is_allowed: Callable[[str], bool], seconds: float) -> Fetched:
    """`fetch` with its test of IP addresses and its time limit as parameters."""
    outcome: list[Fetched | Exception] = []

    def work() -> None:
        try:
            outcome.append(_follow(url, is_allowed, time.monotonic() + seconds))
        except Exception as error:
            outcome.append(error)

    # A name look-up, or a server that sends a byte now and then, cannot be interrupted; so it gets a thread.
    worker = Thread(target=work, name="factbot-fetch", daemon=True)
    worker.start()
    worker.join(seconds)
    if not outcome:
        raise ArticleError(f"{url} took longer than {seconds:g} seconds; try again later.")
    if isinstance(outcome[0], Exception):
        raise _explained(url, outcome[0]) from outcome[0]
    return outcome[0]


def _explained(url: str, error: Exception) -> Exception:
    if isinstance(error, httpx.TimeoutException):
        return ArticleError(f"{url} does not answer in time; try again later.")
    if isinstance(error, httpx.InvalidURL | UnicodeError):
        return ArticleError(f"{url} is no valid web address ({error}); correct it.")
    if isinstance(error, httpx.HTTPError):
        reason = str(error) or type(error).__name__
        return ArticleError(f"{url} cannot be fetched ({reason}); check the address and the connection.")
    return error


def _follow(url: str, is_allowed: Callable[[str], bool], deadline: float) -> Fetched:
    address = httpx.URL(url.strip())
    if not address.host:
        raise ArticleError(f"{url.strip()} is no web address; give a whole one, such as https://example.org/page.")
    for _ in range(REDIRECTS + 1):
        answer = _get(address, is_allowed, deadline)
        if not isinstance(answer, httpx.URL):
            return answer
        address = answer
    raise ArticleError(f"{url} redirects more than {REDIRECTS} times; give the address it should lead to.")


def _get(url: httpx.URL, is_allowed: Callable[[str], bool], deadline: float) -> Fetched | httpx.URL:
    """The page at `url`, or where it redirects to."""
    if url.scheme not in ("http", "https") or not url.host:
        raise ArticleError(f"{url} is no web address; give one that begins with http:// or https://.")
    if url.userinfo:
        raise ArticleError(f"{url.host} would be sent a password; give the address without it.")
    failure: httpx.TransportError | None = None
    for ip in _resolve(url, is_allowed):
        request = httpx.Request(
            "GET",
            url.copy_with(host=ip, fragment=None),
            headers={**HEADERS, "Host": url.netloc.decode("ascii")},
            extensions={"sni_hostname": url.raw_host.decode("ascii")},
        )
        timeout = httpx.Timeout(max(0.1, deadline - time.monotonic()), connect=CONNECT_SECONDS)
        # A client for each request: a kept connection would not ask for the next name's certificate.
        with httpx.Client(trust_env=False, timeout=timeout) as client:
            try:
                response = client.send(request, stream=True)
            except (
                httpx.ConnectError,
                httpx.ConnectTimeout,
            ) as error:  # the next address of the same host may answer
                failure = error
                continue
            if response.has_redirect_location:
                return url.join(response.headers["location"])
            return _page(url, response, deadline)
    raise failure or httpx.ConnectError("the name has no address")


def _resolve(url: httpx.URL, is_allowed: Callable[[str], bool]) -> list[str]:
    """The addresses of the url's host, all of them allowed."""
    host = url.raw_host.decode("ascii")
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError as error:
        raise ArticleError(f"{host} is not found ({error.strerror}); check the address.") from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not all(is_allowed(address) for address in addresses):
        raise ArticleError(f"{host} is not on the public Internet; save the page and add it as a file.")
    return addresses


def _page(url: httpx.URL, response: httpx.Response, deadline: float) -> Fetched:
    if response.status_code != 200:
        reason = f"{response.status_code} {response.reason_phrase}".strip()
        advice = _when(response.headers.get("retry-after", "")) if response.status_code in (429, 503) else ""
        advice = advice or "check the address in a browser"
        raise NoPageError(f"{url} answers {reason}; {advice}.", response.status_code)
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    suffix = _suffix(kind, url)
    if not suffix:
        shown = kind or "of no stated kind"
        raise ArticleError(f"{url} is {shown}; factbot fetches {', '.join(_FETCHED)} and feeds.")
    limit = CONTAINER_LIMIT if suffix in CONTAINERS else size_limit(suffix)
    if response.headers.get("content-encoding", "identity").lower() not in ("identity", "gzip", "deflate"):
        raise ArticleError(f"{url} comes compressed in a way that was not asked for; save it as a file.")
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > limit:
            raise ArticleError(f"{url} is larger than {limit // 1_000_000} MB; save the part you need.")
        if time.monotonic() > deadline:
            raise httpx.ReadTimeout("out of time")
    # A feed declares its encoding itself, and knows it better than its server.
    encoding = response.charset_encoding if suffix in TEXT_TYPES.values() else None
    return _as_utf8(bytes(body), encoding), suffix, str(url.copy_with(fragment=None))


_FETCHED = list(
    dict.fromkeys(s.removeprefix(".").upper() for s in (TEXT_TYPES | DOCUMENT_TYPES | CONTAINER_TYPES).values())
)


def _suffix(kind: str, url: httpx.URL) -> str:
    """The suffix of what a server calls `kind`, "" if factbot does not read it."""
    stated = _suffix_of(url)
    if kind in UNSPECIFIC_TYPES or (kind == "text/plain" and stated in SENT_AS_PLAIN_TEXT):
        return stated
    return SUFFIX_BY_TYPE.get(kind, "")


def _suffix_of(url: httpx.URL) -> str:
    """The kind that the end of an address says, "" if it is none that factbot reads."""
    path = PurePosixPath(url.path.lower())
    if path.suffix == ".gz":
        return ".xml" if path.stem.endswith(".xml") else ""
    return path.suffix if path.suffix in (*SUFFIXES, *CONTAINERS, ".xml") else ""


def _when(retry_after: str) -> str:
    """What to do about a Retry-After header, which holds seconds or a date; "" if it does not."""
    try:
        if retry_after.isdecimal():
            moment = datetime.now(UTC) + timedelta(seconds=int(retry_after))
        else:
            moment = parsedate_to_datetime(retry_after).astimezone(UTC)
        moment += timedelta(minutes=1, microseconds=-1)  # rounded up, as only minutes are shown
    except (ValueError, TypeError, OverflowError):
        return ""
    return f"try again after {moment:%Y-%m-%d %H:%M} UTC"


def _as_utf8(body: bytes, encoding: str | None) -> bytes:
    """The body re-encoded, where its server names an encoding that it really is in."""
    try:
        return body.decode(encoding).encode() if encoding else body
    except (LookupError, ValueError):
        return body
