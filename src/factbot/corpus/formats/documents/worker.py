"""The program that `process` runs: it reads files until its input ends, within limits on memory and time."""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from dataclasses import asdict
from importlib import import_module
from typing import BinaryIO

from factbot.corpus.formats.content import CHARACTER_LIMIT, Content, Unreadable
from factbot.corpus.formats.kinds import DOCUMENTS

__all__ = ["main"]

MEMORY = 2 << 30  # bytes of address space
CPU_SECONDS = 90  # for one file: ends a reader that loops when its parent has gone


def main() -> None:
    """Answer requests on stdin with replies on stdout, as `process` describes them."""
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, sys.stdout.fileno())  # a library that prints would break into the replies
    _limit_memory()
    while header := sys.stdin.buffer.readline(64):
        suffix, length = header.split()
        data = _exactly(sys.stdin.buffer, int(length))
        _limit_cpu()
        reply = json.dumps(_reply(data, suffix.decode())).encode()
        del data
        replies.write(b"%d\n" % len(reply) + reply)
        replies.flush()


def _exactly(stream: BinaryIO, length: int) -> bytes:
    data = stream.read(length)
    if len(data) < length:
        raise SystemExit  # the parent has gone
    return data


def _reply(data: bytes, suffix: str) -> dict[str, object]:
    try:
        content = _read(data, suffix)
        if len(content.text) > CHARACTER_LIMIT:
            raise Unreadable(
                f"has more than {CHARACTER_LIMIT // 10**6} million characters; split it into several files"
            )
        return asdict(content)
    except Unreadable as problem:
        return {"problem": str(problem)}
    except MemoryError:
        return {"problem": "needs too much memory to read; split it or save its text as plain text"}
    except Exception as error:  # anything from anywhere goes in: no list of a parser's failures is complete
        return {
            "problem": f"is damaged ({type(error).__name__}); open it in another program and save it anew",
        }


def _read(data: bytes, suffix: str) -> Content:
    module = import_module(f"factbot.corpus.formats.documents.{DOCUMENTS[suffix].reader}")
    content: Content = module.read(data)
    return content


def _limit_memory() -> None:
    with suppress(ImportError, ValueError, OSError):  # Windows has no such limits, and macOS not this one
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, hard))


def _limit_cpu() -> None:
    with suppress(ImportError, ValueError, OSError):
        import resource

        usage = resource.getrusage(resource.RUSAGE_SELF)
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (int(usage.ru_utime + usage.ru_stime) + CPU_SECONDS, hard))


if __name__ == "__main__":
    main()
