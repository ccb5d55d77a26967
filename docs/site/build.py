"""The documentation as a site: ``python -m docs.site.build FOLDER`` builds it; ``make docs`` does, into build/docs.

The folder ``html`` is ready for any static host: links are relative, and nothing is fetched from elsewhere.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from docs.site import sources

SETTINGS = Path(__file__).parent


def build(folder: Path) -> Path:
    """Build the site in a folder; return its front page. A warning of Sphinx's is an error.

    Raises
    ------
    subprocess.CalledProcessError
        If Sphinx has warned of something; all warnings are printed.
    """
    folder = folder.resolve()  # code of the pages is run in a folder of its own
    sources.write(folder)
    html = folder / "html"
    options = ["--fail-on-warning", "--quiet", "-c", SETTINGS, "-d", folder / "doctrees"]
    options += ["-D", f"html_extra_path={folder / 'extra'}"]
    subprocess.run([sys.executable, "-m", "sphinx", *options, folder / "sources", html], check=True)
    return html / "index.html"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    try:
        print(build(parser.parse_args().folder))
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)
