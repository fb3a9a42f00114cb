"""The browser chat and the Corpus tab: `serve(bot)` opens them.

server.py       the address, the limits and the headers that it is served with
access.py       who may do what: hosts, sign-in (sign_in.py), roles, bounds and rates (limits.py)
calls.py        what commands beside the running app want of its bot
app.py          the page's parts and events; line.py says whose turn it is
preparation.py  models and index, made ready in the background
jobs.py         sync, re-embedding and adding, one at a time; condition.py says in words how far
transcript.py   the conversation as HTML: questions and answers
checks.py       what a text's check comes to, as HTML
corpus.py       what people do with articles: listing.py finds, drafts.py previews, corpus_html.py shows
panel.py        the evidence panel: an article with the decisive words highlighted
markup.py       escaping: nothing from an article or a person reaches the page but through it
style.css, chat.js, corpus.html, corpus.js, sign_in.html, favicon.svg
"""

from factbot.web.server import serve

__all__ = ["serve"]
