from .inflow import Inflow as Inflow
from .on_roads.hazard import hazard_class as hazard_class, hazard_rating as hazard_rating
from .on_roads.limits import (
    WaterLimit as WaterLimit,
    limit_of as limit_of,
    read_limits as read_limits,
    standard_limits as standard_limits,
)
from .on_roads.lines import (
    LineCells as LineCells,
    WaterAlong as WaterAlong,
    cells_under as cells_under,
    depths_along as depths_along,
    lines_around as lines_around,
    water_along as water_along,
)
from .on_roads.replay import FloodReplay as FloodReplay
from .on_roads.vehicles import (
    CLOSING_DEPTH_M as CLOSING_DEPTH_M,
    closes as closes,
    closing_depth_m as closing_depth_m,
    pregnolato_speed_mps as pregnolato_speed_mps,
    road_speed_mps as road_speed_mps,
    speed_factor as speed_factor,
    stalling_depth_m as stalling_depth_m,
)
from .rain import (
    Hyetograph as Hyetograph,
    IntensityFormula as IntensityFormula,
    Rain as Rain,
    RainField as RainField,
    chicago_storm as chicago_storm,
    uniform_rain as uniform_rain,
)
from .result import FloodResult as FloodResult, Ledger as Ledger
from .solver import simulate_flood as simulate_flood
from .surface.water import Forcing as Forcing, Water as Water
