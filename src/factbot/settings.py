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
    """Everything that can be set, with its default. Each field is also `FACTBOT_<FIELD>`.

    `docs/settings.md` is written from the sentence under each field.
    """

    corpus: Path = Path("corpus")
    """The folder of articles."""

    index: Path = Path()
    """The folder of the index. Not set: `.factbot` beside the corpus folder."""

    embedding_model: str = "all-MiniLM-L6-v2"
    """A sentence-transformers model: a folder or a hub id. The default comes with factbot."""

    passage_size: int = 350
    """Characters that a passage aims at when it is embedded."""

    context_size: int = 780
    """Characters to which a found passage is widened, by whole sentences, when it is shown."""

    chroma_url: str = ""
    """The address of a Chroma server for the vectors. Not set: local files."""

    chroma_collection: str = "passages"
    """What the name of the collection in Chroma begins with."""

    chroma_token: str = ""
    """The token that is sent to the Chroma server."""

    chroma_tenant: str = "default_tenant"
    """The tenant on the Chroma server."""

    chroma_database: str = "default_database"
    """The database on the Chroma server."""

    chroma_ca: str = ""
    """A file of certificates to trust for a Chroma server over https. Not set: those of the system."""

    answer_threshold: float = 0.35
    """The probability (0 to 1) from which a question is answered. A higher one leaves more unanswered."""

    verifier: str = ""
    """A Hugging Face sequence classifier for inference: a folder or a hub id. Not set: the one in the package."""

    risk: float = 0.15
    """The share (0 to 1) of decided verdicts that may be wrong, as measured on public sets. A lower one decides
    fewer claims; 1 sets no limit."""

    llm: str = ""
    """A language model, as `provider:name`. Not set: none is used."""

    llm_url: str = ""
    """The address of an OpenAI-compatible server (llama.cpp, vLLM, LM Studio) that has the model."""

    llm_timeout: float = 60.0
    """Seconds that one call of the language model may take."""

    llm_budget: int = 20_000
    """Tokens, in and out together, that the language model may use for one question or one checked text."""

    judge: str = ""
    """`llm` lets the language model be one more scorer of a verdict. Not set: it has no say."""

    cache: Path = Path()
    """The folder for converted models. Not set: the user's cache folder."""

    sign_in: Path = Path()
    """The file of people who may sign in to the page, made by `factbot user`. Not set: nobody has to sign in."""

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
