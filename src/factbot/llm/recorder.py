"""What a server says of its reply, beside the reply itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from langchain_core.callbacks import BaseCallbackHandler

if TYPE_CHECKING:
    from langchain_core.outputs import LLMResult

__all__ = ["ReplyRecorder"]


class ReplyRecorder(BaseCallbackHandler):
    """Notes the tokens of one reply, read and written, and whether it was cut off for its length."""

    def __init__(self) -> None:
        self.tokens = (0, 0)
        self.is_cut = False

    def on_llm_end(self, response: LLMResult, **kwargs: Any) -> None:
        for generation in (one for several in response.generations for one in several):
            message = getattr(generation, "message", None)
            if usage := getattr(message, "usage_metadata", None):
                self.tokens = (usage["input_tokens"], usage["output_tokens"])
            told = getattr(message, "response_metadata", {})
            ends = [str(told.get(key)).lower() for key in ("finish_reason", "stop_reason", "done_reason")]
            self.is_cut = any("length" in end or "max_tokens" in end for end in ends)
