"""The JuPedSim library that SUMO brings: found in libsumo's wheel, and called through its C interface.

SUMO's own pedestrian model of that name takes people in and out only along edges of a road network, adds noise where
an entry is taken, and there is one SUMO in a process. The library underneath has none of this, and needs no further
package (the wheel of `jupedsim` itself asks for VTK and Qt).

Source: JuPedSim 1.4, LGPL-3.0-or-later, doi:10.5281/zenodo.1293771; its public headers `libjupedsim/include`. What a
header says is not taken on trust: `new_agent` reads each agent's figures back.
"""

from __future__ import annotations

import ctypes
import sys
from ctypes import POINTER, Structure, byref, c_bool, c_char_p, c_double, c_size_t, c_uint64, c_void_p
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from networks import BadInput, EngineFailed

KNOWN = "1.4."
"""Versions of the library whose structures are those below."""


class XY(Structure):
    """JPS_Point (m)."""

    _fields_ = (("x", c_double), ("y", c_double))


class AgentParameters(Structure):
    """JPS_CollisionFreeSpeedModelV2AgentParameters."""

    _fields_ = (
        ("position", XY),
        ("journey", c_uint64),
        ("stage", c_uint64),
        ("time_gap_s", c_double),
        ("speed_mps", c_double),
        ("radius_m", c_double),
        ("neighbour_strength", c_double),
        ("neighbour_range_m", c_double),
        ("wall_strength", c_double),
        ("wall_range_m", c_double),
    )


class _BuildInfo(Structure):
    _fields_ = tuple(
        (name, c_char_p)
        for name in ("commit", "commit_date", "branch", "compiler", "compiler_version", "library_version")
    )


_HANDLE, _ERROR = c_void_p, POINTER(c_void_p)
_SIGNATURES: dict[str, tuple[Any, ...]] = {
    "GetBuildInfo": (_BuildInfo,),
    "ErrorMessage_GetMessage": (c_char_p, _HANDLE),
    "ErrorMessage_Free": (None, _HANDLE),
    "GeometryBuilder_Create": (_HANDLE,),
    "GeometryBuilder_AddAccessibleArea": (None, _HANDLE, POINTER(XY), c_size_t),
    "GeometryBuilder_ExcludeFromAccessibleArea": (None, _HANDLE, POINTER(XY), c_size_t),
    "GeometryBuilder_Build": (_HANDLE, _HANDLE, _ERROR),
    "GeometryBuilder_Free": (None, _HANDLE),
    "Geometry_Free": (None, _HANDLE),
    "CollisionFreeSpeedModelV2Builder_Create": (_HANDLE,),
    "CollisionFreeSpeedModelV2Builder_Build": (_HANDLE, _HANDLE, _ERROR),
    "CollisionFreeSpeedModelV2Builder_Free": (None, _HANDLE),
    "OperationalModel_Free": (None, _HANDLE),
    "Simulation_Create": (_HANDLE, _HANDLE, _HANDLE, c_double, _ERROR),
    "Simulation_Free": (None, _HANDLE),
    "Simulation_AddStageExit": (c_uint64, _HANDLE, POINTER(XY), c_size_t, _ERROR),
    "Simulation_AddStageWaypoint": (c_uint64, _HANDLE, XY, c_double, _ERROR),
    "JourneyDescription_Create": (_HANDLE,),
    "JourneyDescription_AddStage": (None, _HANDLE, c_uint64),
    "JourneyDescription_SetTransitionForStage": (c_bool, _HANDLE, c_uint64, _HANDLE, _ERROR),
    "JourneyDescription_Free": (None, _HANDLE),
    "Transition_CreateFixedTransition": (_HANDLE, c_uint64, _ERROR),
    "Transition_Free": (None, _HANDLE),
    "Simulation_AddJourney": (c_uint64, _HANDLE, _HANDLE, _ERROR),
    "Simulation_AddCollisionFreeSpeedModelV2Agent": (c_uint64, _HANDLE, AgentParameters, _ERROR),
    "Simulation_MarkAgentForRemoval": (c_bool, _HANDLE, c_uint64, _ERROR),
    "Simulation_SwitchAgentJourney": (c_bool, _HANDLE, c_uint64, c_uint64, c_uint64, _ERROR),
    "Simulation_Iterate": (c_bool, _HANDLE, _ERROR),
    "Simulation_GetAgent": (_HANDLE, _HANDLE, c_uint64, _ERROR),
    "Simulation_AgentIterator": (_HANDLE, _HANDLE),
    "AgentIterator_Next": (_HANDLE, _HANDLE),
    "AgentIterator_Free": (None, _HANDLE),
    "Agent_GetId": (c_uint64, _HANDLE),
    "Agent_GetPosition": (XY, _HANDLE),
    "Agent_GetCollisionFreeSpeedModelV2State": (_HANDLE, _HANDLE, _ERROR),
    **{
        f"CollisionFreeSpeedModelV2State_Get{name}": (c_double, _HANDLE)
        for name in (
            "TimeGap", "V0", "Radius", "StrengthNeighborRepulsion", "RangeNeighborRepulsion",
            "StrengthGeometryRepulsion", "RangeGeometryRepulsion",
        )
    },
    "CollisionFreeSpeedModelV2State_SetV0": (None, _HANDLE, c_double),
    "CollisionFreeSpeedModelV2State_SetRadius": (None, _HANDLE, c_double),
}  # fmt: skip
"""Result and arguments of each function that is used, without its prefix JPS_."""


