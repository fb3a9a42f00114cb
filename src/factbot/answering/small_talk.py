"""What is typed and is no question about the articles: a greeting, thanks, "what can you do?", "summarise ..."."""

from __future__ import annotations

import re

from factbot.text.english import any_of

__all__ = ["reply_to"]

WHAT_IT_DOES = (
    "factbot answers questions from your articles, in their own words and with the source of each sentence, and "
    "it checks statements against them."
)
ASK = "Ask a question, such as “Who won the election?”, or give a statement to check."
HELLO = f"Hello. {WHAT_IT_DOES} {ASK}"
WELCOME = f"You are welcome. {ASK}"
GOODBYE = "Goodbye."
ABOUT = f"{WHAT_IT_DOES} Where they hold no answer, it says so. {ASK}"
NO_SUMMARY = (
    "factbot writes no summaries. It quotes the sentences that answer a question, and it checks statements. Ask "
    "what you want to know of this: who, what, when, where or how many."
)

_TO_WHOM = rf"(?:[,\s]+(?:{any_of('there factbot bot everyone all again you so very much a lot')}))*"
_HOW_ARE_YOU = r"(?:how are you(?: doing)?(?: today)?|nice to meet you)"
_HELLO = rf"(?:{any_of('hello hi hey greetings howdy')}|good (?:morning|afternoon|evening|day)){_TO_WHOM}"
_THANKS = rf"(?:many thanks|thanks|thank you|thx|cheers){_TO_WHOM}"
_PRAISE = (
    r"(?:for (?:your|the|all your) (?:help|answers?)|(?:that|this) (?:was|is) \w+(?: \w+)?|that helped\b.*|bye)"
)
_ITSELF = rf"(?:you|factbot|(?:this|the) (?:{any_of('tool app bot chatbot page program site')}))"
_MAKE = r"(?:give|write|make|show)(?: me| us)? (?:an? |the )?(?:\w+ )?"
_PLEASE = rf"(?:(?:please|kindly|(?:{any_of('can could would will')}) you(?: please)?|i (?:want|need) you to) )?"
_SUMMARY = any_of("summary overview recap digest")
_REPLIES = tuple(
    (reply, re.compile(rf"\W*(?:{pattern})\W*", re.I))
    for reply, pattern in (
        (HELLO, rf"{_HELLO}(?:\W+{_HOW_ARE_YOU})?|{_HOW_ARE_YOU}"),
        (WELCOME, rf"(?:(?:{any_of('ok okay great perfect')})\W+)?{_THANKS}(?:\W+{_PRAISE})?|ok|okay"),
        (GOODBYE, rf"(?:bye|goodbye|bye bye|good night|see you){_TO_WHOM}(?: (?:later|soon|tomorrow))?"),
        (
            ABOUT,
            rf"(?:{_HELLO}\W+)?(?:(?:who|what) (?:are|is) {_ITSELF}"
            rf"|(?:what|how) (?:can|do|could|does) (?:{_ITSELF}|this) (?:do|work|help|know|help me)(?: for me)?"
            r"|(?:what|how) (?:can|may|do|should) (?:i|we) (?:ask|do|use)(?: (?:you|here|this|factbot|it))?"
            r"|what (?:questions )?can (?:you|i) (?:answer|ask)(?: you)?|(?:please )?help(?: me)?(?: please)?)",
        ),
        (
            NO_SUMMARY,
            rf"{_PLEASE}(?:(?:summari[sz]e|sum up|recap)\b.*|{_MAKE}(?:{_SUMMARY})\b.*)"
            rf"|(?:an? |the )?(?:\w+ )?(?:{_SUMMARY}) of .*|tl;?dr\b.*",
        ),
    )
)


def reply_to(line: str) -> str:
    """What is said to a greeting, thanks, a question about factbot or a call for a summary; "" for any other."""
    return next((reply for reply, pattern in _REPLIES if pattern.fullmatch(line)), "")
