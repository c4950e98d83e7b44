"""Question, measures, tabulation with bounds, periods that cover one another, totals against
parts.
"""
