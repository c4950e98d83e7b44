"""Examples of what is sent in reporting: asks, a report, replies; of a request that is to be
answered, and of a judgement on what was reported. All SYNTHETIC; against the edition that comes
with Darkfigure they are taken in as they are.
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
REPORT_CSV = """\
reference,agency,report_marking,source_kind,submitted_on,submitted_by,graded_by,synthetic,number,\
grade,on,origin,text,question,area,period,relation
SYN-2026-2,kent,OFFICIAL,officer,2026-07-01,synthetic submitter,synthetic grader,yes,1,\
2CP,2026-06-20,synthetic log 8,SYNTHETIC wording,HT.6.4,Kent,2026 Q2,supports
,,,,,,,,1,,,,,HT.6.4,Essex,2026 Q2,supports
,,,,,,,,2,3CP,2026-06-21,synthetic log 9,SYNTHETIC wording,HT.6.4,Kent,2026 Q2,refutes
"""
REPLIES_CSV = """\
agency,signed_off_by,on,synthetic,ask,kind,effort,ground
essex,synthetic point of contact,2026-07-20,yes,ASK-2,nil_searched,thorough,
"""
REQUEST = """\
# SYNTHETIC. A request of several parts, for `darkfigure answers register`. asked_by is member,
# public, press, researcher, charity, public_body or somebody_else; form is written, foi, press
# or plain.
title: Operation Pentameter 2      # published
request: SYN-2026-9                # the desk's own reference
asked_by: member
form: foi
text: SYNTHETIC words of the request as they came; they are kept with names and never published.
parts:
  - ask: victims_recovered         # a measure, or plain words; by, where, period, unit, as_at
    where: operation=Pentameter 2
    as_at: 2008-12-17
  - ask: arrests
    by: [operation]
    as_at: 2008-12-17
  - ask: convictions by nationality
    refuse: cost_limit             # or exempt (section, why, and public_interest where it is
    records: 1200                  # qualified), case_notes (with a cost or a section), not_held,
    minutes: 5                     # held_elsewhere (body, held_here: yes or no); each may say why
    limit: central                 # a body of Part I of Schedule 1 to the Act; else other
"""
JUDGEMENT = """\
# SYNTHETIC. A judgement, for `darkfigure judgement draft`, resting on report.yaml.
synthetic: true
code: HT-J-01                      # stays over the years; versions are numbered for it
area: HT
requirements: [HT.6.4]             # the questions that it answers
known: 2026-07-31                  # the day whose knowledge it rests on
marking: OFFICIAL
claim: SYNTHETIC claim, one sentence that can turn out true or false.
term: likely                       # of the yardstick; a number is none, and gaps stay gaps
direction: increasing              # decreasing, stable, unclear
confidence:
  rating: low                      # high, moderate; how open it is to change, not how probable
  source_base: SYNTHETIC. One officer of one force.
  coverage: SYNTHETIC. One area of those asked.
  agreement: SYNTHETIC. Nothing else was reported.
  time_since: SYNTHETIC. Six weeks.
horizon: 2027-07-31                # without one it cannot be told, and resolution says why
resolution: SYNTHETIC. What evidence will decide it, fixed by approval.
if_unchanged: no                   # whether it would come true if nothing changed
places: [Kent]
for: [kent SYN-2026-1/1]           # items; grade, origin and day are looked up
single_origin: yes                 # all that is for it goes back to one origin
hypotheses:
  - {code: A, says: SYNTHETIC explanation., claimed: yes}
  - {code: B, says: SYNTHETIC other explanation.}
grid:                              # CC, C, N, I, II, NA: very consistent to very inconsistent
  kent SYN-2026-1/1: {A: C, B: I}
would_change: SYNTHETIC. What would make B the one claimed.
assumptions:
  - says: SYNTHETIC assumption.
    fails_when: SYNTHETIC. How it would be seen to fail.
dissent:
  - {post: synthetic post, says: SYNTHETIC. Sees it otherwise.}
change:
  kind: first                      # world_changed, know_more, definition_changed, correction,
                                   # no_change; with reason, criterion and item
"""
EXAMPLES = {
    "asks.csv": ASKS_CSV,
    "asks.yaml": ASKS_YAML,
    "report.yaml": REPORT,
    "report.csv": REPORT_CSV,
    "replies.yaml": REPLIES,
    "replies.csv": REPLIES_CSV,
    "request.yaml": REQUEST,
    "judgement.yaml": JUDGEMENT,
}
