"""The search for signal timings: what each signal may show, what a simulation says of it, and which plans to keep."""
