from .branch import Branch as Branch, Ended as Ended
from .case import SumoCase as SumoCase, read_case as read_case
from .checks import check_case as check_case
from .native import Finished as Finished, large_pages as large_pages, run_native as run_native
from .outputs import TABLES as TABLES, read_tables as read_tables
from .own_files import can_fork as can_fork
from .recording import Loop as Loop, Recording as Recording, record as record
from .session import Session as Session, load_libsumo as load_libsumo
from .warm import WarmCity as WarmCity
