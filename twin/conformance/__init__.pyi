from .capability import Capability as Capability, capabilities as capabilities
from .page import page as page
from .proving import Proved as Proved, prove as prove
