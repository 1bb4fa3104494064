from .finding import KINDS as KINDS, LEVELS as LEVELS, Finding as Finding
