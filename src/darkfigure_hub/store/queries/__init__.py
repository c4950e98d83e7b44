"""Reading and writing rows, and turning them into library objects. Every query over figures takes a
Scope.
"""
