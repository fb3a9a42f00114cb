"""Fine-tuning: answerability as binary cross-entropy, ranking as a softmax over each question's texts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random

import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional
from transformers import BertForSequenceClassification

from training.loop import encode, side_by_side, train
from training.reranker.examples import Example

TEXTS_PER_PART = 16
LEARNING_RATE = 5e-5
WARM_UP = 0.08
RANKING_WEIGHT = 0.5
FROZEN_LAYERS = 3  # with the embeddings: they hardly move in one pass, and leaving them saves time
LOGIT_SCALE = 0.5  # the stock logits reach ±11, too sure for a probability


def parts(examples: Sequence[Example], seed: int) -> list[list[Example]]:
    """Parts of batches: whole groups of texts of like length, in an order fixed by the seed."""
    random = Random(seed)
    order = random.sample(list(examples), len(examples))
    length = {id(e): max(len(e.question) + len(text) for text in e.texts) for e in order}
    made: list[list[Example]] = []
    for start in range(0, len(order), 600):
        batch: list[Example] = []
        for example in sorted(order[start : start + 600], key=lambda e: length[id(e)]):
            if batch and sum(len(e.texts) for e in batch) + len(example.texts) > TEXTS_PER_PART:
                made.append(batch)
                batch = []
            batch.append(example)
        made.append(batch)
    random.shuffle(made)
    return made


def loss_of(logits: Tensor, batch: Sequence[Example]) -> Tensor:
    """The loss of one batch; `logits` [texts] in the batch's order."""
    labels = torch.tensor([float("nan") if label is None else label for e in batch for label in e.labels])
    known = ~labels.isnan()
    loss = (
        functional.binary_cross_entropy_with_logits(logits[known], labels[known])
        if known.any()
        else logits.sum() * 0
    )
    ranked, start = [], 0
    for example in batch:
        group = logits[start : start + len(example.texts)]
        start += len(example.texts)
        if 0 < sum(example.targets) < len(example.texts):
            targets = torch.tensor(example.targets)
            ranked.append(functional.cross_entropy(group[None], (targets / targets.sum())[None]))
    return loss + RANKING_WEIGHT * torch.stack(ranked).mean() if ranked else loss


def fit(
    model: BertForSequenceClassification,
    examples: Sequence[Example],
    tokenizer: Tokenizer,
    folder: Path,
    seed: int,
) -> BertForSequenceClassification:
    """Train in place for one pass; goes on from `folder/checkpoint.pt` where there is one."""
    with torch.no_grad():
        model.classifier.weight.mul_(LOGIT_SCALE)
        model.classifier.bias.mul_(LOGIT_SCALE)
    for module in (model.bert.embeddings, *model.bert.encoder.layer[:FROZEN_LAYERS]):
        module.requires_grad_(False)

    def loss(part: list[Example]) -> Tensor:
        inputs = encode([(e.question, text) for e in part for text in e.texts], tokenizer)
        return loss_of(model(**inputs).logits[:, 0], part)

    train(model, side_by_side(parts(examples, seed)), loss, folder, LEARNING_RATE, WARM_UP)
    return model.eval()
