"""The tests of the RiMEA guideline for evacuation models, on hot spots.

Richtlinie fuer Mikroskopische Entfluchtungsanalysen (RiMEA e.V.), numbering of version 3.0. Of its text only the pages
of tests 9 and 12 on rimea.de could be read; of them the guideline says itself that they document behaviour rather than
exclude a model. The others are after secondary sources, and sizes of rooms from general knowledge of the guideline:
JuPedSim's list of the tests (jupedsim.org, "rimea", 2016) and Zhou, Klein and Mayer 2015, "Guideline for Crowd
Evacuation Simulation" (scitepress.org, paper 54367). Where they give no figure, the limit is this project's own,
written down before the first run, and the test's docstring says so.
"""

from __future__ import annotations
