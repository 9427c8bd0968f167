def check(cases):
    pass
