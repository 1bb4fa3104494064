"""Words of DATEX II (CEN/TS 16157-3:2011 and EN 16157-7), and what they are to this twin."""

from __future__ import annotations

SEVERITIES = {
    "highest": "extreme",
    "high": "severe",
    "medium": "moderate",
    "low": "minor",
    "lowest": "minor",
    "none": "minor",
    "unknown": "unknown",
}
STATUSES = {"real": "actual", "test": "test", "securityExercise": "exercise", "technicalExercise": "exercise"}
VALIDITIES = frozenset({"active", "suspended", "definedByValidityTimeSpec", "planned"})
PROBABILITIES = frozenset({"certain", "probable", "riskOf"})
CONFIDENTIALITIES = frozenset(
    {
        *("internalUse", "noRestriction", "restrictedToAuthorities", "restrictedToAuthoritiesAndTrafficOperators"),
        "restrictedToAuthoritiesTrafficOperatorsAndPublishers",
        "restrictedToAuthoritiesTrafficOperatorsAndVms",
    }
)
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

KINDS = {
    "AbnormalTraffic": "congestion",
    "Accident": "accident",
    "AnimalPresenceObstruction": "obstruction",
    "AuthorityOperation": "authority operation",
    "CarParks": "parking",
    "Conditions": "weather",
    "ConstructionWorks": "roadworks",
    "DisturbanceActivity": "disturbance",
    "EnvironmentalObstruction": "obstruction",
    "EquipmentOrSystemFault": "equipment fault",
    "GeneralInstructionOrMessageToRoadUsers": "instruction",
    "GeneralInstructionToRoadUsers": "instruction",
    "GeneralNetworkManagement": "traffic management",
    "GeneralObstruction": "obstruction",
    "GenericSituationRecord": "other",
    "InfrastructureDamageObstruction": "obstruction",
    "MaintenanceWorks": "roadworks",
    "NonWeatherRelatedRoadConditions": "road condition",
    "OperatorAction": "traffic management",
    "PoorEnvironmentConditions": "weather",
    "PublicEvent": "event",
    "ReroutingManagement": "rerouting",
    "RoadOperatorServiceDisruption": "service disruption",
    "RoadOrCarriagewayOrLaneManagement": "traffic management",
    "RoadsideAssistance": "assistance",
    "RoadsideServiceDisruption": "service disruption",
    "SignSetting": "signs",
    "SpeedManagement": "speed limit",
    "TransitInformation": "public transport",
    "VehicleObstruction": "obstruction",
    "WeatherRelatedRoadConditions": "road condition",
    "WinterDrivingManagement": "traffic management",
}
"""Type of a record -> kind of a situation."""

