"""Fine-tuning a cross-encoder to three classes, in stages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertForSequenceClassification

from training.loop import encode, train
from training.verifier.examples import NOT_SUPPORTED, Pair, steps
from training.weights import HIDDEN, stock_model

PAIRS_PER_PART = 16
WARM_UP = 0.06
BFLOAT16 = torch.cpu.get_capabilities().get("avx512_bf16", False)  # quicker, where the processor has it
SMOOTHING = 0.05  # of the labels: they are not all right


def fresh() -> BertForSequenceClassification:
    """The stock cross-encoder with three untrained classes in the place of its one logit."""
    model = stock_model()
    torch.manual_seed(0)
    model.classifier = nn.Linear(HIDDEN, 3)
    nn.init.normal_(model.classifier.weight, std=0.02)
    nn.init.zeros_(model.classifier.bias)
    model.num_labels = model.config.num_labels = 3
    # They hardly move in a pass or two, and leaving them saves a seventh of the time.
    model.bert.embeddings.requires_grad_(False)
    return model


def loss_of(logits: Tensor, labels: Tensor) -> Tensor:
    """Cross-entropy; where a pair is only known not to be supported, of the two other classes together.

    `logits` [pairs, 3], `labels` [pairs] of the four constants of `examples`.
    """
    known = labels != NOT_SUPPORTED
    log_p = functional.log_softmax(logits.float(), dim=-1)
    losses = torch.empty(len(labels))
    losses[known] = functional.cross_entropy(
        logits[known].float(), labels[known], reduction="none", label_smoothing=SMOOTHING
    )
    losses[~known] = -torch.logsumexp(log_p[~known, 1:], dim=-1)
    return losses.mean()


def fit(
    model: BertForSequenceClassification,
    examples: Sequence[Pair],
    tokenizer: Tokenizer,
    folder: Path,
    learning_rate: float,
    seed: int,
    frozen: int = 0,
) -> None:
    """Train in place for one pass; goes on from a checkpoint in `folder`; a finished one ends it at once.

    The lowest `frozen` layers stay as they are, which saves their share of the way back.
    """
    model.bert.encoder.layer[:frozen].requires_grad_(False)
    folder.mkdir(parents=True, exist_ok=True)

    def loss(part: list[Pair]) -> Tensor:
        inputs = encode([(pair.claim, pair.evidence) for pair in part], tokenizer)
        labels = torch.tensor([pair.label for pair in part])
        with torch.autocast("cpu", torch.bfloat16, enabled=BFLOAT16):
            logits = model(**inputs).logits
        return loss_of(logits, labels)

    train(model.eval(), steps(examples, PAIRS_PER_PART, Random(seed)), loss, folder, learning_rate, WARM_UP)
