"""What every other room rests on: periods, stated dates, statements, statuses, problems, errors,
markings.
"""
