"""What a sign-in rests on, below any page: tries that are counted, passwords that are refused, factors and sessions of
an account, and the key that keeps secrets of the second step (decisions 0025, 0026).
"""
