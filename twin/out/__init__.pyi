from .assets import assets_of as assets_of
from .letter import DEAD as DEAD, Letter as Letter, STATES as STATES, Step as Step
from .mailroom import Mailroom as Mailroom, Patience as Patience
from .message import (
    Acknowledged as Acknowledged,
    Allowance as Allowance,
    Channel as Channel,
    Heard as Heard,
    OutMessage as OutMessage,
    key_of as key_of,
)
from .orders import orders_of as orders_of
from .proposals import Proposals as Proposals
from .receivers import Receiver as Receiver, Receivers as Receivers, read_receivers as read_receivers
from .ways.webhook import verified as verified
