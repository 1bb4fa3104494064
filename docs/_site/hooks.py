"""What MkDocs calls while it builds the site: pages that are made from the code itself."""

from __future__ import annotations

import sys
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(Path(__file__).parent), str(ROOT)]

from faces import ROOMS, faces, says_of  # noqa: E402
from notebooks import notebook_page  # noqa: E402
from pages import commands_page, face_page  # noqa: E402

PACKAGES = faces(ROOT)


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """A part of the navigation for each room, under Python."""
    rooms = [{room: [f"python/{name}.md" for name in PACKAGES if name.split(".")[0] == room]} for room in ROOMS]
    config.nav = [*(config.nav or []), {"Python": rooms}]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are made."""
    from twin.cli import twin

    made = {f"python/{name}.md": face_page(name, says_of(ROOT, name), names) for name, names in PACKAGES.items()}
    made |= {f"notebooks/{file.stem}.md": notebook_page(file) for file in (ROOT / "docs" / "notebooks").glob("*.ipynb")}
    for place, text in {**made, "commands.md": commands_page(twin)}.items():
        files.append(File.generated(config, place, content=text))
    return files
