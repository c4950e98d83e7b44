"""What the hub does, one module for each sentence: who asks, may they, fetch, call the library,
keep and log, return.
"""
