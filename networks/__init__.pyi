from .build import build_city as build_city
from .city import City as City
from .coordinates.datums import DATUMS as DATUMS, from_wgs84 as from_wgs84, to_wgs84 as to_wgs84
from .coordinates.driving_side import drives_left as drives_left
from .corrections.checking import check_corrections as check_corrections
from .corrections.judging import Judgement as Judgement
from .corrections.reading import corrections_schema as corrections_schema
from .datasets import Dataset as Dataset, catalogue as catalogue, source_dataset as source_dataset
from .digest import (
    digest_arrays as digest_arrays,
    digest_file as digest_file,
    digest_json as digest_json,
    digest_table as digest_table,
)
from .errors import (
    BadCity as BadCity,
    BadCorrections as BadCorrections,
    BadInput as BadInput,
    BadMap as BadMap,
    BadScenario as BadScenario,
    EngineFailed as EngineFailed,
    InvalidRun as InvalidRun,
    NotThere as NotThere,
    QualityFailed as QualityFailed,
    Refused as Refused,
    StorageFailed as StorageFailed,
    TwinError as TwinError,
)
from .graphs import RoadGraph as RoadGraph, WalkGraph as WalkGraph
from .ground.options import GroundOptions as GroundOptions
from .ground.perturbation import perturbed as perturbed
from .ground.ponds import Pond as Pond, Report as Report, find_ponds as find_ponds, read_reports as read_reports
from .ground.storage import StorageCurve as StorageCurve, storage_of as storage_of
from .ground.terrain import Terrain as Terrain
from .ground.underpass_file import UnderpassText as UnderpassText, read_underpass_file as read_underpass_file
from .ground.underpasses import Underpass as Underpass, read_underpasses as read_underpasses
from .imports.connecting import zone_connectors as zone_connectors
from .imports.devices import (
    DevicesImported as DevicesImported,
    import_cameras as import_cameras,
    import_sensors as import_sensors,
    read_camera_list as read_camera_list,
)
from .imports.export import export_layer as export_layer
from .imports.gtfs import import_gtfs as import_gtfs
from .imports.gtfs_feed import GtfsFeed as GtfsFeed
from .imports.gtfs_service import busiest_day as busiest_day
from .imports.od import import_od as import_od
from .imports.zones import import_zones as import_zones
from .landing import landing_file as landing_file, landing_folder as landing_folder
from .layers import Column as Column, LAYERS as LAYERS, TABLES as TABLES
from .manifest import describe_dataset as describe_dataset
from .migration import Migration as Migration, migrate_city as migrate_city
from .osm.demo import demo_extract as demo_extract
from .osm.download import download_place as download_place
from .places.cameras import Camera as Camera, cameras_by as cameras_by, read_cameras as read_cameras
from .places.nearest_road import NearestRoad as NearestRoad
from .places.sensors import Sensor as Sensor, read_sensors as read_sensors
from .quality.page import put_page as put_page
from .quality.report import (
    changed_since as changed_since,
    read_quality as read_quality,
    require_passed as require_passed,
    with_thresholds as with_thresholds,
)
from .quality.thresholds import read_thresholds as read_thresholds
from .roads.net_file import Net as Net, read_net as read_net
from .roads.netconvert import sumo_home as sumo_home
from .rules.checking import check_rules as check_rules
from .rules.exporting import export_audited as export_audited, export_checked as export_checked
from .rules.overriding import Override as Override, read_override as read_override
from .rules.plans import check_plans as check_plans
from .rules.regulating import rule_controller as rule_controller
from .rules.table import RuleTable as RuleTable, read_rules as read_rules
from .rules.verdict import Verdict as Verdict
from .sentence import Sentence as Sentence, joined as joined, read_sentence as read_sentence, say as say
from .signals.controllers.building import build_controller as build_controller, read_controllers as read_controllers
from .signals.controllers.checking import check_plan as check_plan
from .signals.controllers.controller import Controller as Controller
from .signals.controllers.stage import Stage as Stage
from .signals.equipment.equipment import (
    Equipment as Equipment,
    carrying as carrying,
    equipment_of as equipment_of,
    equipped_for as equipped_for,
    read_equipment as read_equipment,
)
from .signals.groups.conflict_matrix import Conflict as Conflict, ConflictMatrix as ConflictMatrix
from .signals.groups.crossing import Crossing as Crossing
from .signals.groups.group import SignalGroup as SignalGroup
from .signals.groups.intergreen_matrix import IntergreenMatrix as IntergreenMatrix
from .signals.guesses.fitting import plan_faults as plan_faults
from .signals.guesses.guess import guess_plans as guess_plans
from .signals.layouts.corridor import (
    Corridor as Corridor,
    StopLine as StopLine,
    corridor_along as corridor_along,
    find_corridor as find_corridor,
)
from .signals.layouts.layout import Layout as Layout, read_layouts as read_layouts
from .signals.layouts.links import SignalLink as SignalLink, read_signal_links as read_signal_links
from .signals.plans.embed import embed_plans as embed_plans
from .signals.plans.phase import SignalPhase as SignalPhase
from .signals.plans.phase_terms import PhaseTerms as PhaseTerms
from .signals.plans.plan import SignalPlan as SignalPlan
from .signals.plans.plan_file import read_signal_plans as read_signal_plans, write_signal_plans as write_signal_plans
from .timing.calendar import Calendar as Calendar, DayRule as DayRule
from .timing.coordinating import coordinated as coordinated, offset_at as offset_at
from .timing.coordination import Coordination as Coordination, ReferencePoint as ReferencePoint
from .timing.day_plan import DayPlan as DayPlan, Switch as Switch
from .timing.deriving import plan_of as plan_of, timing_of as timing_of
from .timing.detector import Detector as Detector
from .timing.lamps import LampGroup as LampGroup
from .timing.step import Step as Step
from .timing.timed_stage import TimedStage as TimedStage
from .timing.timing import Control as Control, Timing as Timing
from .updates.report import Update as Update, compare_city as compare_city
