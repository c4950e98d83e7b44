"""PDF: whether one can be read by everybody (`accessible`), and pages set so that it can be
(`setting`, from a `tree`).

`document` opens a file, `structure` has its tags, `contents` what its pages paint, `fonts` and
`programs` its letters; the conditions are in `rules_*`, each a fault with its number.
"""
