from .causes import (
    CAUSES as CAUSES,
    Cause as Cause,
    Ends as Ends,
    cause_of as cause_of,
    ends_in as ends_in,
    turns_driven as turns_driven,
)
from .jams import Jam as Jam, Traffic as Traffic, find_jams as find_jams
from .proving import (
    Proof as Proof,
    green_file as green_file,
    mean_traffic as mean_traffic,
    more_green as more_green,
    proved as proved,
    runs_of as runs_of,
)
