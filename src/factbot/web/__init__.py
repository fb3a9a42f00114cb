"""The browser chat: `serve(bot)` opens it.

server.py       the address, the limits and the headers that it is served with
app.py          the page's parts and events
preparation.py  models and index, made ready in the background
transcript.py   the conversation as HTML: questions and answers
checks.py       what a text's check comes to, as HTML
panel.py        the evidence panel: an article with the decisive words highlighted
markup.py       escaping: nothing from an article or a person reaches the page but through it
style.css, chat.js, favicon.svg
"""

from factbot.web.server import serve

__all__ = ["serve"]