class Library:
    """The functions of `_SIGNATURES`; those that can fail raise what the library says."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._library = ctypes.CDLL(str(file))
        for name, (result, *arguments) in _SIGNATURES.items():
            function = getattr(self._library, f"JPS_{name}")
            function.restype, function.argtypes = result, arguments
        self.version = self._library.JPS_GetBuildInfo().library_version.decode()
        if not self.version.startswith(KNOWN):
            raise EngineFailed(
                f"JuPedSim {self.version} is not known here",
                file=file,
                expected=f"version {KNOWN}x, which libsumo 1.28 brings",
                remedy="install the pinned libsumo: pip install -c constraints.txt libsumo",
            )

    def __call__(self, name: str, *arguments: Any) -> Any:
        """Call a function; one whose last argument is an error message gets it from here.

        Raises:
            BadInput: What the library objects to, in its own words.
        """
        function = getattr(self._library, f"JPS_{name}")
        if len(function.argtypes) == len(arguments):
            return function(*arguments)
        message = c_void_p()
        result = function(*arguments, byref(message))
        if message.value:
            words = self._library.JPS_ErrorMessage_GetMessage(message).decode(errors="replace")
            self._library.JPS_ErrorMessage_Free(message)
            raise BadInput(f"JuPedSim says: {words}", place=name)
        return result


@cache
def jupedsim() -> Library:
    """The library that the installed libsumo brings.

    Raises:
        EngineFailed: No libsumo, none in it, or one of another version.
    """
    spec = find_spec("libsumo")
    if spec is None or spec.origin is None:
        raise EngineFailed("libsumo is not installed", remedy="pip install -c constraints.txt libsumo")
    package = Path(spec.origin).parent
    places = [package.parent / "libsumo.libs", package / ".dylibs", package]
    name = {"win32": "*jupedsim*.dll", "darwin": "libjupedsim*.dylib"}.get(sys.platform, "libjupedsim*.so*")
    found = [file for place in places if place.is_dir() for file in sorted(place.glob(name))]
    if not found:
        raise EngineFailed(
            "this libsumo brings no JuPedSim",
            file=package,
            expected=f"{name} in libsumo.libs, .dylibs or beside it",
            remedy="install libsumo 1.28 from a wheel (pip install -c constraints.txt libsumo)",
        )
    return Library(found[0])


def points(ring: list[tuple[float, float]]) -> Any:
    """A ring without its repeated end as the library wants it."""
    return (XY * len(ring))(*(XY(x, y) for x, y in ring))
