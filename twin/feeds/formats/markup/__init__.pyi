from .opening import (
    BYTES_OF_AN_ELEMENT as BYTES_OF_AN_ELEMENT,
    MarkupOptions as MarkupOptions,
    opened as opened,
    plain_bytes as plain_bytes,
)
from .part import Part as Part
from .reading import Reading as Reading
from .shapes import (
    circle as circle,
    gathered as gathered,
    line as line,
    point as point,
    polygon as polygon,
)
from .values import duration_s as duration_s, language_tag as language_tag, moment as moment, number as number
