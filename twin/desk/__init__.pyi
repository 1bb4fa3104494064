from .audit import AuditEntry as AuditEntry, Broken as Broken, broken_links as broken_links
from .book import Book as Book
from .cases import Answer as Answer, Call as Call, Case as Case, Cases as Cases, Step as Step
from .desk import Decision as Decision, Desk as Desk, DeskEntry as DeskEntry
from .people import (
    ACTS as ACTS,
    ROLES as ROLES,
    People as People,
    Person as Person,
    may as may,
    same_person as same_person,
)
from .permission import Permission as Permission
