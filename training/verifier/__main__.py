"""`python -m training.verifier --data DIR`: examples, the four stages of training, export, figures."""

from __future__ import annotations

import argparse
import logging
from copy import deepcopy
from pathlib import Path
from random import Random

from training.export import export
from training.reranker.scoring import tokenizer
from training.verifier.examples import drawn
from training.verifier.fit import fit, fresh
from training.verifier.made import from_articles, from_headlines, from_pronouns, from_statements, surrounded
from training.weights import averaged, stock_folder

SEED = 11
MODEL = Path(__file__).parents[2] / "src" / "factbot" / "models" / "verifier"

# Inference in general, then facts: how often each set is passed over in either stage.
GENERAL = {
    "lingnli": 0.3,
    "mnli": 0.5,
    "cad_nli": 0.7,
    "snli": 0.25,
    "sick": 0.25,
    "conjnli": 0.2,
    "mpe": 0.15,
    "scone": 0.25,
    "vitaminc_real": 0.25,
}
GENERAL_TOKENS, GENERAL_RATE = 128, 1e-4
FACTS = {
    "vitaminc_real": 1.05,
    "vitaminc_synthetic": 0.4,
    "docnli_fever": 0.2,
    "fm2": 1.5,
    "scifact": 1.3,
    "citint": 0.08,
    "cad_nli": 0.25,
    "lingnli": 0.05,
    "mnli": 0.08,
    "scone": 0.1,
}
FROM_ARTICLES, FROM_STATEMENTS = 4_600, 4_200
SURROUNDED = 0.15
FACTS_TOKENS, FACTS_RATE = 320, 8e-5

# Once more, and mostly what a corpus is made of: passages under their article's title and date.
NEWS = {
    "vitaminc_real": 0.6,
    "vitaminc_synthetic": 0.3,
    "docnli_fever": 0.35,
    "fm2": 1,
    "scifact": 1,
    "cad_nli": 0.2,
    "lingnli": 0.1,
    "mnli": 0.15,
    "scone": 0.05,
}
NEWS_FROM_ARTICLES, NEWS_FROM_STATEMENTS = 15_000, 3_000
NEWS_RATE = 6e-5

# Other words for the same: much of general inference, headlines, and claims over two sentences.
WORDING = {
    "lingnli": 0.75,
    "mnli": 0.85,
    "cad_nli": 0.5,
    "snli": 0.2,
    "sick": 0.2,
    "scone": 0.1,
    "vitaminc_real": 0.45,
    "vitaminc_synthetic": 0.2,
    "docnli_fever": 0.4,
    "fm2": 1,
    "scifact": 0.5,
}
WORDING_FROM_ARTICLES, WORDING_FROM_STATEMENTS, FROM_HEADLINES, FROM_PRONOUNS = 4_000, 2_000, 6_000, 4_000
WORDING_RATE, WORDING_FROZEN = 8e-5, 3
WORDING_SHARE = 0.5  # of the way that this stage goes: it gains in wording, and loses a little in facts


def main() -> None:
    """Run every step whose output is not there yet."""
    parser = argparse.ArgumentParser(prog="python -m training.verifier", description=__doc__)
    parser.add_argument(
        "--data", type=Path, required=True, help="folder with verify/train, verify/dev and ask/train"
    )
    parser.add_argument("--work", type=Path, default=Path("build/verifier"), help="folder for checkpoints")
    parser.add_argument("--model", type=Path, default=MODEL, help="folder for the finished model")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    sets = arguments.data / "verify" / "train"
    articles = arguments.data / "ask/train/newsqa_2023.articles.jsonl.gz"
    encoder = tokenizer(stock_folder(), FACTS_TOKENS)

    model = fresh()
    general = list(drawn(sets, GENERAL, Random(SEED)))
    fit(model, general, tokenizer(stock_folder(), GENERAL_TOKENS), arguments.work / "general", GENERAL_RATE, SEED)

    random = Random(SEED)
    facts = list(surrounded(list(drawn(sets, FACTS, random)), SURROUNDED, random))
    facts += from_articles(articles, FROM_ARTICLES, random)
    facts += from_statements(sets, FROM_STATEMENTS, random)
    fit(model, facts, encoder, arguments.work / "facts", FACTS_RATE, SEED)

    random = Random(SEED + 1)
    news = list(surrounded(list(drawn(sets, NEWS, random)), SURROUNDED, random))
    news += from_articles(articles, NEWS_FROM_ARTICLES, random)
    news += from_statements(sets, NEWS_FROM_STATEMENTS, random)
    fit(model, news, encoder, arguments.work / "news", NEWS_RATE, SEED)

    before = deepcopy(model)
    random = Random(SEED + 2)
    wording = list(surrounded(list(drawn(sets, WORDING, random)), SURROUNDED, random))
    wording += from_articles(articles, WORDING_FROM_ARTICLES, random)
    wording += from_headlines(articles, FROM_HEADLINES, random)
    wording += from_pronouns(articles, FROM_PRONOUNS, random)
    wording += from_statements(sets, WORDING_FROM_STATEMENTS, random)
    fit(model, wording, encoder, arguments.work / "wording", WORDING_RATE, SEED, frozen=WORDING_FROZEN)
    export(averaged(before, model, WORDING_SHARE), arguments.model, "verifier")


if __name__ == "__main__":
    main()
