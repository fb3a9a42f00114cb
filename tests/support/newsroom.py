"""A small corpus for the tests of the page, its server, and the browser that looks at it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from factbot import FactBot

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# No sandbox, because tests may run as root; the rest keeps Chromium from calling home.
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

MAYOR_QUESTION = "Who was elected mayor of Tolvik?"
STRIKE_QUESTION = "How many days did the strike at Tolvik harbour last?"
BRIDGE_QUESTION = "Who built the Brellin bridge?"
UNANSWERABLE = "What is the boiling point of tungsten?"

# What an article or a person may bring along; each sets __pwned or calls out where it comes alive.
PAYLOADS = (
    "<script>__pwned = 1</script>",
    '<img src=x onerror="__pwned = 2">',
    '"><svg onload=alert(3)>',
    "' autofocus onfocus='alert(4)",
    "[click](javascript:alert(5))",
    "![pixel](http://tracker.example/pixel.png)",
    '<img src="http://tracker.example/pixel.png">',
    "](javascript:alert(6))",
    "${__pwned = 7}",
    "{{#each this}}{{this}}{{/each}}",
    "</div></main><h1>broken out</h1>",
    "<style>body { display: none }</style>",
)

FILLER = "\n\n".join(
    f"Item {n} of the agenda was read out, discussed at some length, and put off to a later meeting."
    for n in range(60)
)

ARTICLES = {
    "tolvik-mayor.txt": f"""---
title: "Tolvik elects Ingrid Solheim as mayor"
source: "Tolvik Post"
author: "Nils Berg"
date: 2021-05-04
url: https://tolvik-post.example/solheim
language: en
---

The town council of Tolvik met on Tuesday evening in the old town hall.

{FILLER}

Ingrid Solheim, a ship's engineer, was elected mayor of Tolvik on 4 May 2021 with 19 votes out of 31. She
promised to repair the quay before the winter.

{FILLER}
""",
    "tolvik-strike.txt": """---
title: "Strike at Tolvik harbour ends after nine days"
source: "Tolvik Post"
date: 2019-09-12
url: https://tolvik-post.example/strike
---

Dock workers at Tolvik harbour went back to work on Thursday. The strike at Tolvik harbour lasted nine days
and ended with a rise in wages of 4 per cent.

The union had asked for 6 per cent. The harbour's director, Per Aune, said that 14 ships had been sent
elsewhere.
""",
    "brellin-bridge.txt": f"""---
title: 'The Brellin bridge {PAYLOADS[0]} {PAYLOADS[1]}'
source: '{PAYLOADS[2]} Gazette'
author: "{PAYLOADS[3]}"
date: "<b>1998</b>"
url: "javascript:alert(document.domain)"
language: 'en"><script>alert(8)</script>'
---

The Brellin bridge was built by the engineer Oskar Lind {PAYLOADS[0]} {PAYLOADS[1]} and opened on 3 June 1998.

{" ".join(PAYLOADS)}
""",
    "library.txt": """---
title: "Library of Tolvik lends musical instruments"
source: "Tolvik Post"
date: 2020-02-11
---

The public library of Tolvik has begun to lend violins, guitars and accordions. A reader may keep an
instrument for four weeks. The librarian, Anne Moe, said that the accordions were the first to go.
""",
}


@dataclass(frozen=True)
class Served:
    """A chat that is being served, and the bot behind it."""

    url: str
    bot: FactBot


def write_corpus(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in ARTICLES.items():
        (folder / name).write_text(content, encoding="utf-8")
    return folder


@contextmanager
def serving(corpus: Path, index: Path, kind: type[FactBot] = FactBot) -> Iterator[Served]:
    """Serve the chat on a free port of this machine, within this process."""
    from factbot.web.server import start

    with kind.open(corpus, index=index) as bot:
        page = start(bot, port=0)
        try:
            yield Served(page.local_url, bot)
        finally:
            page.close(verbose=False)
