from .entities import NgsiLd as NgsiLd
