from .as_if import AsIf as AsIf, as_if as as_if, judged as judged, quarters as quarters
from .estimate import Estimate as Estimate
from .matched_days import matched_days as matched_days
from .sign_flips import sign_flip_interval as sign_flip_interval, sign_flip_p as sign_flip_p
from .switchback import Period as Period, schedule as schedule, switchback as switchback
from .trust import Trust as Trust, trust as trust
