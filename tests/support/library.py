"""A small corpus of made-up news, and ways to run factbot on it that every test module uses."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from factbot import FactBot
from factbot.corpus.folder import Corpus
from factbot.corpus.formats.article import read_article

LIGHTHOUSE_QUESTION = "Who built the lighthouse at Orrin Point?"
COUNT_QUESTION = "How many votes did Pell Harrow win after the recount?"
SHARED_QUESTION = "When did the ferry Corvina run aground?"
UNANSWERABLE = "What is the boiling point of tungsten?"
QUESTIONS = [LIGHTHOUSE_QUESTION, COUNT_QUESTION, SHARED_QUESTION, "comet Adeyemi", "東京の店"]
SHARED_SENTENCE = "The ferry Corvina ran aground off Skell Island on 14 March 2016."
ARTICLES = {
    "lighthouse.md": """---
title: Orrin Point lighthouse turns 150
source: The Vane
author: Ida Cole
date: 2021-06-01
url: https://vane.example/orrin-point
language: en
---

The lighthouse at Orrin Point was built by the engineer Agnes Marlow in 1871. It is 38 metres high and was
painted white and red after the war.

## Keepers

The last keeper, Tom Brandt, left in 1994, when the lamp was made automatic. A museum opened in the *old oil
store* two years later and has had 210,000 visitors since.
""",
    "election/first-count.md": """---
title: Harrow leads in Quillon by a hair
source: Quillon Courier
date: 2018-10-02
---

Pell Harrow won 10,412 votes in the election of Quillon's mayor on Sunday, according to the first count. Her
rival, Dana Stroud, won 10,397. Stroud asked for a recount on the same evening.
""",
    "election/recount.md": """---
title: Recount makes Stroud mayor of Quillon
source: Quillon Courier
date: 2018-10-19
---

After the recount Pell Harrow won 10,388 votes and Dana Stroud 10,401, so that Stroud became mayor of Quillon.
A bundle of 24 postal votes had been counted twice, the returning officer Ruth Amsel said.
""",
    "ferry-grounded.txt": f"""Ferry aground off Skell Island

{SHARED_SENTENCE} All 84 passengers were taken off by lifeboats before midnight. The captain, Johan
Ferris, said that the steering had failed.
""",
    "ferry-inquiry.txt": f"""---
title: "Inquiry blames a worn cable"
source: Marine Board
date: 2017-02-08
---

{SHARED_SENTENCE} A worn cable had cut the power to the rudder, the Marine Board found. It asked for such
cables to be replaced every four years.
""",
    "science/comet.html": """<!doctype html>
<html lang="en"><head><title>Comet Adeyemi passes the Sun</title>
<meta property="og:site_name" content="Night Sky Weekly"><meta name="author" content="Lena Frost">
<meta property="article:published_time" content="2020-04-11"></head>
<body><nav>Home | Sky | Contact</nav><article><h1>Comet Adeyemi passes the Sun</h1>
<p>Comet Adeyemi passed the Sun on 10 April 2020 at a distance of 41 million kilometres. The astronomer Folake
Adeyemi had discovered it nine months before with a telescope of her own making in Ibadan.</p>
<p>It will not return for about 6,700 years, because its orbit is long and narrow. Observers in the south saw a
tail of twelve degrees, which faded within a week.</p></article></body></html>
""",
    "wide-characters.txt": """---
title: "Café «Été» à Lys 🌦 — 東京から"
language: fr
date: 2019-07-25
---

Le café Été de Lys a servi 1 200 glaces 🍨🍨 le 25 juillet 2019. Son patron, Élie Durand, parle d’un record.

東京の店は2018年に開店した。店長は佐藤恵子さんだ。

Погода в Лисе была жаркой. Температура достигла 41 градуса.
""",
    "library-lends-tools.md": """---
title: Quillon library lends tools
source: Quillon Courier
date: 2022-01-15
---

The library of Quillon has lent drills, ladders and a cider press since January 2022. A reader may keep a tool
for ten days. The librarian, Noor Haddad, said that the cider press was booked until November.
""",
}


@dataclass(frozen=True)
class Library:
    """A corpus folder and the folder of its index."""

    corpus: Path
    index: Path

    def open(self, **settings: Any) -> FactBot:
        return FactBot.open(self.corpus, index=self.index, **settings)

    @property
    def parts(self) -> Path:
        """The folder of the index that answers, with its three stores."""
        return self.index / (self.index / "current").read_text().strip()

    @property
    def options(self) -> list[str]:
        return ["--corpus", str(self.corpus), "--index", str(self.index)]


def write_articles(folder: Path, articles: Mapping[str, str] = ARTICLES) -> Path:
    for name, content in articles.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder


def copied(library: Library, folder: Path) -> Library:
    """A copy of a corpus and its index, in `folder`."""
    shutil.copytree(library.corpus, folder / "corpus")
    shutil.copytree(library.index, folder / "index")
    return Library(folder / "corpus", folder / "index")


def boats(count: int, days: int, colour: str = "red") -> dict[str, str]:
    """Articles of `days` + 3 sentences each."""
    return {
        f"boat-{n:02}.txt": f"Boat {n}\n\nThe skipper of boat {n} found {n + 3} crates of oranges.\n\n"
        + f"Boat {n} was painted {colour} in yard {n % 7}.\n\n"
        + f"Agda Holm repaired boat {n} in week {n}.\n\n"
        + "\n\n".join(f"On day {day} boat {n} caught {n * day} herrings." for day in range(days))
        for n in range(count)
    }


def run_factbot(
    *arguments: str | Path, stdin: str = "", timeout: float = 200, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own; whatever happens, it must not end in a traceback."""
    done = subprocess.run(
        command(*arguments),
        input=stdin,
        env={**os.environ, **environment},
        capture_output=True,
        encoding="utf-8",
        timeout=timeout,
    )
    assert "Traceback" not in done.stdout + done.stderr
    assert "unexpected error" not in done.stderr
    return done


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "factbot", *map(str, arguments)]


def assert_one_sentence(text: str, *parts: str) -> None:
    """One line for a person: it begins with the program's name, ends with a full stop and holds `parts`."""
    lines = text.strip().splitlines()
    assert len(lines) == 1, text
    assert re.fullmatch(r"factbot: \S.*[.]", lines[0]), lines[0]
    for part in parts:
        assert part in lines[0]


def assert_even(bot: FactBot) -> None:
    """Folder, catalog, vectors and words hold the same articles and passages, and nothing twice."""
    folder = bot.settings.corpus
    catalog = bot.index.catalog
    assert catalog.pending() == []
    assert {a.id for a in bot.articles()} == set(Corpus(folder).files())
    for article_id, path in Corpus(folder).files().items():
        assert bot.article(article_id).text == read_article(path, article_id).text
    passages = sorted((i, article) for article, ids in catalog.passage_ids() for i in ids)
    assert len(set(passages)) == len(passages)
    assert sorted(bot.index.vectors.ids()) == passages
    assert sorted(bot.index.words.ids()) == passages


def findings(bot: FactBot) -> list[list[tuple[str, float]]]:
    """What a few questions find, to compare one index with another."""
    return [[(p.id, p.score) for p in bot.search(question, k=5)] for question in QUESTIONS]


AGENCY = """The ferry Corvina ran aground off Skell Island on Monday night with 84 passengers on board. All of
them were taken off by lifeboats before midnight. The captain said that the steering had failed in a cross sea. An
inquiry is to begin in April, the Marine Board announced. Divers found a hole of two metres below the water line,
and a tug from Lys is to pull the ship free at the next spring tide, the owners said."""
