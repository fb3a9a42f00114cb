"""Fine-tuning: answerability as binary cross-entropy, ranking as a softmax over each question's texts."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional
from training.reranker.examples import Example
from transformers import BertForSequenceClassification

log = logging.getLogger(__name__)

TEXTS_PER_PART = 16
PARTS_PER_STEP = 2  # side by side, a thread each: on a shared machine quicker than two threads to each operation
LEARNING_RATE = 5e-5
WARM_UP = 0.08
RANKING_WEIGHT = 0.5
FROZEN_LAYERS = 3  # with the embeddings: they hardly move in one pass, and leaving them saves time
CHECKPOINT_EVERY = 50
# The share of the tuned weights in the finished model, the rest being the stock weights (Wortsman et al. 2022,
# "Robust fine-tuning of zero-shot models"). Tuned weights alone tell answerable from not best but rank whole
# paragraphs worse than the stock model; of 0.3, 0.5, 0.7 and 1, this share ranked the held-out quiz best.
AVERAGE = 0.7
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


def encode(pairs: Sequence[tuple[str, str]], tokenizer: Tokenizer) -> dict[str, Tensor]:
    """Padded input tensors [pairs, tokens]."""
    encodings = tokenizer.encode_batch(list(pairs))
    width = max(len(encoding.ids) for encoding in encodings)
    shape = (len(encodings), width)
    ids, mask, kinds = (torch.zeros(shape, dtype=torch.long) for _ in range(3))
    for row, encoding in enumerate(encodings):
        size = len(encoding.ids)
        ids[row, :size] = torch.tensor(encoding.ids)
        mask[row, :size] = 1
        kinds[row, :size] = torch.tensor(encoding.type_ids)
    return {"input_ids": ids, "attention_mask": mask, "token_type_ids": kinds}


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
    """Train in place for one pass; goes on from `folder/checkpoint.pt` where there is one.

    Without dropout: one pass over varied data hardly overfits, and every run is the same.
    """
    with torch.no_grad():
        model.classifier.weight.mul_(LOGIT_SCALE)
        model.classifier.bias.mul_(LOGIT_SCALE)
    for module in (model.bert.embeddings, *model.bert.encoder.layer[:FROZEN_LAYERS]):
        module.requires_grad_(False)
    torch.set_num_threads(1)
    made = parts(examples, seed)
    plan = [made[start : start + PARTS_PER_STEP] for start in range(0, len(made), PARTS_PER_STEP)]
    free = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(free, lr=LEARNING_RATE, weight_decay=0.01)
    warm = max(1, int(WARM_UP * len(plan)))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / warm, max(0.0, (len(plan) - step) / (len(plan) - warm)))
    )
    checkpoint, done = folder / "checkpoint.pt", 0
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        schedule.load_state_dict(state["schedule"])
        done = int(state["done"])

    def backward(part: list[Example]) -> float:
        inputs = encode([(e.question, text) for e in part for text in e.texts], tokenizer)
        loss: Tensor = loss_of(model(**inputs).logits[:, 0], part) / PARTS_PER_STEP
        loss.backward()  # type: ignore[no-untyped-call]
        return loss.item()

    pool = ThreadPoolExecutor(PARTS_PER_STEP)
    began, running = time.monotonic(), 0.0
    for step in range(done, len(plan)):
        loss = sum(pool.map(backward, plan[step]))
        torch.nn.utils.clip_grad_norm_(free, 1.0)
        optimiser.step()
        schedule.step()
        optimiser.zero_grad(set_to_none=True)
        running = loss if step == done else 0.97 * running + 0.03 * loss
        if step % 10 == 9:
            left = (time.monotonic() - began) / (step + 1 - done) * (len(plan) - step - 1)
            log.info("step %d of %d, loss %.3f, %.0f min left", step + 1, len(plan), running, left / 60)
        if step % CHECKPOINT_EVERY == CHECKPOINT_EVERY - 1 or step + 1 == len(plan):
            state = {"model": model.state_dict(), "optimiser": optimiser.state_dict()}
            temporary = checkpoint.with_suffix(".tmp")
            torch.save({**state, "schedule": schedule.state_dict(), "done": step + 1}, temporary)
            temporary.replace(checkpoint)
    return model.eval()


def averaged(
    stock: BertForSequenceClassification, tuned: BertForSequenceClassification
) -> BertForSequenceClassification:
    """The stock model with its weights moved by AVERAGE of the way to the tuned model's."""
    aim = tuned.state_dict()
    stock.load_state_dict(
        {
            name: (1 - AVERAGE) * weight + AVERAGE * aim[name] if weight.is_floating_point() else weight
            for name, weight in stock.state_dict().items()
        }
    )
    return stock.eval()
