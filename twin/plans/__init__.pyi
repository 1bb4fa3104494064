from .judging import Held as Held, judge as judge
from .plan import Plan as Plan
from .plan_book import Change as Change, PlanBook as PlanBook
from .reading import LIBRARY as LIBRARY, plan_named as plan_named, read_plan as read_plan, read_plans as read_plans
from .signals import (
    Signal as Signal,
    rain_signals as rain_signals,
    signals_of as signals_of,
    stored_signals as stored_signals,
)
from .working import waits_for as waits_for
