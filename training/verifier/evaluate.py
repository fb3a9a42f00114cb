"""`python -m training.verifier.evaluate --data DIR`: figures of the logits alone, beside two baselines."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from benchmarks.rows import sentences
from training.verifier.batches import Tokens, load_tokenizer, parts, tensors, tokens
from training.verifier.model import Network, trained
from training.verifier.pairs import LABELS, LONGEST, NOT_SUPPORTED, REFUTED, SUPPORTED, Pair, pairs
from training.words import content_words

AT_ONCE = 2_048  # tokens
WORKERS = 2
WINDOW = 150  # words
CUTS = [step / 20 for step in range(21)]
SEED = 3


def logits_of(
    network: Network, found: Sequence[Tokens], device: str = "cpu", workers: int = WORKERS
) -> NDArray[np.float32]:
    """[pairs, 3], in the order of `found`."""
    order = sorted(range(len(found)), key=lambda i: len(found[i].ids))
    made = np.zeros((len(found), 3), dtype=np.float32)

    def run(part: Sequence[Tokens]) -> NDArray[np.float32]:
        ids, mask, types, _ = tensors(part, network.shape.pad, device)
        with torch.no_grad():
            return network(ids, mask, types).float().cpu().numpy()  # type: ignore[no-any-return]

    with ThreadPoolExecutor(workers) as pool:
        rows = np.concatenate(list(pool.map(run, parts([found[i] for i in order], AT_ONCE))))
    made[order] = rows
    return made


def accuracy(logits: NDArray[np.float32], labels: Sequence[int]) -> tuple[float, float]:
    """(accuracy, label-balanced accuracy) of the surest class.

    Where labels are only REFUTED and SUPPORTED, the third class is not asked for; where some only say
    NOT_SUPPORTED, the two other classes count as one.
    """
    truth = np.array(labels)
    if NOT_SUPPORTED in truth:
        odds = logits[:, 0] - np.logaddexp(logits[:, 1], logits[:, 2])
        said, truth = np.where(odds > 0, 0, 1), np.where(truth == SUPPORTED, 0, 1)
    elif set(truth) == {SUPPORTED, REFUTED}:
        said = logits[:, :2].argmax(axis=1)
    else:
        said = logits.argmax(axis=1)
    right = said == truth
    return float(right.mean()), float(np.mean([right[truth == label].mean() for label in np.unique(truth)]))


def trial(folder: Path) -> list[Pair]:
    """The trial's single claims, each with the sentences that decide it."""
    found = []
    for line in (folder / "claims.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if not row.get("parts"):
            found.append(Pair(row["claim"], " ".join(row["evidence"]), LABELS[row["label"]], "trial"))
    return found


def sets(data: Path, rows: int) -> Iterator[tuple[str, list[Pair]]]:
    """The trial and the development sets, each at random cut to `rows`."""
    yield "trial", trial(data / "trial")
    for path in sorted((data / "verify" / "dev").glob("*.jsonl.gz")):
        found = list(pairs(path))
        yield path.name.partition(".")[0], Random(SEED).sample(found, min(rows, len(found)))


def windows(evidence: str) -> list[str]:
    """A long text as runs of sentences of at most WINDOW words, each run beginning with the last sentence of the
    one before; a short one as it is."""
    if len(evidence.split()) <= LONGEST:
        return [evidence]
    made: list[list[str]] = [[]]
    for sentence in sentences(evidence):
        if made[-1] and len(" ".join([*made[-1], sentence]).split()) > WINDOW:
            made.append(made[-1][-1:])
        made[-1].append(sentence)
    return [" ".join(run) for run in made]


def read(
    logits: Callable[[list[tuple[str, str]]], NDArray[np.float32]], found: Sequence[Pair]
) -> NDArray[np.float32]:
    """Logits [pairs, 3]; of a text in windows those of the window that is the least "not enough"."""
    asked = [(i, (pair.claim, text)) for i, pair in enumerate(found) for text in windows(pair.evidence)]
    rows = logits([pair for _, pair in asked])
    undecided = rows[:, 2] - np.logaddexp(rows[:, 0], rows[:, 1])
    best: dict[int, int] = {}
    for place, (i, _) in enumerate(asked):
        if i not in best or undecided[place] < undecided[best[i]]:
            best[i] = place
    return rows[[best[i] for i in range(len(found))]]


def of_graph(folder: Path) -> Callable[[list[tuple[str, str]]], NDArray[np.float32]]:
    """The int8 graph of a folder as a function: a session of one thread, pair by pair, unpadded, two pairs side by
    side: as factbot runs it."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        str(folder / "verifier.onnx"), options, providers=["CPUExecutionProvider"]
    )
    tokenizer = load_tokenizer(folder / "tokenizer.json")

    typed = len(session.get_inputs()) > 2

    def run(encoding: Encoding) -> NDArray[np.float32]:
        ids = np.array([encoding.ids], dtype=np.int64)
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        if typed:
            feed["token_type_ids"] = np.array([encoding.type_ids], dtype=np.int64)
        row: NDArray[np.float32] = session.run(None, feed)[0][0]
        return row

    def logits(asked: list[tuple[str, str]]) -> NDArray[np.float32]:
        with ThreadPoolExecutor(WORKERS) as pool:
            return np.stack(list(pool.map(run, tokenizer.encode_batch(asked))))

    return logits


def of_network(network: Network, tokenizer: Tokenizer) -> Callable[[list[tuple[str, str]]], NDArray[np.float32]]:
    """A network as a function; its weights decide whether it reckons in float32 or bfloat16."""
    return lambda asked: logits_of(network, tokens([(*pair, 0) for pair in asked], tokenizer))


def overlap(found: Sequence[Pair]) -> tuple[float, float]:
    """(accuracy, balanced accuracy) of shared words alone: SUPPORTED above the cut-off that is best on this
    very set, else the set's most frequent other label."""
    labels = [pair.label for pair in found]
    others = [label for label in labels if label != SUPPORTED]
    other = max(set(others), key=others.count)
    shares = []
    for pair in found:
        words = content_words(pair.claim)
        shares.append(len(words & content_words(pair.evidence)) / max(1, len(words)))
    tried = [as_logits([SUPPORTED if share >= cut else other for share in shares]) for cut in CUTS]
    scores = [accuracy(logits, labels) for logits in tried]
    return max(score[0] for score in scores), max(score[1] for score in scores)


def as_logits(said: Sequence[int]) -> NDArray[np.float32]:
    """Answers as sure logits [answers, 3]."""
    made = np.full((len(said), 3), -20, dtype=np.float32)
    for row, label in zip(made, said, strict=True):
        row[1 if label == NOT_SUPPORTED else label] = 20
    return made


def table(
    data: Path, models: Mapping[str, Callable[[list[tuple[str, str]]], NDArray[np.float32]]], rows: int
) -> str:
    """Accuracy / balanced accuracy for each set, of the models and of two baselines, as Markdown."""
    names = [*models, "most frequent label", "shared words"]
    lines = [f"| set | pairs | {' | '.join(names)} |", "| --- | ---: |" + " ---: |" * len(names)]
    for name, found in sets(data, rows):
        labels = [pair.label for pair in found]
        most = max(set(labels), key=labels.count)
        scores = [accuracy(read(model, found), labels) for model in models.values()]
        scores += [accuracy(as_logits([most] * len(labels)), labels), overlap(found)]
        lines.append(f"| {name} | {len(found):,} | {' | '.join(f'{a:.3f} / {b:.3f}' for a, b in scores)} |")
        print(lines[-1], flush=True)
    return "\n".join(lines)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m training.verifier.evaluate", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with verify/dev and trial")
    parser.add_argument("--model", type=Path, help="folder with verifier.onnx and tokenizer.json")
    parser.add_argument("--network", type=Path, help="network.pt or checkpoint.pt of a run, with --tokenizer")
    parser.add_argument("--tokenizer", type=Path, help="tokenizer.json of the network")
    parser.add_argument("--rows", type=int, default=10**9, help="at most so many pairs of a set")
    arguments = parser.parse_args()
    models = {}
    if arguments.model:
        models["int8"] = of_graph(arguments.model)
    if arguments.network:
        torch.set_num_threads(1)
        network = trained(arguments.network).bfloat16()
        models["bfloat16"] = of_network(network, load_tokenizer(arguments.tokenizer))
    print(table(arguments.data, models, arguments.rows))


if __name__ == "__main__":
    main()
