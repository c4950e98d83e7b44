"""How the program ends: its exit statuses, as scripts are told by them."""

DONE, FAULTS, REFUSED, UNREACHABLE, UNFORESEEN, INTERRUPTED, NOBODY_READS = (
    0,
    1,
    2,
    3,
    70,
    130,
    141,
)
#: Exit status and what it says, for the manual.
ENDINGS = {
    DONE: "done",
    FAULTS: "what was to be checked was read, and has faults",
    REFUSED: "refused: a file, a value or an option is not as it should be; nothing was changed",
    UNREACHABLE: "the repository cannot be reached, started or written to",
    UNFORESEEN: "an error that was not foreseen; it says where, and shows no value",
    INTERRUPTED: "interrupted (Ctrl-C); what was not finished is not kept",
    NOBODY_READS: "whoever read the output stopped reading",
}
