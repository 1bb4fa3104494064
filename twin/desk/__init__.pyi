from .audit import AuditEntry as AuditEntry, Broken as Broken, broken_links as broken_links
from .book import Book as Book
from .desk import Decision as Decision, Desk as Desk, DeskEntry as DeskEntry
