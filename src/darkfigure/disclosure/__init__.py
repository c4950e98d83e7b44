"""What goes out gives nobody away: tables protected, and published ones attacked, with proof.

`cube` makes all margins of a table and knows which figures are of the same people. `elementary`,
`span`, `forced` and `witness` are four attackers, each stronger than the one before it: sums with
one number left; whatever follows by adding and taking away; whatever a linear programme tells;
whole numbers. `suppress`, `rounding`, `perturbation` and `coarsening` protect a table against the
last of them; `check` attacks tables that were published, anybody's, all at once.
`docs/decisions/0050` says why so.
"""
