"""Time as it is: the weekdays of an educator, the year of her school, her own calendar, and the address of her plan.

Of her calendar nothing is kept but when she is busy. Who else sees any of it: nobody.
"""
