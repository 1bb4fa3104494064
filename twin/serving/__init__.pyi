from .planning import PlanningSession as PlanningSession, serve_planning as serve_planning
from .replay_session import ReplaySession as ReplaySession
from .replayed import serve_replay as serve_replay
from .session import TownSession as TownSession
from .stage_files import StageFiles as StageFiles
from .town import serve_town as serve_town
