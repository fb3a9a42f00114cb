"""The training loop: parts of batches side by side, a warm-up and a linear way down, checkpoints to go on from."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

log = logging.getLogger(__name__)

PARTS_PER_STEP = 2  # side by side, a thread each: on a shared machine quicker than two threads to each operation
CHECKPOINT_EVERY = 50

Part = TypeVar("Part")


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


def side_by_side(parts: Sequence[Part]) -> list[Sequence[Part]]:
    """The parts of each step."""
    return [parts[start : start + PARTS_PER_STEP] for start in range(0, len(parts), PARTS_PER_STEP)]


def train(
    model: nn.Module,
    steps: Sequence[Sequence[Part]],
    loss_of: Callable[[Part], Tensor],
    folder: Path,
    learning_rate: float,
    warm_up: float,
) -> None:
    """Train in place for one pass over all parts; goes on from `folder/checkpoint.pt` where there is one.

    `warm_up` is a share of the steps. Without dropout (the model stays in `eval`): one pass over varied data
    hardly overfits, and every run is the same.
    """
    torch.set_num_threads(1)
    free = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(free, lr=learning_rate, weight_decay=0.01, fused=True)
    warm = max(1, int(warm_up * len(steps)))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / warm, max(0.0, (len(steps) - step) / (len(steps) - warm)))
    )
    checkpoint, done = folder / "checkpoint.pt", 0
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        schedule.load_state_dict(state["schedule"])
        done = int(state["done"])

    def backward(part: Part) -> float:
        loss = loss_of(part) / PARTS_PER_STEP
        loss.backward()  # type: ignore[no-untyped-call]
        return loss.item()

    pool = ThreadPoolExecutor(PARTS_PER_STEP)
    began, running = time.monotonic(), 0.0
    for step in range(done, len(steps)):
        loss = sum(pool.map(backward, steps[step]))
        torch.nn.utils.clip_grad_norm_(free, 1.0)
        optimiser.step()
        schedule.step()
        optimiser.zero_grad(set_to_none=True)
        running = loss if step == done else 0.97 * running + 0.03 * loss
        if step % 10 == 9:
            left = (time.monotonic() - began) / (step + 1 - done) * (len(steps) - step - 1)
            log.info("step %d of %d, loss %.3f, %.0f min left", step + 1, len(steps), running, left / 60)
        if step % CHECKPOINT_EVERY == CHECKPOINT_EVERY - 1 or step + 1 == len(steps):
            state = {"model": model.state_dict(), "optimiser": optimiser.state_dict()}
            temporary = checkpoint.with_suffix(".tmp")
            torch.save({**state, "schedule": schedule.state_dict(), "done": step + 1}, temporary)
            temporary.replace(checkpoint)