_TYPES = """
accidentType:
    accident accidentInvolvingBicycles accidentInvolvingBuses accidentInvolvingHazardousMaterials
    accidentInvolvingHeavyLorries accidentInvolvingMassTransitVehicle accidentInvolvingMopeds
    accidentInvolvingMotorcycles accidentInvolvingRadioactiveMaterial accidentInvolvingTrain
    chemicalSpillageAccident collision collisionWithAnimal collisionWithObstruction collisionWithPerson
    earlierAccident fuelSpillageAccident headOnCollision headOnOrSideCollision jackknifedArticulatedLorry
    jackknifedCaravan jackknifedTrailer multipleVehicleCollision multivehicleAccident oilSpillageAccident
    overturnedHeavyLorry overturnedTrailer overturnedVehicle rearCollision secondaryAccident seriousAccident
    sideCollision vehicleOffRoad vehicleSpunAround other
abnormalTrafficType:
    stationaryTraffic queuingTraffic slowTraffic heavyTraffic unspecifiedAbnormalTraffic other
obstructionType:
    airCrash childrenOnRoadway clearanceWork craneOperating cyclistsOnRoadway debris explosion explosionHazard
    hazardsOnTheRoad highSpeedChase houseFire incident industrialAccident objectOnTheRoad
    objectsFallingFromMovingVehicle obstructionOnTheRoad peopleOnRoadway railCrash recklessDriver
    rescueAndRecoveryWork severeFrostDamagedRoadway shedLoad snowAndIceDebris spillageOccurringFromMovingVehicle
    spillageOnTheRoad unprotectedAccidentArea other
vehicleObstructionType:
    abandonedVehicle abnormalLoad brokenDownBus brokenDownHeavyLorry brokenDownVehicle convoy damagedVehicle
    dangerousSlowMovingVehicle emergencyVehicle highSpeedEmergencyVehicle longLoad militaryConvoy
    overheightVehicle prohibitedVehicleOnTheRoadway saltingOrGrittingVehicleInUse slowMovingMaintenanceVehicle
    slowVehicle snowplough trackLayingVehicle unlitVehicleOnTheRoad vehicleOnFire
    vehicleCarryingHazardousMaterials vehicleInDifficulty vehicleOnWrongCarriageway vehicleStuck
    vehicleStuckUnderBridge vehicleWithOverheightLoad vehicleWithOverwideLoad other
environmentalObstructionType:
    avalanches earthquakeDamage fallenTrees fallingIce fallingLightIceOrSnow flashFloods flooding forestFire
    grassFire landslips mudSlide sewerOverflow rockfalls seriousFire smokeOrFumes stormDamage subsidence other
infrastructureDamageType:
    burstPipe burstWaterMain collapsedSewer damagedBridge damagedCrashBarrier damagedFlyover damagedGallery
    damagedGantry damagedRoadSurface damagedTunnel damagedViaduct fallenPowerCables gasLeak weakBridge other
animalPresenceType:
    animalsOnTheRoad herdOfAnimalsOnTheRoad largeAnimalsOnTheRoad
roadOrCarriagewayOrLaneManagementType:
    iceRoadOpen iceRoadClosed carPoolLaneInOperation carriagewayClosures clearALaneForEmergencyVehicles
    clearALaneForSnowploughsAndGrittingVehicles closedPermanentlyForTheWinter contraflow
    doNotUseSpecifiedLanesOrCarriageways hardShoulderRunningInOperation heightRestrictionInOperation
    intermittentShortTermClosures keepToTheLeft keepToTheRight laneClosures lanesDeviated narrowLanes
    newRoadworksLayout overnightClosures roadCleared roadClosed rollingRoadBlock rushHourLaneInOperation
    singleAlternateLineTraffic tidalFlowLaneInOperation turnAroundInOperation
    useOfSpecifiedLanesOrCarriagewaysAllowed useSpecifiedLanesOrCarriageways vehicleStorageInOperation
    weightRestrictionInOperation other
roadMaintenanceType:
    clearanceWork controlledAvalanche installationWork grassCuttingWork litterClearance maintenanceWork
    overheadWorks repairWork resurfacingWork roadMarkingWork roadsideWork roadworksClearance roadworks
    rockFallPreventativeMaintenance saltingInProgress snowploughsInUse sweepingOfRoad
    treeAndVegetationCuttingWork other
constructionWorkType:
    blastingWork constructionWork demolitionWork roadImprovementOrUpgrading roadWideningWork
publicEventType:
    agriculturalShow airShow athleticsMeeting commercialEvent culturalEvent ballGame baseballGame basketballGame
    bicycleRace boatRace boatShow boxingTournament bullFight ceremonialEvent concert cricketMatch exhibition
    fair festival filmTVMaking footballMatch funfair gardeningOrFlowerShow golfTournament hockeyGame
    horseRaceMeeting internationalSportsMeeting majorEvent marathon market match motorShow motorSportRaceMeeting
    parade procession raceMeeting rugbyMatch severalMajorEvents show showJumping sportsMeeting stateOccasion
    tennisTournament tournament tradeFair waterSportsMeeting winterSportsMeeting other
disturbanceActivityType:
    airRaid altercationOfVehicleOccupants assault assetDestruction attack attackOnVehicle blockadeOrBarrier
    bombAlert crowd demonstration evacuation filterBlockade goSlowOperation gunfireOnRoadway illVehicleOccupants
    march publicDisturbance radioactiveLeakAlert riot sabotage securityAlert securityIncident
    sightseersObstructingAccess strike terroristIncident theft toxicCloudAlert unspecifiedAlert other
poorEnvironmentType:
    badWeather blizzard blowingDust blowingSnow crosswinds damagingHail denseFog eclipse extremeCold extremeHeat
    fog freezingFog frost gales gustyWinds hail heavyFrost heavyRain heavySnowfall hurricaneForceWinds
    lowSunGlare moderateFog ozonePollution pollution patchyFog precipitationInTheArea rain rainChangingToSnow
    sandStorms severeExhaustPollution severeSmog showers sleet smogAlert smokeHazard snowChangingToRain snowfall
    sprayHazard stormForceWinds strongGustsOfWind strongWinds swarmsOfInsects temperatureFalling thunderstorms
    tornadoes veryStrongGustsOfWind visibilityReduced whiteOut winterStorm
weatherRelatedRoadConditionType:
    blackIce deepSnow dry freezingOfWetRoads freezingPavements freezingRain freshSnow ice iceBuildUp
    iceWithWheelBarTracks icyPatches looseSnow normalWinterConditionsForPedestrians packedSnow
    roadSurfaceMelting slipperyRoad slushOnRoad slushStrings snowDrifts snowOnPavement snowOnTheRoad
    surfaceWater wet wetAndIcyRoad wetIcyPavement other
nonWeatherRelatedRoadConditionType:
    dieselOnRoad leavesOnRoad looseChippings looseSandOnRoad mudOnRoad oilOnRoad petrolOnRoad
    roadSurfaceInPoorCondition slipperyRoad other
"""
"""Element -> its words; DATEX II 3 adds more, which are kept as they come."""


