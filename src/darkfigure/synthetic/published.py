"""What was published about Operations Pentameter 1 and 2, and what had to be chosen where nothing
was.

Published: Home Office release 124/2008 (2 July 2008); HC Deb 17 July 2008 col 604W; HC Deb 17
December 2008 (241542); UKHTC, UKP2 statistics, February 2009; The Guardian, 20 October 2009.
"""

from __future__ import annotations

from datetime import date

FIRST, RETURNS_DAY, STATED = (
    date(2008, 7, 2),
    date(2008, 7, 17),
    "SYNTHETIC: made up to agree with published figures",
)
P1, P2 = "Pentameter 1", "Pentameter 2"
P1_DAYS = (date(2006, 2, 21), date(2006, 6, 30))
P2_DAYS = (date(2007, 10, 3), date(2008, 3, 31))

#: Published figures that the records are made to give.
VICTIMS_P1, ARRESTS_P1, PREMISES, RETURNED = 88, 232, 822, 31
ADULTS, MEN, GIRLS, DUPLICATES, VICTIM_FORCES = 151, 1, 13, 3, 35
ADULT_GROUPS = {"china_south_east_asia": 79, "eu": 54, "africa": 8, "other": 10}
GIRL_GROUPS = {"africa": 6, "other": 7}
LABOUR = (("female", 25), ("female", 31), ("female", 15), ("female", 16), ("male", 14))
ANNOUNCED, NEVER_HAPPENED, WOMEN, ENDED = 528, 122, 231, 102
SAID_TRAFFICKING, FIRST_ARRESTED_FOR_IT = 299, 93
CHARGED, CONVICTED, CONVICTED_OTHERWISE_ARRESTED = 67, 15, 4

#: What no source states, chosen for the example.
ERRORS_AMONG_TRAFFICKING, CHARGED_OTHERWISE_ARRESTED, CHARGED_BY_DECEMBER, CONVICTED_BY_DECEMBER = (
    70,
    7,
    41,
    9,
)
CHARGED_WITH_OTHERS, CONVICTED_OF_OTHERS, TRAFFICKING_ENDED, WITH_VICTIM, SOME_BOTH = (
    110,
    20,
    8,
    52,
    6,
)

TRAFFICKING = ("court:72/1", "court:72/2", "court:72/3")
OTHER = ("court:24/17", "court:24/18", "court:24/19", "court:38/1", "court:78/10")
NATIONALITIES = {
    "china_south_east_asia": ("Chinese", "Thai", "Malaysian", "Vietnamese"),
    "eu": ("Romanian", "Lithuanian", "Polish", "Czech", "Slovak", "British"),
    "africa": ("Nigerian", "Ghanaian", "Kenyan", "Somali"),
    "other": ("Brazilian", "Albanian", "Moldovan", "Jamaican"),
}
