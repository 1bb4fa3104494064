"""Every array of the surface solver, once: what it is, its unit, its standard name, and where on the grid it lies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Location = Literal["cell", "east face", "south face"]


@dataclass(frozen=True)
class ArrayAbout:
    """One array.

    Attributes:
        key: Its name in `Water` or `Ground`.
        unit: SI.
        name: CSDMS standard name, or "" where the table has none that fits.
        cf_name: CF standard name, or "" where the table has none that fits.
        location: A cell, or the faces across an axis: (rows, cols + 1) for east, (rows + 1, cols) for south.
        kind: "state" changes in time; "ground" stays.
        about: What it is.
    """

    key: str
    unit: str
    name: str
    cf_name: str
    location: Location
    kind: Literal["state", "ground"]
    about: str


ARRAYS: tuple[ArrayAbout, ...] = (
    ArrayAbout(
        "h", "m", "land_surface_water__depth", "flood_water_thickness", "cell", "state", "depth of the standing water"
    ),
    ArrayAbout("lost", "m", "", "", "cell", "state", "what rounding added to the depth so far (Kahan's compensation)"),
    ArrayAbout("qx", "m2 s-1", "", "", "east face", "state", "flow eastwards per width, scheme inertia"),
    ArrayAbout("qy", "m2 s-1", "", "", "south face", "state", "flow southwards per width, scheme inertia"),
    ArrayAbout("mx", "m2 s-1", "", "", "cell", "state", "depth times eastward velocity, scheme shallow"),
    ArrayAbout("my", "m2 s-1", "", "", "cell", "state", "depth times southward velocity, scheme shallow"),
    ArrayAbout(
        "bed_m",
        "m",
        "land_surface__elevation",
        "ground_level_altitude",
        "cell",
        "ground",
        "terrain above `Ground.datum_m`; buildings stand out",
    ),
    ArrayAbout("gn2", "m1/3", "", "", "cell", "ground", "gravity times Manning's n squared"),
    ArrayAbout("rain_share", "1", "", "", "cell", "ground", "how many cells' rain arrives here"),
    ArrayAbout("spill_share", "1", "", "", "cell", "ground", "added to it for the rain that gutters cannot carry"),
    ArrayAbout(
        "infiltration_mps",
        "m s-1",
        "soil_surface_water__infiltration_leq-volume_flux",
        "",
        "cell",
        "ground",
        "capacity of the soil",
    ),
    ArrayAbout(
        "drains_mps",
        "m s-1",
        "land_surface_water__losses_leq-volume_flux",
        "",
        "cell",
        "ground",
        "capacity of the drains",
    ),
)
"""CSDMS: csdms.colorado.edu/wiki/CSN_Searchable_List; CF: cfconventions.org, standard name table. Names as itzi-core's
table of arrays gives them (secondary source)."""


def about(key: str) -> ArrayAbout:
    """The array of that name; raises KeyError where there is none."""
    return {array.key: array for array in ARRAYS}[key]
