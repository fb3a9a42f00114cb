"""Settings: keyword > environment (`FACTBOT_*`) > `factbot.toml` > default."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, get_type_hints

from factbot.errors import UsageError

__all__ = ["Settings"]

SETTINGS_FILE = "factbot.toml"


@dataclass(frozen=True)
class Settings:
    """Everything that can be set, with its default; each field is also `FACTBOT_<FIELD>`.

    corpus            folder of articles
    index             folder of the index; "" is `.factbot` beside the corpus
    embedding_model   any sentence-transformers model (a folder or a hub id), or the packaged default
    passage_size      characters that a passage aims at when it is embedded
    context_size      characters that a found passage is widened to, whole sentences, for reading
    chroma_url        address of a Chroma server to use instead of local files
    chroma_collection beginning of the collection's name in Chroma
    chroma_token      sent to the Chroma server as a bearer token, and as Chroma Cloud's
    chroma_tenant, chroma_database   where on the server, as Chroma calls it
    chroma_ca         file of the certificates to trust for an https server; "" is the system's
    answer_threshold  probability (0 to 1) from which an answer is given instead of an abstention
    verifier          any Hugging Face sequence classifier (a folder or a hub id); "" is the packaged one
    risk              share (0 to 1) of decided verdicts that may be wrong: lower decides fewer; 1 sets no limit
    llm               a language model, "provider:name" as langchain's init_chat_model knows it; "" is none
    llm_url           address of an OpenAI-compatible server (llama.cpp, vLLM, LM Studio) that has the model
    llm_timeout       seconds that one call of the language model may take
    llm_budget        tokens, in and out together, that it may spend on a question, or on a text that is checked
    judge             "llm" lets the language model be one more scorer of a verdict; "" leaves it to the verifier
    cache             folder for converted models; "" is the user's cache folder
    sign_in           file of the people who may sign in to the page, written by `factbot user`; "" lets in all
    """

    corpus: Path = Path("corpus")
    index: Path = Path()
    embedding_model: str = "all-MiniLM-L6-v2"
    passage_size: int = 350
    context_size: int = 780
    chroma_url: str = ""
    chroma_collection: str = "passages"
    chroma_token: str = ""
    chroma_tenant: str = "default_tenant"
    chroma_database: str = "default_database"
    chroma_ca: str = ""
    answer_threshold: float = 0.35
    verifier: str = ""
    risk: float = 0.15
    llm: str = ""
    llm_url: str = ""
    llm_timeout: float = 60.0
    llm_budget: int = 20_000
    judge: str = ""
    cache: Path = Path()
    sign_in: Path = Path()

    @classmethod
    def load(cls, **keywords: Any) -> Settings:
        """Read every source; keywords that are None count as not given.

        Raises UsageError for an unknown name or a value of the wrong kind.
        """
        kinds = get_type_hints(cls)
        merged: dict[str, Any] = {}
        for origin, values in (
            (SETTINGS_FILE, _from_file(Path(SETTINGS_FILE))),
            ("the environment", _from_environment([f.name for f in fields(cls)])),
            ("the call", {k: v for k, v in keywords.items() if v is not None}),
        ):
            for name, value in values.items():
                if name not in kinds:
                    known = ", ".join(sorted(kinds))
                    raise UsageError(f"{origin} names a setting {name!r} that does not exist; there are {known}.")
                merged[name] = _convert(name, value, kinds[name], origin)
        settings = cls(**merged)
        if settings.index == Path():
            beside = settings.corpus.resolve().parent / ".factbot"
            settings = cls(**{**merged, "index": beside})
        return settings


def _from_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path} cannot be read ({error}); mend it or remove it.") from error


def _from_environment(names: list[str]) -> dict[str, str]:
    found = {name: os.environ.get(f"FACTBOT_{name.upper()}", "") for name in names}
    return {name: value for name, value in found.items() if value}


def _convert(name: str, value: Any, kind: type, origin: str) -> Any:
    if isinstance(value, str) and "\0" in value:
        raise UsageError(f"{origin} gives {name} a value with a NUL character; remove it.")
    try:
        converted = kind(value)
    except (TypeError, ValueError) as error:
        raise UsageError(f"{origin} gives {name} the value {value!r}, which is no {kind.__name__}.") from error
    if (kind is int or name == "llm_timeout") and not converted > 0:
        raise UsageError(f"{origin} gives {name} the value {value!r}; it must be above zero.")
    if name in ("answer_threshold", "risk") and not 0 <= converted <= 1:
        raise UsageError(f"{origin} gives {name} the value {value!r}; it must lie between 0 and 1.")
    if name == "judge" and converted not in ("", "llm"):
        raise UsageError(f"{origin} gives judge the value {value!r}; it is llm, or left out.")
    return converted
