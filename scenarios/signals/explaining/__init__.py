"""Why a plan is as it is, answered from the search's own record."""
