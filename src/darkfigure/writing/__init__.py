"""Forms out: a folder for each subject, and the words they share. Nothing is read here and nothing
worked out.
"""
