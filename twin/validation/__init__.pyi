from .known import KNOWN as KNOWN, Known as Known
from .record import (
    Record as Record,
    Row as Row,
    read_records as read_records,
    record_of as record_of,
    rows_of as rows_of,
    write_record as write_record,
)
from .shown import validation_page as validation_page
