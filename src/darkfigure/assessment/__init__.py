"""The yearly threat assessment: its text with live references, what they say on its day, what is
checked before it goes out, and how one edition differs from another.
"""
