from .assets import AssetState as AssetState, assets_of as assets_of
from .audit import AuditEntry as AuditEntry, Broken as Broken, broken_links as broken_links
from .authority import AUTONOMY as AUTONOMY, Authority as Authority, read_rules as read_rules
from .book import Book as Book
from .cases import Answer as Answer, Call as Call, Case as Case, Cases as Cases, Step as Step
from .changing import Version as Version
from .copying import copy_desk as copy_desk
from .desk import Desk as Desk
from .editable import Figure as Figure, editable as editable
from .entries import (
    STATES as STATES,
    Approval as Approval,
    Decision as Decision,
    DeskEntry as DeskEntry,
    card as card,
)
from .people import (
    ACTS as ACTS,
    ROLES as ROLES,
    People as People,
    Person as Person,
    may as may,
    same_person as same_person,
)
from .permission import Permission as Permission
from .roster import OnDuty as OnDuty, on_duty as on_duty, read_roster as read_roster
from .ruling import Ruling as Ruling, check_may as check_may
from .place import desk_place as desk_place, kept_desk as kept_desk, told_place as told_place
