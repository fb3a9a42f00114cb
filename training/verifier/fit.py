"""Training: bfloat16 with float32 masters where the machine is quick at it, a constant learning rate, and a way
down that can begin at any time."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

import torch
from torch import Tensor
from torch.nn import functional

from training.verifier.batches import Tokens, steps, tensors
from training.verifier.model import Network, freeze_embeddings
from training.verifier.pairs import NOT_SUPPORTED

log = logging.getLogger(__name__)

SMOOTHING = 0.05  # of the labels: they are not all right
LARGEST_GRADIENT = 1.0
DECAY = 0.01
Source = Callable[[int], list[Tokens]]  # the number of a block of pairs -> the pairs; there is always another


@dataclass(frozen=True)
class Settings:
    """How to train; `room` is the tokens of one part with their padding."""

    rate: float = 5e-5
    head_rate: float = 5e-4
    warm_up: int = 80  # steps
    cool_down: float = 0.2  # share of all steps, the last ones, over which the rate falls to nothing
    room: int = 2048
    parts: int = 2  # to a step
    workers: int = 2  # parts side by side: on a shared CPU quicker than two threads to each operation
    nominal: int = (
        44  # pairs: what the sum of a step's losses is divided by, so that a long pair counts as a short one
    )
    frozen: int = 3  # lowest layers that stay as they are: they change least, and the way back ends above them
    keep_every: int = 50  # steps
    seed: int = 7
    device: str = "cpu"
    half: bool = True  # weights and gradients in bfloat16; without it in float32


@dataclass
class State:
    """Where a run stands."""

    step: int = 0  # steps done
    block: int = 0  # the block of pairs being read
    place: int = 0  # steps done of that block
    seen: int = 0  # pairs
    seconds: float = 0.0
    cooling: int = -1  # the step from which the rate falls; -1: not yet
    cool_steps: int = 0


def loss_of(logits: Tensor, labels: Tensor) -> Tensor:
    """Losses [pairs]: cross-entropy; where a pair is only known not to be supported, of the two other classes
    together. `logits` [pairs, 3], `labels` [pairs] of the four constants of `pairs`."""
    log_p = functional.log_softmax(logits.float(), dim=-1)
    known = labels != NOT_SUPPORTED
    exact = functional.cross_entropy(
        log_p, torch.where(known, labels, 0), reduction="none", label_smoothing=SMOOTHING
    )
    return torch.where(known, exact, -torch.logsumexp(log_p[:, 1:], dim=-1))


def rate_at(state: State, settings: Settings) -> float:
    """The learning rate's share of its full height, 0 to 1."""
    warm = min(1.0, (state.step + 1) / settings.warm_up)
    if state.cooling < 0:
        return warm
    return warm * max(0.0, 1 - (state.step - state.cooling) / state.cool_steps)


def train(
    network: Network,
    source: Source,
    folder: Path,
    settings: Settings,
    until: Callable[[State], bool],
    check: Callable[[Network], str] | None = None,
    check_every: int = 0,
) -> State:
    """Train in place until `until` says so, and then over the way down.

    Goes on from `folder/checkpoint.pt` where there is one. A file `folder/STOP` begins the way down as well.
    Without dropout (the network stays in `eval`): a pass or two over varied data hardly overfits.
    """
    folder.mkdir(parents=True, exist_ok=True)
    device = settings.device
    network.eval().to(device)
    freeze_embeddings(network)
    masters = [p for p in network.parameters() if p.requires_grad]
    head = {id(p) for p in network.logits.parameters()}
    optimiser = torch.optim.AdamW(
        [
            {"params": [p for p in masters if id(p) not in head], "lr": settings.rate},
            {"params": [p for p in masters if id(p) in head], "lr": settings.head_rate},
        ],
        weight_decay=DECAY,
        fused=True,
    )
    full = [settings.rate, settings.head_rate]
    state = State()
    checkpoint = folder / "checkpoint.pt"
    if checkpoint.exists():
        kept = torch.load(checkpoint, weights_only=True, map_location=device)
        network.load_state_dict(kept["network"])
        optimiser.load_state_dict(kept["optimiser"])
        state = State(**kept["state"])
        log.info("going on from step %d", state.step)
    working = deepcopy(network).to(torch.bfloat16 if settings.half else torch.float32)
    copies = [p for p in working.parameters() if p.requires_grad]
    working.layers[: settings.frozen].requires_grad_(False)

    def save() -> None:
        temporary = checkpoint.with_suffix(".tmp")
        torch.save(
            {"network": network.state_dict(), "optimiser": optimiser.state_dict(), "state": asdict(state)},
            temporary,
        )
        temporary.replace(checkpoint)

    def backward(part: Sequence[Tokens]) -> float:
        ids, mask, types, labels = tensors(part, network.shape.pad, device)
        loss = loss_of(working(ids, mask, types), labels).sum() / settings.nominal
        loss.backward()  # type: ignore[no-untyped-call]
        return loss.item() * settings.nominal

    if device == "cpu":
        torch.set_num_threads(1)
    pool = ThreadPoolExecutor(settings.workers)
    running, began = math.nan, time.monotonic()
    before = state.seconds
    for step in following(source, state, settings):
        if state.cooling < 0 and (until(state) or (folder / "STOP").exists()):
            start_cooling(state, settings)
        if state.cooling >= 0 and state.step >= state.cooling + state.cool_steps:
            break
        for group, rate in zip(optimiser.param_groups, full, strict=True):
            group["lr"] = rate * rate_at(state, settings)
        # The longest first: the last part is the one that is waited for.
        order = sorted(step, key=lambda part: -len(part) * len(part[0].ids))
        pairs = sum(map(len, step))
        loss = sum(pool.map(backward, order)) / pairs
        for master, copy in zip(masters, copies, strict=True):
            master.grad = None if copy.grad is None else copy.grad.float()
            copy.grad = None
        torch.nn.utils.clip_grad_norm_(masters, LARGEST_GRADIENT)
        optimiser.step()
        with torch.no_grad():
            torch._foreach_copy_(copies, masters)
        state.step += 1
        state.place += 1
        state.seen += pairs
        state.seconds = before + time.monotonic() - began
        running = loss if math.isnan(running) else 0.97 * running + 0.03 * loss
        if state.step % 10 == 0:
            log.info(
                "step %d, %d pairs, loss %.3f, rate %.1e, %.1f pairs/s, %.1f min%s",
                state.step, state.seen, running, optimiser.param_groups[0]["lr"],
                state.seen / state.seconds, state.seconds / 60,
                f", {state.cooling + state.cool_steps - state.step} steps left" if state.cooling >= 0 else "",
            )  # fmt: skip
        if state.step % settings.keep_every == 0:
            save()
        if check and check_every and state.step % check_every == 0:
            log.info("step %d: %s", state.step, check(working))
    save()
    return state


def start_cooling(state: State, settings: Settings) -> None:
    """The rate falls from here, over as many steps as make `cool_down` of them all."""
    state.cooling = state.step
    state.cool_steps = max(1, round(state.step * settings.cool_down / (1 - settings.cool_down)))
    log.info("step %d: the way down, %d steps", state.step, state.cool_steps)


def following(source: Source, state: State, settings: Settings) -> Iterator[list[list[Tokens]]]:
    """The steps from where the run stands, block by block."""
    while True:
        made = steps(source(state.block), settings.room, settings.parts, Random(settings.seed + state.block))
        yield from made[state.place :]
        state.block, state.place = state.block + 1, 0
