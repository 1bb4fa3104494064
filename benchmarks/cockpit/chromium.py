"""Debian's Chromium on a machine without a graphics card, as the tests of the pages start it.

It then draws pages itself and WebGL through SwiftShader, which it no longer does unasked: hence the flag. To force
SwiftShader with `--use-angle` would draw the page through it too, at some 20 frames/s for an empty one.
"""

from __future__ import annotations

import shutil

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--enable-unsafe-swiftshader"]
