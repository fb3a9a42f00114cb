"""Reading a file in a process of its own: a reader that crashes, loops or eats memory harms nothing else.

One small process, started when it is first needed, reads file after file; one that hangs or has died is replaced.
A request is a line such as ".pdf 12345" and that many bytes. A reply is a line with a length and that much JSON:
nothing that comes back is ever executed, whatever the file did to its reader.
"""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
import time
from threading import Lock, Timer

from factbot.corpus.formats.content import Content, Unreadable

__all__ = ["ReaderProcess", "read_apart"]

SECONDS = 60.0  # for one file
MODULE = "factbot.corpus.formats.documents.worker"


class ReaderProcess:
    """The process that reads the documents of `kinds.DOCUMENTS`, one file at a time, for all threads."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, data: bytes, suffix: str) -> Content:
        """The content of a file of that kind. Raises Unreadable where the file, or reading it, fails."""
        with self._lock:
            reply = json.loads(self._ask(data, suffix))
        if "problem" in reply:
            raise Unreadable(reply["problem"])
        return Content(reply["title"], reply["text"], reply["metadata"], tuple(reply["pages"]), reply["note"])

    def close(self) -> None:
        """End the process. The next file starts another."""
        with self._lock:
            self._stop()

    @property
    def pid(self) -> int | None:
        """The process's id, None before the first file."""
        return self._process.pid if self._process else None

    def _ask(self, data: bytes, suffix: str) -> bytes:
        process = self._running()
        assert process.stdin and process.stdout
        timer = Timer(self.seconds, process.kill)
        timer.daemon = True
        started = time.monotonic()
        timer.start()
        try:
            process.stdin.write(f"{suffix} {len(data)}\n".encode())
            process.stdin.write(data)
            process.stdin.flush()
            length = int(process.stdout.readline(32))
            reply = process.stdout.read(length)
            if len(reply) < length:
                raise EOFError
            return reply
        except (OSError, ValueError, EOFError) as error:  # the pipe broke
            self._stop()
            if time.monotonic() - started >= self.seconds:
                raise Unreadable(
                    f"takes longer than {self.seconds:g} seconds to read; split it or save its text as plain text"
                ) from error
            raise Unreadable(
                "cannot be read (its reader crashed); open it in another program and save it anew"
            ) from error
        except BaseException:  # Ctrl-C: else the reply that is still to come would be taken for the next file's
            self._stop()
            raise
        finally:
            timer.cancel()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is not None:
            self._stop()  # somebody killed it between two files
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", MODULE],  # -P: no module out of the folder one happens to be in
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C goes to the parent, which ends this process
            )
            atexit.register(self.close)
        return self._process

    def _stop(self) -> None:
        if self._process is None:
            return
        atexit.unregister(self.close)
        self._process.kill()
        self._process.communicate()
        self._process = None


_shared = ReaderProcess()


def read_apart(data: bytes, suffix: str) -> Content:
    """The content of one of `kinds.DOCUMENTS`, read by the process that all share. Raises Unreadable."""
    return _shared.read(data, suffix)
