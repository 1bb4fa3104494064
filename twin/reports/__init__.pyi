from .kinds import PAGES as PAGES, page_of as page_of
from .making import Made as Made, make_report as make_report
from .shelf import Shelf as Shelf, Shelved as Shelved
from .told import (
    report_comparison as report_comparison,
    report_day as report_day,
    report_review as report_review,
    write_table as write_table,
)
