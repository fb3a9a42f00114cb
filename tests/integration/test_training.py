"""The verifier's training on a tiny network and made-up pairs: it learns, goes on after a stop, and exports."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from random import Random

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from training.verifier import packed
from training.verifier.batches import load_tokenizer, steps, tensors, tokens
from training.verifier.evaluate import accuracy, as_logits, of_graph, of_network, windows
from training.verifier.export import export
from training.verifier.fit import Settings, State, loss_of, rate_at, start_cooling
from training.verifier.model import Network, Shape, bucket, new_head, trained
from training.verifier.pack import write_base, write_code, write_held, write_pairs
from training.verifier.pairs import NOT_ENOUGH, NOT_SUPPORTED, REFUTED, SUPPORTED, Pair
from training.verifier.train import run

WORDS = ["red", "blue", "green", "boat", "train", "house", "left", "stayed", "not"]
TINY = Shape(
    vocabulary=16,
    positions=64,
    hidden=16,
    layers=2,
    heads=2,
    inner=32,
    pad=1,
    epsilon=1e-5,
    first_position=2,
    buckets=32,
)
QUICK = Settings(
    frozen=0, rate=3e-3, head_rate=3e-3, warm_up=5, room=256, parts=1, workers=1, nominal=20, keep_every=5
)


def made_up(count: int, seed: int) -> list[Pair]:
    random = Random(seed)
    pairs = []
    for _ in range(count):
        colour, other = random.sample(WORDS[:3], 2)
        thing, apart = random.sample(WORDS[3:6], 2)
        evidence, label = random.choice(
            (
                (f"{colour} {thing} left", SUPPORTED),
                (f"{colour} {thing} stayed", REFUTED),
                (f"{other} {apart} left", NOT_ENOUGH),
            )
        )
        pairs.append(Pair(f"{colour} {thing} left", evidence, label))
    return pairs


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    vocabulary = {word: i for i, word in enumerate([*special, *WORDS])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), add_prefix_space=False)
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    torch.manual_seed(0)
    monkeypatch.setitem(packed.SHAPES, "mpnet", TINY)
    folder = tmp_path / "pack"
    write_base(Network(TINY).state_dict(), "mpnet", tmp_path / "tokenizer.json", folder)
    write_pairs(made_up(600, 1), folder / "round-1.jsonl.gz")
    write_pairs(made_up(600, 2), folder / "round-2.jsonl.gz")
    write_held(made_up(60, 3), folder)
    return folder


def train(pack: Path, folder: Path, pairs: int) -> Network:
    return run(pack, folder, "mpnet", 2, QUICK, lambda state: state.seen >= pairs)


def test_a_run_learns_and_its_export_says_the_same(pack: Path, tmp_path: Path) -> None:
    network = train(pack, tmp_path / "run", 2_000)
    asked = made_up(90, 4)
    read = [(pair.claim, pair.evidence) for pair in asked]
    labels = [pair.label for pair in asked]
    logits = of_network(network, load_tokenizer(pack / "mpnet.json"))(read)
    assert accuracy(logits, labels)[1] > 0.6  # chance is .33

    export(trained(tmp_path / "run" / "network.pt", TINY), pack / "mpnet.json", tmp_path / "export")
    exported = of_graph(tmp_path / "export")(read)
    assert exported.shape == (90, 3)
    assert np.mean(exported.argmax(axis=1) == logits.argmax(axis=1)) > 0.9


def test_a_run_that_was_killed_goes_on_to_the_same_weights(pack: Path, tmp_path: Path) -> None:
    whole = train(pack, tmp_path / "whole", 400)

    def killed(state: State) -> bool:
        if state.step == 13:
            raise KeyboardInterrupt
        return False

    with pytest.raises(KeyboardInterrupt):
        run(pack, tmp_path / "killed", "mpnet", 2, QUICK, killed)
    again = train(pack, tmp_path / "killed", 400)
    for name, weight in whole.state_dict().items():
        assert torch.equal(weight, again.state_dict()[name]), name


def test_a_stop_file_begins_the_way_down(pack: Path, tmp_path: Path) -> None:
    folder = tmp_path / "stopped"
    folder.mkdir()
    (folder / "STOP").touch()
    run(pack, folder, "mpnet", 2, QUICK, lambda state: False)
    assert (folder / "network.pt").exists()


def test_the_code_in_a_pack_runs_from_there(pack: Path) -> None:
    write_code(pack)
    command = [sys.executable, "-m", "training.verifier.train", "--help"]
    told = subprocess.run(command, cwd=pack, env={"PATH": ""}, capture_output=True, text=True, check=True)
    assert "--minutes" in told.stdout


def test_the_rate_rises_stays_and_falls_to_nothing() -> None:
    settings = Settings(warm_up=10, cool_down=0.2)
    state = State()
    assert rate_at(state, settings) == pytest.approx(0.1)
    state.step = 80
    assert rate_at(state, settings) == 1
    start_cooling(state, settings)
    assert state.cool_steps == 20
    state.step = 90
    assert rate_at(state, settings) == pytest.approx(0.5)
    state.step = 100
    assert rate_at(state, settings) == 0


def test_a_pair_that_is_only_not_supported_may_be_either_of_the_other_classes() -> None:
    logits = torch.tensor([[-9.0, 9.0, -9.0], [-9.0, -9.0, 9.0], [9.0, -9.0, -9.0]])
    losses = loss_of(logits, torch.full((3,), NOT_SUPPORTED))
    assert losses[:2].max() < 0.01 < 9 < losses[2]


def test_eight_bits_keep_the_weights_near() -> None:
    weight = torch.randn(20, 30)
    back = packed.unpacked(packed.packed({"a": weight, "b": weight[0]}))
    assert (back["a"] - weight).abs().max() < weight.abs().max() / 200
    assert torch.equal(back["b"], weight[0])


def test_padding_changes_no_logits(pack: Path) -> None:
    network = Network(TINY).eval()
    new_head(network, 1)
    found = tokens(
        [("red boat", "blue train left not red", 0), ("red", "blue", 0)], load_tokenizer(pack / "mpnet.json")
    )
    together = network(*tensors(found, TINY.pad)[:2])
    apart = torch.cat([network(*tensors([pair], TINY.pad)[:2]) for pair in found])
    assert torch.allclose(together, apart, atol=1e-5)


def test_every_pair_is_in_one_step_and_no_part_is_too_large(pack: Path) -> None:
    pairs = [(pair.claim, pair.evidence, pair.label) for pair in made_up(200, 5)]
    found = tokens(pairs, load_tokenizer(pack / "mpnet.json"))
    made = steps(found, 100, 2, Random(1))
    assert sorted(t.ids for step in made for part in step for t in part) == sorted(t.ids for t in found)
    assert all(len(part) * max(len(t.ids) for t in part) <= 100 for step in made for part in step)


def test_a_pair_begins_and_ends_as_mpnet_was_trained_on(pack: Path) -> None:
    (found,) = tokens([("red", "blue", 0)], load_tokenizer(pack / "mpnet.json"))
    assert found.ids == (0, 4, 2, 2, 5, 2)


def test_near_distances_are_told_apart_and_far_ones_are_not() -> None:
    assert bucket(torch.tensor([0, -1, -7, 1, 7]), 32).tolist() == [0, 1, 7, 17, 23]
    assert bucket(torch.tensor([-200, -400, 200, 400]), 32).tolist() == [15, 15, 31, 31]


def test_figures_leave_out_what_a_set_does_not_ask() -> None:
    sure = as_logits([SUPPORTED, REFUTED, NOT_ENOUGH])
    assert accuracy(sure, [SUPPORTED, REFUTED, NOT_ENOUGH]) == (1, 1)
    assert accuracy(sure, [SUPPORTED, NOT_SUPPORTED, NOT_SUPPORTED]) == (1, 1)
    assert accuracy(sure[:2], [SUPPORTED, REFUTED]) == (1, 1)


def test_a_long_text_is_read_whole_in_windows() -> None:
    sentences = [f"Sentence {i} says one thing about the old red boat that left." for i in range(40)]
    made = windows(" ".join(sentences))
    assert len(made) > 1
    assert all(any(sentence in text for text in made) for sentence in sentences)
    assert windows("Short.") == ["Short."]
