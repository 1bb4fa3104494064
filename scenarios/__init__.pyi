from .checking import check_scenario as check_scenario
from .comparison import Comparison as Comparison, Row as Row, compare as compare
from .ensembles.ensemble import (
    Ensemble as Ensemble,
    forecast_of as forecast_of,
    run_ensemble as run_ensemble,
    run_ensembles as run_ensembles,
    run_members as run_members,
)
from .ensembles.executor import Executor as Executor, RayExecutor as RayExecutor, SerialExecutor as SerialExecutor
from .interventions import (
    BusPriority as BusPriority,
    DemandChange as DemandChange,
    EmergencyCall as EmergencyCall,
    Event as Event,
    Place as Place,
    Rainfall as Rainfall,
    RoadClosure as RoadClosure,
    SignalPlanChange as SignalPlanChange,
    TransitFleet as TransitFleet,
    TransitHeadway as TransitHeadway,
    VisitorGuidance as VisitorGuidance,
)
from .library import library_scenarios as library_scenarios
from .measures import (
    MEASURES as MEASURES,
    Measure as Measure,
    NetRoads as NetRoads,
    Tables as Tables,
    ValueOfTime as ValueOfTime,
    evaluate as evaluate,
    user_benefit as user_benefit,
)
from .members.dispatching import calls_in as calls_in, units_in as units_in
from .members.flood_run import (
    FloodOnRoads as FloodOnRoads,
    flood_of as flood_of,
    load_flood as load_flood,
    load_flood_grid as load_flood_grid,
    water_words as water_words,
)
from .members.forecast_run import (
    edge_forecast as edge_forecast,
    forecast_from as forecast_from,
    load_forecast as load_forecast,
)
from .members.member import run_crowd_only as run_crowd_only, run_member as run_member
from .places import locate as locate
from .plan_text import plan_text as plan_text
from .rain.rain_run import hyetograph_of as hyetograph_of
from .rain.rainfall import HyetographText as HyetographText
from .reading import parse_scenario as parse_scenario, read_scenario as read_scenario
from .response.side_by_side import (
    Column as Column,
    SideBySide as SideBySide,
    days_in_words as days_in_words,
    read_responses as read_responses,
    run_side_by_side as run_side_by_side,
)
from .results.keeping import (
    Bounds as Bounds,
    Kept as Kept,
    chosen as chosen,
    kept as kept,
    prune as prune,
    sweep as sweep,
    sweep_after as sweep_after,
)
from .results.replay import Replay as Replay, find_result as find_result, repeat as repeat
from .results.run import Run as Run
from .results.store import Store as Store
from .schema import Scenario as Scenario, scenario_schema as scenario_schema
from .searches.bench import Bench as Bench, TRAINING_SEEDS as TRAINING_SEEDS
from .searches.proposal import (
    Proposal as Proposal,
    propose_dispatch as propose_dispatch,
    propose_guidance as propose_guidance,
    propose_signals as propose_signals,
)
from .searches.recommendation import (
    Alternative as Alternative,
    Effect as Effect,
    Recommendation as Recommendation,
    recommend as recommend,
)
from .searches.study import Judged as Judged, Study as Study, judge as judge, search as search
from .travel.assignment import assignment_of as assignment_of
from .travel.demand import Demand as Demand, draw_demand as draw_demand
from .travel.visitors import Visitors as Visitors, draw_visitors as draw_visitors
