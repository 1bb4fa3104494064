"""An answer within a budget of time: many candidates cheaply, few exactly, and the winner again on fresh seeds."""
