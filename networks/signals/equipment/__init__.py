"""What stands at a signal beside its lanes: crossings, refuges, waiting areas, countdown displays, loops."""
