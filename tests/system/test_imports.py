"""What an import or a command loads: nothing heavy before it is needed."""

from __future__ import annotations

import subprocess
import sys


def test_importing_factbot_imports_nothing_heavy() -> None:
    heavy = {"numpy", "chromadb", "tantivy", "langchain_core", "onnxruntime", "torch", "gradio"}
    script = f"import sys, factbot; factbot.FactbotError, factbot.Answer; print({heavy} & {{*sys.modules}})"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout == "set()\n"


def test_importing_the_module_is_light() -> None:
    code = "import sys, factbot.corpus.formats.article; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"trafilatura", "lxml", "charset_normalizer", "markdown_it", "numpy", "torch"} & set(loaded)
