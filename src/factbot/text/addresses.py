"""Web addresses: which texts are one, and which host they lead to."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

__all__ = ["begins_as_address", "host", "leads_to_page", "site", "web_address"]


def begins_as_address(text: str) -> bool:
    """Whether whoever wrote this meant a web address: it begins with http:// or https://, in any case."""
    return text.lower().startswith(("http://", "https://"))


def web_address(text: str) -> str:
    """`text` without white space at its ends if it is an http(s) address with a host, else ""."""
    text = text.strip()
    return text if _parts(text) else ""


def host(address: str) -> str:
    """The host's name that an http(s) address leads to, in small letters; "" for anything else."""
    parts = _parts(address)
    return (parts.hostname or "") if parts else ""


def site(address: str) -> str:
    """Scheme, host and port of an http(s) address, such as "https://news.example:8443"; "" for anything else."""
    parts = _parts(address)
    return f"{parts.scheme}://{parts.netloc.lower()}" if parts else ""


def leads_to_page(address: str) -> bool:
    """Whether an http(s) address names a page, and not only a site, which all its articles may name."""
    parts = _parts(address)
    return bool(parts and (parts.path.strip("/") or parts.query))


def _parts(address: str) -> SplitResult | None:
    """The parts of an http(s) address; None for what is none."""
    try:
        parts = urlsplit(address)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return None
    return parts if is_web and not re.search(r"\s", address) else None
