from .messages import Siri as Siri, SiriOptions as SiriOptions
