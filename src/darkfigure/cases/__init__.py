"""What agencies send: submissions of statements, and the checks each passes before anything of it
is kept.
"""
