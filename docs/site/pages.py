"""The pages of the site: what each is made of, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
CARDS = sorted((REPOSITORY / "latentpalette" / "pretrained").glob("*/README.md"))
NOTEBOOKS = sorted((REPOSITORY / "notebooks").glob("*.ipynb"))


@dataclass(frozen=True)
class Page:
    """A page of the site, made of a page of the repository or of some of its sections.

    Parameters
    ----------
    name : str
        Where it stands on the site, ``"instruments/sampler"``.
    source : str
        The file that it is made of, from the root of the repository.
    title : str, optional
        Its heading; the source's own by default.
    sections : tuple of str, optional
        The headings of the sections to take; the whole source by default. ``""`` is what stands above the first.
    """

    name: str
    source: str
    title: str = ""
    sections: tuple[str, ...] = ()


README = "README.md"
INSTRUMENTS = "docs/instruments.md"
NONE = ""  # a page that lists those of its section
COMMANDS = "latentpalette/cli"  # a page of every command, made of its help
API = "docs/api.md"  # on the site there are pages for it, made of the same docstrings

# A section's first page stands in the bar at the top, the others beside it. A page that is not here is on no site:
# tests/site finds one of docs/ that was forgotten.
SECTIONS: tuple[tuple[Page, ...], ...] = (
    (
        Page("start/index", README, "Get started", ("Two commands",)),
        Page("start/ten-minutes", README, "The first ten minutes", ("The first ten minutes",)),
        Page(
            "start/your-music",
            README,
            "Your music",
            ("Any music, alone or together", "Your own MIDI", "Loops become a song", "Dynamics and timing"),
        ),
        Page("start/presets", "docs/presets.md"),
        Page("start/your-own-style", "docs/your-own-style.md"),
        Page("start/songs", "docs/songs.md"),
        Page("start/constraints", "docs/constraints.md"),
        Page("start/pianorolls", "docs/pianorolls.md"),
        Page("start/keyboard", README, "The keyboard", ("The keyboard",)),
    ),
    (
        Page("instruments/index", INSTRUMENTS, "Instruments", ("",)),
        Page("instruments/palette", INSTRUMENTS, "Palette", ("The palette", "Sounds and volumes")),
        Page("instruments/sampler", "docs/sampler.md"),
        Page("instruments/melody-mixer", "docs/melody-mixer.md"),
        Page("instruments/interpolation-slider", "docs/interpolation-slider.md"),
        Page("instruments/latent-sliders", "docs/latent-sliders.md"),
        Page("instruments/latent-loops", "docs/latent-loops.md"),
        Page("instruments/groove-panel", "docs/groove-panel.md"),
        Page("instruments/session", INSTRUMENTS, "Session", ("Sessions",)),
        Page("instruments/pages", "docs/pages.md", sections=("",)),
        Page("instruments/gallery", "docs/pages.md", "The gallery", ("The gallery",)),
        Page(
            "instruments/history-and-midi",
            INSTRUMENTS,
            "History, recording, MIDI",
            ("History", "What was just played", "MIDI"),
        ),
    ),
    (
        Page("notebooks/index", README, "Notebooks", ("The notebooks",)),
        *(Page(f"notebooks/{path.stem}", f"notebooks/{path.name}") for path in NOTEBOOKS),
    ),
    (
        Page("models/index", README, "Models", ("The models",)),
        *(Page(f"models/{path.parent.name}", path.relative_to(REPOSITORY).as_posix()) for path in CARDS),
    ),
    (
        Page("guides/index", NONE, "Guides"),
        Page("guides/training", "docs/training.md", "Training"),
        Page("guides/magenta", "docs/magenta.md"),
        Page("guides/danceability", "docs/danceability.md"),
        Page("guides/conditions", "docs/conditions.md"),
        Page("guides/command-line", "docs/command-line.md"),
        Page("guides/commands", COMMANDS, "All commands"),
        Page("guides/sound", "docs/sound.md"),
        Page("guides/soundfonts", "soundfonts/README.md"),
        Page("guides/hosts", "docs/hosts.md"),
        Page("guides/credits", README, "Credits and licences", ("Credits and licences",)),
    ),
    (Page("api/index", API),),
)
MODELS = next(page for section in SECTIONS for page in section if page.name == "models/index")
GALLERY = next(page for section in SECTIONS for page in section if page.name == "instruments/gallery")
FRONT = Page("index", README, "latentpalette", ("",))
PAGES = (FRONT, *(page for section in SECTIONS for page in section))

# Their code is run, and what it shows plays below it, as in a notebook.
PLAYING = (
    README,
    INSTRUMENTS,
    "docs/pianorolls.md",
    "docs/presets.md",
    *(
        f"docs/{name}.md"
        for name in (
            "sampler",
            "melody-mixer",
            "interpolation-slider",
            "latent-sliders",
            "latent-loops",
            "groove-panel",
        )
    ),
)
