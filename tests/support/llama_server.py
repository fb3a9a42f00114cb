"""Serves a GGUF file by llama.cpp over its OpenAI-compatible API, on a free port of this machine.

`python tests/llama_server.py FILE [CONTEXT]` prints the address when the model is loaded, and runs until killed.
"""

from __future__ import annotations

import sys
import threading

import xllamacpp


def main() -> None:
    parameters = xllamacpp.CommonParams()
    parameters.model.path = sys.argv[1]
    parameters.n_ctx = int(sys.argv[2]) if len(sys.argv) > 2 else 8_192
    parameters.n_parallel = 1
    parameters.warmup = False
    # One thread: two that wait for each other come to a stop on a machine that has other work.
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = 1
    server = xllamacpp.Server(parameters)
    print(server.listening_address, flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
