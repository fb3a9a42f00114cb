"""factbot in langchain: the retrieval as a retriever, the whole chain as a runnable."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableConfig, RunnableLambda

from factbot.answering.chain import AnswerChain
from factbot.answering.follow_ups import clean
from factbot.answering.working import Working
from factbot.results import Answer

__all__ = ["BaseRetriever", "LangchainRetriever", "Runnable", "as_runnable"]


class LangchainRetriever(BaseRetriever):
    """A HybridRetriever for langchain. Its `k` documents are what `search` gives as Passages."""

    retriever: Any  # a HybridRetriever, whose fields are Protocols, which pydantic cannot check
    k: int = 10

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        return [
            Document(id=p.id, page_content=p.text, metadata={k: v for k, v in p.to_dict().items() if k != "text"})
            for p in self.retriever.search(clean(query), self.k)
        ]


def as_runnable(chain: AnswerChain) -> Runnable[str, Answer]:
    """The chain step by step: invoke, batch, ainvoke, and stream, which yields growing answers."""
    understand: Runnable[str, Working] = RunnableLambda(chain.understand, name="understand")
    return (
        understand
        | RunnableLambda(chain.find, name="find")
        | RunnableLambda(chain.read, name="read")
        | RunnableLambda(chain.select, name="select")
        | _Compose(chain)
    ).with_config(run_name="factbot")


class _Compose(Runnable[Working, Answer]):
    """The last step: `invoke` gives the whole answer, `stream` the growing ones."""

    name = "compose"

    def __init__(self, chain: AnswerChain) -> None:
        self._chain = chain

    def invoke(self, input: Working, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:
        *_, answer = self.stream(input)
        return answer

    def stream(
        self, input: Working, config: RunnableConfig | None = None, **kwargs: Any | None
    ) -> Iterator[Answer]:
        yield from (made for made in self._chain.compose(input) if isinstance(made, Answer))