def _table(text: str) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in text.strip().splitlines():
        if line[0] != " ":
            words = found.setdefault(line.rstrip(":"), set())
        else:
            words.update(line.split())
    return {name: frozenset(words) for name, words in found.items()}


TYPES = _table(_TYPES)
"""What a record is about, in the standard's own words, by element."""
NEEDED = {
    "Accident": "accidentType",
    "AnimalPresenceObstruction": "animalPresenceType",
    "DisturbanceActivity": "disturbanceActivityType",
    "EnvironmentalObstruction": "environmentalObstructionType",
    "GeneralObstruction": "obstructionType",
    "InfrastructureDamageObstruction": "infrastructureDamageType",
    "MaintenanceWorks": "roadMaintenanceType",
    "NonWeatherRelatedRoadConditions": "nonWeatherRelatedRoadConditionType",
    "PoorEnvironmentConditions": "poorEnvironmentType",
    "PublicEvent": "publicEventType",
    "RoadOrCarriagewayOrLaneManagement": "roadOrCarriagewayOrLaneManagementType",
    "VehicleObstruction": "vehicleObstructionType",
    "WeatherRelatedRoadConditions": "weatherRelatedRoadConditionType",
}
"""Type of a record -> the element that version 2 demands of it."""
MANY = frozenset(
    {
        *("accidentType", "obstructionType", "roadMaintenanceType", "poorEnvironmentType"),
        *("weatherRelatedRoadConditionType", "nonWeatherRelatedRoadConditionType"),
    }
)
"""Elements that a record may have several of."""
_CLOSED = frozenset({"roadClosed", "carriagewayClosures", "closedPermanentlyForTheWinter", "overnightClosures"})
_CLOSED_LANES = frozenset({"laneClosures", "intermittentShortTermClosures"})
_FLOODED = frozenset({"flooding", "flashFloods", "sewerOverflow"})
_CROWDED = frozenset({"crowd", "demonstration", "march", "sightseersObstructingAccess"})


def kind_of(record: str, types: list[str]) -> str:
    """What a record is about: by its type, sharpened by its words where they say more."""
    for kind, words in (
        ("closure", _CLOSED),
        ("lane closure", _CLOSED_LANES),
        ("flood", _FLOODED),
        ("crowd", _CROWDED),
    ):
        if words.intersection(types):
            return kind
    return KINDS[record]
