from .question import Question as Question, as_yaml as as_yaml, opened as opened, scenario_of as scenario_of
from .telling import about as about
from .what_if import STATES as STATES, WhatIf as WhatIf
from .what_ifs import WhatIfs as WhatIfs
