from .messages import Datex2 as Datex2, Datex2Options as Datex2Options
