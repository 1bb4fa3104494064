"""Signal groups and what lies between them: who meets whom, conflicts, yellow and intergreen times."""
