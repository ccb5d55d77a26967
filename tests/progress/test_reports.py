"""Work reports how far it is: decoding, encoding, holes, interpolation, evaluation; and its results are the same."""

from __future__ import annotations

import types

import numpy as np
import pytest
import torch

from latentpalette.evaluation.interpolation import evaluate_interpolation
from latentpalette.evaluation.ngrams import NGramModel
from latentpalette.evaluation.reconstruction import evaluate_reconstruction
from latentpalette.latent.holes import cycle_note_error, find_holes
from latentpalette.models.workers import run_in_chunks
from latentpalette.progress import board as board_module
from latentpalette.progress.board import Board, show_progress
from latentpalette.widgets import instrument
from latentpalette.widgets.palette import Palette
from tests.evaluation.tiny_corpora import DRUMS
from tests.models.tiny_models import model_of
from tests.widgets.fakes import Clicks, CrossFade


class RecordingBoard(Board):
    """Remembers every task."""

    def __init__(self) -> None:
        super().__init__(lambda: None, has_thread=False)
        self.all = []

    def show(self, task):
        self.all.append(task)
        return super().show(task)

    def states(self):
        return {task.label: (task.done, task.total) for task in self.all}


@pytest.fixture
def board(monkeypatch) -> RecordingBoard:
    board = RecordingBoard()
    monkeypatch.setattr(board_module, "_board", board)
    return board


def loops(n: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 4, (n, 32)).astype(np.uint16)


@pytest.mark.parametrize("n", [1, 7, 200])
def test_every_row_of_every_chunk_is_counted(board, n):
    with show_progress("Doubling", n, counts_chunks=True) as task:
        run_in_chunks(lambda rows, _: rows * 2, torch.zeros(n, 3), None)
    assert (task.done, task.total) == (n, n)


def test_sampling_and_encoding_say_how_far_they_are(board):
    model = model_of(DRUMS)
    music = model.sample(20, seed=1, gibbs_steps=0, max_attempts=1)
    assert board.states() == {"Sampling": (0, None), "Decoding": (20, 20), "Making notes": (20, 20)}
    board.all.clear()
    model.encode([sequence for sequence in music if sequence.notes])
    assert {done == total for done, total in board.states().values() if total} == {True}
    assert {"Encoding", "Making frames"} <= board.states().keys()


def test_a_search_for_holes_shows_its_cells_and_finds_the_same(board):
    model = model_of(DRUMS)
    data = np.random.default_rng(0).standard_normal((20, model.config.z_size))
    found = find_holes(model, data, size=13)
    task = board.all[0]
    assert (task.label, task.done, task.total) == ("Searching for holes", 169, 169)
    assert np.array_equal(task.grid, found.error)
    z = found.plane.unproject(found.cell_centers.reshape(-1, 2))
    assert found.error.ravel().tolist() == cycle_note_error(model, z).tolist()


def test_an_interpolation_shows_its_curves(board):
    result = evaluate_interpolation(model_of(DRUMS), loops(20), [NGramModel(loops(50, 1))], num_pairs=4, n=5)
    task = next(task for task in board.all if task.label == "Interpolating")
    assert task.curves["distance from A"] == list(zip(result.alphas, result.distance, strict=True))
    assert task.curves["relative NLL"] == list(zip(result.alphas, result.relative_nll, strict=True))
    assert (task.done, task.total) == (5, 5)


def test_a_reconstruction_counts_its_windows(board):
    evaluate_reconstruction(model_of(DRUMS), loops(20))
    assert board.states()["Reconstructing"] == (20, 20)


def test_training_shows_the_mean_loss_and_the_accuracy(board):
    pytest.importorskip("lightning")
    from latentpalette.training.shown_progress import ShownProgress

    now = [0.0]
    shown = ShownProgress(40, clock=lambda: now[0])
    trainer = types.SimpleNamespace(global_step=0, callback_metrics={})
    with shown.show():
        for step, loss in enumerate([8.0, 6.0, 4.0, 2.0], start=1):
            trainer.global_step = step
            now[0] += 0.3
            shown.on_train_batch_end(trainer, None, {"loss": torch.tensor(loss)}, None, 0)
        trainer.callback_metrics = {"validation/free_running": torch.tensor(0.75)}
        shown.on_validation_end(trainer, None)
    task = board.all[0]
    assert task.curves == {"loss": [(2, 7.0), (4, 3.0)], "accuracy": [(4, 0.75)]}
    assert task.describe(2) == "Training: 4 of 40, loss 3, accuracy 0.75, 2 s"


def test_a_palette_shows_one_task_from_the_first_corner_to_the_last_cell(board, monkeypatch):
    monkeypatch.setattr(instrument, "kit_of_streams", lambda streams: Clicks())
    palette = Palette(CrossFade(), size=3)
    assert [task.label for task in board.all] == ["Making a palette", "Decoding the palette's cells"]
    palette.size = 5
    assert [task.label for task in board.all[2:]] == ["Decoding the palette's cells"]
    assert board.tasks == []
