"""A page as PDF: Debian's Chromium prints it, headless, in each language."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from networks.errors import EngineFailed, NotThere

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    "--headless=new", "--disable-dev-shm-usage", "--enable-unsafe-swiftshader",
    "--no-pdf-header-footer", "--virtual-time-budget=8000", "--no-first-run",
)  # fmt: skip
_LONGEST_S = 180


def browser() -> str:
    """The browser that prints.

    Raises:
        NotThere: None is on the path.
    """
    found = next((place for name in BROWSERS if (place := shutil.which(name))), None)
    if found is None:
        raise NotThere(
            "no browser is here to print a PDF", expected=" or ".join(BROWSERS) + " on the path",
            remedy="apt-get install chromium fonts-noto-cjk, or leave --pdf out: the HTML page holds the same",
        )  # fmt: skip
    return found


def print_pdf(page: Path, pdf: Path, language: str) -> None:
    """Print a page of ours in one language ("en" or "zh") on A4.

    Raises:
        NotThere: No browser is on the path.
        EngineFailed: It wrote nothing within three minutes.
    """
    sandbox = ("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()
    address = page.resolve().as_uri() + ("#zh" if language == "zh" else "")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        told = [browser(), *_FLAGS, *sandbox, f"--user-data-dir={profile}", f"--print-to-pdf={pdf.resolve()}", address]
        try:
            subprocess.run(told, check=False, capture_output=True, timeout=_LONGEST_S)
        except subprocess.TimeoutExpired:
            pdf.unlink(missing_ok=True)
    if not pdf.is_file() or pdf.read_bytes()[:5] != b"%PDF-":
        raise EngineFailed("the browser printed no PDF", file=page, remedy="open the page in a browser and print it")
