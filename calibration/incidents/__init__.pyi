from .adding_up import cusum as cusum, run_length as run_length, threshold_for as threshold_for
from .expected import Expected as Expected, expected_of as expected_of
from .keeping import found_again as found_again, keep as keep
from .preparing import (
    SUSPICIONS_PER_DAY as SUSPICIONS_PER_DAY,
    Usual as Usual,
    reach_in as reach_in,
    streets_in as streets_in,
    usual_of as usual_of,
    ways_of as ways_of,
)
from .reach import Reach as Reach, reach_of as reach_of
from .suspicion import (
    Evidence as Evidence,
    Suspicion as Suspicion,
    evidence_of as evidence_of,
    suspicions as suspicions,
)
from .trying import TownForks as TownForks, Try as Try, in_town as in_town
from .verdict import KINDS as KINDS, Verdict as Verdict
from .watch import Street as Street, Watch as Watch
from .watching import Watching as Watching, heard_out as heard_out
from .weighing import Weight as Weight, weigh as weigh
