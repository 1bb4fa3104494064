"""GB/T 20999-2017: between a signal controller and its centre, as frames."""
