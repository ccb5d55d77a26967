"""Models small enough for a test, one of every wiring, and a slow reference decoder."""

import torch

from latentpalette.models.config import ModelConfig
from latentpalette.models.flow import FlowPrior, VelocityField
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from latentpalette.models.musicvae import MusicVAE
from latentpalette.models.workers import torch_threads

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
    "conductor and streams": MAGENTA_CONFIGS["hierdec-trio_16bar"].replace(
        **SIZES, steps=12, decoder_levels=(4, 3), output_depths=(4, 3, 5), input_depth=12, output_depth=12
    ),
}

# Magenta has no checkpoints of these.
GRUS = {
    "gru, flat": DRUMS.replace(cell="gru"),
    "gru, three layers": DRUMS.replace(cell="gru", dec_rnn_size=(5, 8, 6), enc_rnn_size=(7, 4)),
    "gru, controls": WIRINGS["controls"].replace(cell="gru"),
    "gru, nade": WIRINGS["nade"].replace(cell="gru"),
    "gru, groove": WIRINGS["groove"].replace(cell="gru"),
    "gru, two levels": WIRINGS["conductor"].replace(cell="gru"),
    "gru, conductor and streams": WIRINGS["conductor and streams"].replace(cell="gru"),
}
ALL = {**WIRINGS, **GRUS}


def model_of(config: ModelConfig = DRUMS, *, seed: int = 0, spread: float = 0.5) -> MusicVAE:
    """Return a model whose weights are large enough for its frames to change from step to step."""
    model = MusicVAE(config)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator) * spread)
    return model.eval()


def prior_of(z_size: int = 6, *, seed: int = 0) -> FlowPrior:
    """Return a learned prior with random weights, large enough to move something."""
    field = VelocityField(z_size, width=16, blocks=2)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in field.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator) * 0.2)
    return FlowPrior(field)


def controls_of(config: ModelConfig, n: int):
    """Return controls for a model that has them, None for one that does not."""
    if not config.control_depth:
        return None
    generator = torch.Generator().manual_seed(1)
    return torch.rand(n, config.steps, config.control_depth, generator=generator)


@torch.no_grad()
@torch_threads(1)
def plain_frames(
    model: MusicVAE, z: torch.Tensor, controls: torch.Tensor | None = None, *, temperature=None, noise=None
):
    """Decode step by step, with every frame written out and every product computed at every step."""
    embeddings = model.decoder.embeddings(z)
    decoded, first_uniform = [], 0
    for core in model.decoder.cores:
        frame = torch.zeros(len(z), core.head.depth)
        frames = []
        for step in range(model.config.steps):
            segment, step_in_segment = divmod(step, model.decoder.segment_steps)
            if step_in_segment == 0:
                states = core.initial_states(embeddings[:, segment])
            inputs = [frame, embeddings[:, segment]] + ([] if controls is None else [controls[:, step]])
            output, states = core.step(torch.cat(inputs, 1), states)
            last_uniform = first_uniform + core.head.num_uniforms
            uniforms = None if noise is None else noise[:, step, first_uniform:last_uniform]
            frame = core.head.to_frames(core.head.sample(core.projection(output), temperature, uniforms))
            frames.append(frame)
        decoded.append(torch.stack(frames, 1))
        first_uniform += core.head.num_uniforms
    return torch.cat(decoded, -1)
