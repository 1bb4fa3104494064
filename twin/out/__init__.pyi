from .message import Acknowledged as Acknowledged, Channel as Channel, OutMessage as OutMessage
from .outbox import Delivery as Delivery, Outbox as Outbox
