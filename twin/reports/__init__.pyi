from .kinds import PAGES as PAGES, page_of as page_of
from .making import Made as Made, make_report as make_report
