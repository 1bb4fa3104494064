from .messages import Cap as Cap, CapOptions as CapOptions
