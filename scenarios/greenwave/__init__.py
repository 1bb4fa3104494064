"""Green waves simulated: the same call with blue light alone and with signals that hand over, from one forked past."""
