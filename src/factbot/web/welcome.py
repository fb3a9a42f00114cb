"""What stands in the chat where no question has been asked yet."""

from __future__ import annotations

from collections.abc import Collection

from factbot.web.rendering import render

__all__ = ["EXAMPLES", "welcome", "welcome_without_articles"]

# Questions and claims for the sample corpus, each with the article that it is about. One is offered only where
# there is such an article, so that another corpus gets none of them.
QUESTIONS = (
    (
        "Whom did Boris Johnson meet at the ambassador's residence in Moscow?",
        "world/johnson-meets-activists-moscow-residence.md",
    ),
    (
        "How many barrels of oil were spilled in the Gulf of Mexico?",
        "business/bp-spill-court-3-19-million-barrels.md",
    ),
    ("How many people died of Ebola?", "health/ebola-epidemic-ends-2016.md"),
)
CLAIMS = (
    (
        "The Ever Given ran aground in the Suez Canal on 23 March 2021.",
        "business/ever-given-blocks-suez-canal.md",
    ),
    (
        "Lance Armstrong was stripped of five Tour de France titles.",
        "sport/lance-armstrong-stripped-of-tours.md",
    ),
)
EXAMPLES = QUESTIONS + CLAIMS


def welcome(article_ids: Collection[str]) -> str:
    """What stands where no question has been asked yet, with examples that the articles answer."""
    examples = [(number, text) for number, (text, article_id) in enumerate(EXAMPLES) if article_id in article_ids]
    questions = [example for example in examples if example[0] < len(QUESTIONS)]
    claims = [example for example in examples if example[0] >= len(QUESTIONS)]
    return render(
        "welcome.html", groups=(("A question, for example", questions), ("A statement to check", claims))
    )


def welcome_without_articles() -> str:
    """The same where the corpus holds nothing yet: how to add articles."""
    return render("welcome_without_articles.html")
