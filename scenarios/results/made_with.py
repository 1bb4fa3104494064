"""What a result was made with: wheels to the last file, processor, C library, our own code. A replay compares it."""

from __future__ import annotations

import hashlib
import os
import platform
import sys
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from networks.sentence import Sentence, say
from scenarios.results.versions import ENGINES, code_version

WHEELS = (*ENGINES, "geopandas", "llvmlite", "pyarrow", "pyproj", "rasterio", "shapely", "sumo-data", "sumolib")
NUMBA_CPU = "NUMBA_CPU_NAME"
_SIMD = ("avx512f", "avx2", "fma", "avx", "sse4_2", "asimd", "sve")


@cache
def made_with() -> dict[str, Any]:
    """Python, wheels (version and digest of their files), processor, C library, Numba's processor, our code; JSON-like.

    `numba_cpu` is `host` unless NUMBA_CPU_NAME names another: `twin run --certified` sets `generic`, which makes
    Numba's machine code the same on every processor of one architecture.
    """
    return {
        "python": platform.python_version(),
        "system": f"{sys.platform} {'-'.join(platform.libc_ver())}".strip(" -"),
        "processor": processor(),
        "numba_cpu": os.environ.get(NUMBA_CPU, "host"),
        "code": code_version(),
        "wheels": {name: _wheel(name) for name in sorted(WHEELS)},
    }


def processor() -> dict[str, Any]:
    """Architecture, and where the system tells them: vendor, family, model and vector units of the processor."""
    told: dict[str, Any] = {"machine": platform.machine()}
    try:
        first = Path("/proc/cpuinfo").read_text(encoding="utf-8").split("\n\n")[0]
    except OSError:
        return {**told, "model": platform.processor()}
    fields = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in first.splitlines())}
    names = {"vendor": ("vendor_id", "CPU implementer"), "family": ("cpu family", "CPU architecture")}
    names["model"] = ("model", "CPU part")
    for ours, theirs in names.items():
        told[ours] = next((fields[name] for name in theirs if name in fields), "")
    flags = (fields.get("flags") or fields.get("Features") or "").split()
    return {**told, "simd": [name for name in _SIMD if name in flags]}


def differences(then: dict[str, Any], now: dict[str, Any]) -> tuple[Sentence, ...]:
    """What differs between two `made_with()`; empty where the same bytes are promised."""
    told = []
    for name in sorted({*then.get("wheels", {}), *now.get("wheels", {})}):
        a, b = then.get("wheels", {}).get(name, "absent"), now.get("wheels", {}).get(name, "absent")
        if a != b:
            told.append(say(f"the wheel of {name}: {a} then, {b} now", f"{name}的安装包：当时{a}，现在{b}"))
    for key, en, zh in (
        ("code", "the twin's code", "孪生系统代码"),
        ("python", "Python", "Python"),
        ("system", "the system's C library", "系统C库"),
        ("numba_cpu", "the processor that Numba compiles for", "Numba编译的目标处理器"),
    ):
        a, b = then.get(key), now.get(key)
        if a != b:
            told.append(say(f"{en}: {a} then, {b} now", f"{zh}：当时{a}，现在{b}"))
    told += _processors(then, now)
    return tuple(told)


def _processors(then: dict[str, Any], now: dict[str, Any]) -> list[Sentence]:
    """Generic code needs the same architecture and vector units only: NumPy and the C library choose by those."""
    generic = then.get("numba_cpu") == now.get("numba_cpu") == "generic"
    keys = ("machine", "simd") if generic else ("machine", "vendor", "family", "model", "simd")
    a = {key: then.get("processor", {}).get(key) for key in keys}
    b = {key: now.get("processor", {}).get(key) for key in keys}
    if a == b:
        return []
    return [say(f"the processor: {_line(a)} then, {_line(b)} now", f"处理器：当时{_line(a)}，现在{_line(b)}")]


def _line(processor: dict[str, Any]) -> str:
    return " ".join("+".join(v) if isinstance(v, list) else str(v) for v in processor.values() if v) or "unknown"


def _wheel(name: str) -> str:
    """Version and digest of what a wheel put on the disk: `2.4.0 sha256:0123456789ab`."""
    try:
        found = distribution(name)
    except PackageNotFoundError:
        return "absent"
    total = hashlib.sha256()
    rows = sorted(row for row in (found.read_text("RECORD") or "").splitlines() if _from_wheel(row))
    total.update("\n".join(rows).encode())
    return f"{found.version} sha256:{total.hexdigest()[:12]}" if rows else f"{found.version} (files unknown)"


def _from_wheel(row: str) -> bool:
    """Rows of a RECORD that the wheel brought: not what the installer wrote or compiled."""
    path, _, rest = row.partition(",")
    return "sha256=" in rest and not path.startswith("..") and ".dist-info/" not in path and not path.endswith(".pyc")
