"""Models small enough for a test, one of every wiring, and the slow way to decode them."""

import torch

from latentpalette.models.config import ModelConfig
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from latentpalette.models.musicvae import MusicVAE

SIZES = {"z_size": 6, "enc_rnn_size": (7,), "dec_rnn_size": (5, 8)}

DRUMS = MAGENTA_CONFIGS["cat-drums_2bar_small"].replace(**SIZES)

WIRINGS = {
    "flat": DRUMS,
    "one layer": DRUMS.replace(dec_rnn_size=(8,)),
    "three layers": DRUMS.replace(dec_rnn_size=(5, 8, 6), enc_rnn_size=(7, 4)),
    "controls": MAGENTA_CONFIGS["cat-mel_2bar_med_chords"].replace(**SIZES),
    "nade": MAGENTA_CONFIGS["nade-drums_2bar_reduced"].replace(**SIZES, nade_hidden=4),
    "groove": MAGENTA_CONFIGS["groovae_2bar_humanize"].replace(**SIZES),
    "multi-out": MAGENTA_CONFIGS["flat-trio_16bar"].replace(
        **SIZES, steps=16, output_depths=(4, 3, 5), input_depth=12, output_depth=12
    ),
    "conductor": MAGENTA_CONFIGS["hier-mel_16bar"].replace(
        **SIZES, steps=12, encoder_levels=(3, 4), decoder_levels=(4, 3), input_depth=9, output_depth=9
    ),
    "conductor and parts": MAGENTA_CONFIGS["hierdec-trio_16bar"].replace(
        **SIZES, steps=12, decoder_levels=(4, 3), output_depths=(4, 3, 5), input_depth=12, output_depth=12
    ),
}

# What Magenta has no checkpoints of.
GRUS = {
    "gru, flat": DRUMS.replace(cell="gru"),
    "gru, three layers": DRUMS.replace(cell="gru", dec_rnn_size=(5, 8, 6), enc_rnn_size=(7, 4)),
    "gru, controls": WIRINGS["controls"].replace(cell="gru"),
    "gru, nade": WIRINGS["nade"].replace(cell="gru"),
    "gru, groove": WIRINGS["groove"].replace(cell="gru"),
    "gru, two levels": WIRINGS["conductor"].replace(cell="gru"),
    "gru, conductor and parts": WIRINGS["conductor and parts"].replace(cell="gru"),
}
ALL = {**WIRINGS, **GRUS}


def model_of(config: ModelConfig = DRUMS, *, seed: int = 0, spread: float = 0.5) -> MusicVAE:
    """A model whose weights are large enough for its rows to change from step to step."""
    model = MusicVAE(config)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator) * spread)
    return model.eval()


def controls_of(config: ModelConfig, n: int):
    """Controls for a model that takes them, None for one that does not."""
    if not config.control_depth:
        return None
    generator = torch.Generator().manual_seed(1)
    return torch.rand(n, config.steps, config.control_depth, generator=generator)


@torch.no_grad()
def plain_rows(model: MusicVAE, z: torch.Tensor, controls: torch.Tensor | None = None, *, temperature=None, noise=None):
    """Decode one step after the other, every row written out, every product at every step."""
    embeddings = model.decoder.embeddings(z)
    said, first_draw = [], 0
    for core in model.decoder.cores:
        row = torch.zeros(len(z), core.head.depth)
        rows = []
        for step in range(model.config.steps):
            segment, place = divmod(step, model.decoder.segment_steps)
            if place == 0:
                states = core.initial_states(embeddings[:, segment])
            heard = [row, embeddings[:, segment]] + ([] if controls is None else [controls[:, step]])
            output, states = core.step(torch.cat(heard, 1), states)
            draw = None if noise is None else noise[:, step, first_draw : first_draw + core.head.num_uniforms]
            row = core.head.to_frames(core.head.sample(core.projection(output), temperature, draw))
            rows.append(row)
        said.append(torch.stack(rows, 1))
        first_draw += core.head.num_uniforms
    return torch.cat(said, -1)
