"""The vehicles on the road: how they drive in SUMO, and how they stand water."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class VehicleType:
    """One kind of vehicle.

    Attributes:
        name: Its key.
        vclass: SUMO's vehicle class, which decides on which lanes it may drive.
        water_class: Its class for water on the road (`models.flood`): car, high_clearance or two_wheeler.
        attributes: SUMO's vType attributes; what is not named here is SUMO's default for the vehicle class.
        params: SUMO's generic vType parameters.
        emission_class: What it emits, in SUMO's words; HBEFA's classes are European.
        source: Where the numbers come from.
    """

    name: str
    vclass: str
    water_class: str
    attributes: dict[str, str] = field(default_factory=dict)
    params: dict[str, str] = field(default_factory=dict)
    source: str = ""
    emission_class: str = "Zero"


_DEFAULTS = (
    "SUMO 1.28 defaults of the vehicle class (docs: Vehicle Type Parameter Defaults); Krauss (1998) car following"
)

VEHICLE_TYPES: dict[str, VehicleType] = {
    "car": VehicleType(
        "car",
        "passenger",
        "car",
        {"length": "5.0", "minGap": "2.5", "accel": "2.6", "decel": "4.5", "sigma": "0.5", "tau": "1.0"},
        source=_DEFAULTS,
        emission_class="HBEFA4/PC_petrol_Euro-4",
    ),
    "truck": VehicleType(
        "truck", "truck", "high_clearance", source=_DEFAULTS, emission_class="HBEFA4/RT_le7.5t_Euro-VI_A-C"
    ),
    "bus": VehicleType(
        "bus", "bus", "high_clearance", source=_DEFAULTS, emission_class="HBEFA4/UBus_Std_gt15-18t_Euro-VI_A-C"
    ),
    "bicycle": VehicleType(
        "bicycle",
        "bicycle",
        "two_wheeler",
        {"maxSpeed": "8.33", "desiredMaxSpeed": "4.72", "accel": "1.0"},
        source=_DEFAULTS + "; wished speed of 17 km/h and 1.0 m/s2 guessed",
    ),
    "ebike": VehicleType(
        "ebike",
        "bicycle",
        "two_wheeler",
        {"length": "1.8", "maxSpeed": "6.944", "desiredMaxSpeed": "6.25", "accel": "1.5"},
        source="GB 17761-2018: no power above 25 km/h (maxSpeed); wished 22.5 km/h, 1.5 m/s2 and 1.8 m guessed; "
        + _DEFAULTS,
    ),
    "ambulance": VehicleType(
        "ambulance",
        "emergency",
        "car",
        {"length": "6.5", "speedFactor": "1.3", "jmDriveAfterRedTime": "300", "jmDriveAfterRedSpeed": "5.56"},
        # No bluelight device: where SUMO 1.28 lifts a vehicle across from a lane that does not lead on, it was seen to
        # end with a segmentation fault; and its rescue lane needs the sublane model, which we do not run.
        source="SUMO docs: Simulation/Emergency (red lights passed at 20 km/h, 1.3 times the limit)",
        emission_class="HBEFA4/LCV_diesel_N1-III_Euro-6ab",
    ),
}
