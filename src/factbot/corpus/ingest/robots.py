"""What a site's robots.txt (RFC 9309) lets factbot fetch, and how often."""

from __future__ import annotations

from functools import lru_cache

from protego import Protego

from factbot.corpus.ingest.fetch import Fetched, NoPageError, Pace, fetch
from factbot.errors import ArticleError
from factbot.text.addresses import host, site

__all__ = ["fetch_allowed", "fetch_paced", "forget_rules", "robots_allow"]

AGENT = "factbot"
ROBOTS_LIMIT = 500_000  # characters (RFC 9309, 2.5)
LONGEST_DELAY = 30.0  # seconds between two pages; a site that asks for more gets no visits at all
CLOSED = "User-agent: *\nDisallow: /"

_PACE = Pace()


def fetch_allowed(url: str) -> Fetched:
    """The page at `url`, once its site may be asked again.

    Raises ArticleError where robots.txt does not let us, or where the page cannot be fetched.
    """
    if not robots_allow(url):
        raise ArticleError(
            f"{url} is closed to programs by its site's robots.txt, or that cannot be read; save the page."
        )
    delay = _rules(site(url)).crawl_delay(AGENT) or 0.0
    if delay > LONGEST_DELAY:
        raise ArticleError(
            f"{url} is on a site whose robots.txt asks for {delay:g} seconds between pages; save the page."
        )
    return fetch_paced(url, delay)


def fetch_paced(url: str, delay: float = 0.0) -> Fetched:
    """The page at `url`, whatever robots.txt says; its host is left alone for `delay` seconds after it."""
    _PACE.wait(host(url), delay)
    return fetch(url)


def robots_allow(url: str) -> bool:
    """Whether robots.txt of the url's host lets factbot read it; asked once per host and run.

    Yes where there is none, no where the host does not tell.
    """
    try:
        return bool(site(url)) and _rules(site(url)).can_fetch(url, AGENT)
    except ValueError:  # an address that Protego cannot take apart
        return False


def forget_rules() -> None:
    """Ask every site anew, as each run does."""
    _rules.cache_clear()


@lru_cache(maxsize=1_000)
def _rules(address: str) -> Protego:
    """The rules of a site, given as `https://host`."""
    try:
        text = fetch_paced(f"{address}/robots.txt")[0].decode("utf-8-sig", "replace")[:ROBOTS_LIMIT]
    except ArticleError as error:
        # RFC 9309, 2.3.1: "there is none for you" allows everything, a server in trouble nothing.
        is_none = isinstance(error, NoPageError) and 400 <= error.status < 500 and error.status != 429
        text = "" if is_none else CLOSED
    return Protego.parse(text)
