"""The page: its parts, and which event of the page leads where."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.events import api as gradio_api
from markupsafe import Markup

from factbot.bot import FactBot
from factbot.scheduling import FairQueue
from factbot.web.api.programs import ProgramCalls
from factbot.web.auth.sign_in import SIGN_OUT
from factbot.web.chat.conversation import Conversation
from factbot.web.chat.events import ChatEvents, hint
from factbot.web.chat.transcript import transcript
from factbot.web.corpus_tab.actions import CorpusTabActions
from factbot.web.corpus_tab.view import frame
from factbot.web.guard.access import role
from factbot.web.guard.limits import MAX_FILE_SIZE
from factbot.web.rendering import render
from factbot.web.startup import Startup
from factbot.web.welcome import welcome

__all__ = ["MAX_ASKING", "build"]

ABANDONED = 86_400  # seconds, after which an upload that nobody looked at is deleted
AT_ONCE = 4  # questions answered, and texts checked, side by side
MAX_ASKING = 64  # questions that are being answered or wait in our queue; further ones wait in Gradio's


def build(bot: FactBot, startup: Startup) -> gr.Blocks:
    """The page as Gradio Blocks, not yet served. What one person asks stays in that person's session."""
    queue = FairQueue(AT_ONCE)
    chat = ChatEvents(bot, startup, queue)
    programs = ProgramCalls(bot, startup, queue)
    corpus_tab = CorpusTabActions(bot, startup)

    def act(asked: Any, request: gr.Request) -> dict[str, Any]:  # Gradio sets an attribute, which no method takes
        return corpus_tab.act(asked, role(gr.Request(request)))  # Gradio passes a request that is not wrapped here

    page: gr.Blocks
    with gr.Blocks(
        title="factbot",
        analytics_enabled=False,
        fill_width=True,
        fill_height=True,
        delete_cache=(ABANDONED, ABANDONED),
    ) as page:
        talk = gr.State(Conversation())
        # Its script listens to the whole page, and triggers the events below.
        header = gr.HTML(
            render("chat/header.html", sign_out="" if bot.settings.sign_in == Path() else SIGN_OUT),
            js_on_load=_script("chat.js"),
            elem_id="masthead",
            apply_default_css=False,
        )
        _html(_slot("status", corpus_tab.status.line()), "status")
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="chat"):
                with gr.Column(elem_id="conversation"):
                    _html(_slot("welcome", welcome(())), "welcome")
                    shown = _html(transcript(()), "transcript")
                with gr.Row(elem_id="composer"):
                    question = gr.Textbox(
                        label="Your question, or a text to check",
                        placeholder="Ask, or check a text…",
                        lines=1,
                        max_lines=8,
                        autofocus=True,
                        container=False,
                        elem_id="question",
                        html_attributes=gr.InputHTMLAttributes(autocomplete="off", enterkeyhint="send"),
                    )
                    ask = gr.Button("Send", variant="primary", elem_id="ask", min_width=0, scale=0)
                below = _html(hint(), "hint")
            with gr.Column(elem_id="evidence"):
                panel = _html("", "panel")
        gr.HTML(
            frame(MAX_FILE_SIZE),
            js_on_load=_script("corpus.js"),
            server_functions=[act],
            elem_id="corpus",
            apply_default_css=False,
        )

        private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        at_once: dict[str, Any] = {**private, "concurrency_limit": None}
        asking: dict[str, Any] = {
            **private,
            "outputs": [question, shown, below],
            "trigger_mode": "multiple",
            "concurrency_limit": MAX_ASKING,
            "concurrency_id": "ask",
        }
        gr.on([question.submit, ask.click], chat.reply, [question, talk], **asking)
        header.example(chat.reply_to_example, [talk], **asking)
        header.again(chat.reply_other_way, [talk], **asking)
        header.stop(chat.stop, [talk], [shown], **at_once)
        header.clear(chat.clear, [talk], [shown, panel, below], **at_once)
        header.evidence(chat.evidence, [talk], [panel], **at_once)
        for function, name in ((programs.ask, "ask"), (programs.check, "check")):
            gradio_api(function, api_name=name, concurrency_limit=MAX_ASKING, concurrency_id="ask")
    return page


def _script(name: str) -> str:
    return (files("factbot.web") / "static" / name).read_text(encoding="utf-8")


def _slot(name: str, content: str) -> str:
    """A place in the page that its script puts new HTML into; `content` is HTML that a template made."""
    return render("slot.html", name=name, content=Markup(content))


def _html(value: str, elem_id: str) -> gr.HTML:
    """HTML of ours, without Gradio's script and style for it."""
    return gr.HTML(value, elem_id=elem_id, js_on_load=None, apply_default_css=False)
