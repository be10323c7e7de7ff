"""The secretariat's overview: how many teams stand where, how fast things move, and who has how much to do.

It sees registrations and entries alike, so it stands in the composition root.
"""
