"""Examples of what is sent in reporting: asks, a report, replies. All SYNTHETIC; against the
edition that comes with Darkfigure they are taken in as they are.
"""

ASKS_CSV = """\
question,agency,area,period,due,gateway,format,cost
HT.6.4,kent,Kent,2026 Q2,2026-08-14,SYNTHETIC: section 1 of an act that does not exist,report,1
HT.6.4,essex,Essex,2026 Q2,2026-08-14,SYNTHETIC: section 1 of an act that does not exist,report,1
"""
ASKS_YAML = """\
# SYNTHETIC. The same as asks.csv; days may be written with or without quotes.
asks:
  - question: HT.6.4
    agency: kent
    area: Kent
    period: 2026 Q2
    due: 2026-08-14
    gateway: "SYNTHETIC: section 1 of an act that does not exist"
"""
REPORT = """\
# SYNTHETIC. One source, numbered items, each graded by itself.
# report.schema.json says which fields there are.
synthetic: true
reference: SYN-2026-1          # the agency's own, used once
agency: kent
marking: OFFICIAL              # at least that of its highest item
tlp: AMBER
source: {kind: officer}
submitted_on: 2026-07-01
submitted_by: synthetic submitter
graded_by: synthetic grader    # another person
items:
  - number: 1
    grade: 2CP                 # 3x5x2: source, information, handling
    on: 2026-06-20             # when it was learnt
    event_on: 2026-06-18       # when it happened
    origin: synthetic log 7    # whom it comes from in the first place; a reference, never a name
    caveat: SYNTHETIC, not to be acted on
    text: SYNTHETIC wording
    links:
      - {question: HT.6.4, area: Kent, period: 2026 Q2, relation: supports}
"""
REPLIES = """\
# SYNTHETIC. kind: items, partial, nil_searched (with its effort), nil_unsearched, not_held,
# not_recorded_in_unit, refused (with its ground). An item filed on the cell is a reply too.
synthetic: true
agency: kent
signed_off_by: synthetic point of contact
on: 2026-07-20
replies:
  - {ask: ASK-1, kind: nil_searched, effort: thorough}
"""
EXAMPLES = {
    "asks.csv": ASKS_CSV,
    "asks.yaml": ASKS_YAML,
    "report.yaml": REPORT,
    "replies.yaml": REPLIES,
}
