"""The city that stands still: import from OpenStreetMap, roads, walk graph, terrain, zones, sensors, signal plans."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from networks.build import build_city
    from networks.city import City
    from networks.coordinates.datums import DATUMS, from_wgs84, to_wgs84
    from networks.coordinates.driving_side import drives_left
    from networks.corrections.checking import check_corrections
    from networks.corrections.judging import Judgement
    from networks.corrections.reading import corrections_schema
    from networks.datasets import Dataset, catalogue, source_dataset
    from networks.digest import digest_arrays, digest_file, digest_json, digest_table
    from networks.errors import (
        BadCity,
        BadCorrections,
        BadInput,
        BadMap,
        BadScenario,
        EngineFailed,
        InvalidRun,
        NotThere,
        QualityFailed,
        Refused,
        StorageFailed,
        TwinError,
    )
    from networks.graphs import RoadGraph, WalkGraph
    from networks.ground.options import GroundOptions
    from networks.ground.perturbation import perturbed
    from networks.ground.ponds import Pond, Report, find_ponds, read_reports
    from networks.ground.storage import StorageCurve, storage_of
    from networks.ground.terrain import Terrain
    from networks.ground.underpass_file import UnderpassText, read_underpass_file
    from networks.ground.underpasses import Underpass, read_underpasses
    from networks.imports.connecting import zone_connectors
    from networks.imports.devices import DevicesImported, import_cameras, import_sensors
    from networks.imports.export import export_layer
    from networks.imports.gtfs import import_gtfs
    from networks.imports.od import import_od
    from networks.imports.zones import import_zones
    from networks.landing import landing_file, landing_folder
    from networks.layers import LAYERS, TABLES, Column
    from networks.manifest import describe_dataset
    from networks.migration import Migration, migrate_city
    from networks.osm.demo import demo_extract
    from networks.osm.download import download_place
    from networks.places.cameras import Camera, cameras_by, read_cameras
    from networks.places.nearest_road import NearestRoad
    from networks.places.sensors import Sensor, read_sensors
    from networks.quality.page import put_page
    from networks.quality.report import changed_since, read_quality, require_passed, with_thresholds
    from networks.quality.thresholds import read_thresholds
    from networks.roads.net_file import Net, read_net
    from networks.roads.netconvert import sumo_home
    from networks.rules.checking import check_rules
    from networks.rules.exporting import export_audited, export_checked
    from networks.rules.overriding import Override, read_override
    from networks.rules.plans import check_plans
    from networks.rules.regulating import rule_controller
    from networks.rules.table import RuleTable, read_rules
    from networks.rules.verdict import Verdict
    from networks.sentence import Sentence, joined, read_sentence, say
    from networks.signals.controllers.building import build_controller, read_controllers
    from networks.signals.controllers.checking import check_plan
    from networks.signals.controllers.controller import Controller
    from networks.signals.controllers.stage import Stage
    from networks.signals.equipment.equipment import Equipment, carrying, equipment_of, equipped_for, read_equipment
    from networks.signals.groups.conflict_matrix import Conflict, ConflictMatrix
    from networks.signals.groups.crossing import Crossing
    from networks.signals.groups.group import SignalGroup
    from networks.signals.groups.intergreen_matrix import IntergreenMatrix
    from networks.signals.guesses.fitting import plan_faults
    from networks.signals.guesses.guess import guess_plans
    from networks.signals.layouts.corridor import Corridor, StopLine, corridor_along, find_corridor
    from networks.signals.layouts.layout import Layout, read_layouts
    from networks.signals.layouts.links import SignalLink, read_signal_links
    from networks.signals.plans.embed import embed_plans
    from networks.signals.plans.phase import SignalPhase
    from networks.signals.plans.phase_terms import PhaseTerms
    from networks.signals.plans.plan import SignalPlan
    from networks.signals.plans.plan_file import read_signal_plans, write_signal_plans
    from networks.timing.calendar import Calendar, DayRule
    from networks.timing.coordinating import coordinated, offset_at
    from networks.timing.coordination import Coordination, ReferencePoint
    from networks.timing.day_plan import DayPlan, Switch
    from networks.timing.deriving import plan_of, timing_of
    from networks.timing.detector import Detector
    from networks.timing.lamps import LampGroup
    from networks.timing.step import Step
    from networks.timing.timed_stage import TimedStage
    from networks.timing.timing import Control, Timing
    from networks.updates.report import Update, compare_city

__all__ = [
    "DATUMS",
    "LAYERS",
    "TABLES",
    "BadCity",
    "BadCorrections",
    "BadInput",
    "BadMap",
    "BadScenario",
    "Calendar",
    "Camera",
    "City",
    "Column",
    "Conflict",
    "ConflictMatrix",
    "Control",
    "Controller",
    "Coordination",
    "Corridor",
    "Crossing",
    "Dataset",
    "DayPlan",
    "DayRule",
    "Detector",
    "DevicesImported",
    "EngineFailed",
    "Equipment",
    "GroundOptions",
    "IntergreenMatrix",
    "InvalidRun",
    "Judgement",
    "LampGroup",
    "Layout",
    "Migration",
    "NearestRoad",
    "Net",
    "NotThere",
    "Override",
    "PhaseTerms",
    "Pond",
    "QualityFailed",
    "ReferencePoint",
    "Refused",
    "Report",
    "RoadGraph",
    "RuleTable",
    "Sensor",
    "Sentence",
    "SignalGroup",
    "SignalLink",
    "SignalPhase",
    "SignalPlan",
    "Stage",
    "Step",
    "StopLine",
    "StorageCurve",
    "StorageFailed",
    "Switch",
    "Terrain",
    "TimedStage",
    "Timing",
    "TwinError",
    "Underpass",
    "UnderpassText",
    "Update",
    "Verdict",
    "WalkGraph",
    "build_city",
    "build_controller",
    "cameras_by",
    "carrying",
    "catalogue",
    "changed_since",
    "check_corrections",
    "check_plan",
    "check_plans",
    "check_rules",
    "compare_city",
    "coordinated",
    "corrections_schema",
    "corridor_along",
    "demo_extract",
    "describe_dataset",
    "digest_arrays",
    "digest_file",
    "digest_json",
    "digest_table",
    "download_place",
    "drives_left",
    "embed_plans",
    "equipment_of",
    "equipped_for",
    "export_audited",
    "export_checked",
    "export_layer",
    "find_corridor",
    "find_ponds",
    "from_wgs84",
    "guess_plans",
    "import_cameras",
    "import_gtfs",
    "import_od",
    "import_sensors",
    "import_zones",
    "joined",
    "landing_file",
    "landing_folder",
    "migrate_city",
    "offset_at",
    "perturbed",
    "plan_faults",
    "plan_of",
    "put_page",
    "read_cameras",
    "read_controllers",
    "read_equipment",
    "read_layouts",
    "read_net",
    "read_override",
    "read_quality",
    "read_reports",
    "read_rules",
    "read_sensors",
    "read_sentence",
    "read_signal_links",
    "read_signal_plans",
    "read_thresholds",
    "read_underpass_file",
    "read_underpasses",
    "require_passed",
    "rule_controller",
    "say",
    "source_dataset",
    "storage_of",
    "sumo_home",
    "timing_of",
    "to_wgs84",
    "with_thresholds",
    "write_signal_plans",
    "zone_connectors",
]

_HOMES = {
    "build": "build_city",
    "city": "City",
    "manifest": "describe_dataset",
    "migration": "Migration migrate_city",
    "osm.demo": "demo_extract",
    "datasets": "Dataset catalogue source_dataset",
    "corrections.checking": "check_corrections",
    "corrections.judging": "Judgement",
    "corrections.reading": "corrections_schema",
    "digest": "digest_arrays digest_file digest_json digest_table",
    "osm.download": "download_place",
    "coordinates.datums": "DATUMS from_wgs84 to_wgs84",
    "coordinates.driving_side": "drives_left",
    "errors": "BadCity BadCorrections BadInput BadMap BadScenario EngineFailed InvalidRun NotThere QualityFailed "
    "Refused StorageFailed TwinError",
    "graphs": "RoadGraph WalkGraph",
    "imports.connecting": "zone_connectors",
    "imports.gtfs": "import_gtfs",
    "imports.od": "import_od",
    "imports.zones": "import_zones",
    "landing": "landing_file landing_folder",
    "layers": "LAYERS TABLES Column",
    "quality.page": "put_page",
    "quality.report": "changed_since read_quality require_passed with_thresholds",
    "quality.thresholds": "read_thresholds",
    "roads.net_file": "Net read_net",
    "roads.netconvert": "sumo_home",
    "imports.devices": "DevicesImported import_cameras import_sensors",
    "imports.export": "export_layer",
    "places.nearest_road": "NearestRoad",
    "places.cameras": "Camera cameras_by read_cameras",
    "places.sensors": "Sensor read_sensors",
    "sentence": "Sentence joined read_sentence say",
    "signals.layouts.links": "SignalLink read_signal_links",
    "signals.plans.phase": "SignalPhase",
    "signals.plans.plan": "SignalPlan",
    "signals.plans.plan_file": "read_signal_plans write_signal_plans",
    "ground.options": "GroundOptions",
    "ground.perturbation": "perturbed",
    "ground.terrain": "Terrain",
    "ground.ponds": "Pond Report find_ponds read_reports",
    "ground.storage": "StorageCurve storage_of",
    "ground.underpass_file": "UnderpassText read_underpass_file",
    "ground.underpasses": "Underpass read_underpasses",
    "updates.report": "Update compare_city",
    "signals.controllers.building": "build_controller read_controllers",
    "signals.controllers.checking": "check_plan",
    "signals.guesses.fitting": "plan_faults",
    "signals.groups.conflict_matrix": "Conflict ConflictMatrix",
    "signals.controllers.controller": "Controller",
    "signals.layouts.corridor": "Corridor StopLine corridor_along find_corridor",
    "signals.groups.crossing": "Crossing",
    "signals.plans.embed": "embed_plans",
    "signals.equipment.equipment": "Equipment carrying equipment_of equipped_for read_equipment",
    "signals.groups.group": "SignalGroup",
    "signals.plans.phase_terms": "PhaseTerms",
    "signals.layouts.layout": "Layout read_layouts",
    "signals.guesses.guess": "guess_plans",
    "signals.groups.intergreen_matrix": "IntergreenMatrix",
    "signals.controllers.stage": "Stage",
    "rules.checking": "check_rules",
    "rules.plans": "check_plans",
    "rules.table": "RuleTable read_rules",
    "rules.verdict": "Verdict",
    "rules.regulating": "rule_controller",
    "rules.exporting": "export_audited export_checked",
    "rules.overriding": "Override read_override",
    "timing.calendar": "Calendar DayRule",
    "timing.coordinating": "coordinated offset_at",
    "timing.coordination": "Coordination ReferencePoint",
    "timing.day_plan": "DayPlan Switch",
    "timing.deriving": "plan_of timing_of",
    "timing.detector": "Detector",
    "timing.lamps": "LampGroup",
    "timing.step": "Step",
    "timing.timed_stage": "TimedStage",
    "timing.timing": "Control Timing",
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    """Import a public name from its module when it is first asked for: `twin --help` needs none of them."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value
