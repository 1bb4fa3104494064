from .here import Here as Here
from .judging import Held as Held, judge as judge
from .plan import Plan as Plan, Trigger as Trigger
from .plan_book import Change as Change, PlanBook as PlanBook
from .reading import LIBRARY as LIBRARY, plan_named as plan_named, read_plan as read_plan, read_plans as read_plans
from .signals import (
    Signal as Signal,
    in_force as in_force,
    rain_signals as rain_signals,
    signals_of as signals_of,
    stored_signals as stored_signals,
    stored_situations as stored_situations,
)
from .tasks_now import tasks_now as tasks_now
from .working import waits_for as waits_for
from .course import Course as Course, course_for as course_for, made_course as made_course, read_course as read_course
from .drilling import drill as drill
from .reviewing import review as review, review_of as review_of
