"""The tables, by subject."""

from darkfigure_hub.store.models.account import Account, Appointment, BoundIdentity, Session
from darkfigure_hub.store.models.agency import Agency, AgencyChange
from darkfigure_hub.store.models.answer import KeptAnswer, Response, ResponsePart
from darkfigure_hub.store.models.casework import CASE_MODELS, Version
from darkfigure_hub.store.models.disposal import Disposal, Hold
from darkfigure_hub.store.models.edition import Edition, EditionFile
from darkfigure_hub.store.models.enquiry import Enquiry
from darkfigure_hub.store.models.estimate import Estimate
from darkfigure_hub.store.models.fleeting import Fleeting
from darkfigure_hub.store.models.intelligence import (
    Ask,
    AskChange,
    AskReply,
    CellClosure,
    GivenAnswer,
    InformationRequest,
    IntelligenceItem,
    IntelligenceReport,
    ItemGrade,
    ItemLink,
    LateException,
    Origin,
    OriginJoin,
    RequirementEdition,
    SecondGrade,
    TakenBack,
    UnansweredQuestion,
)
from darkfigure_hub.store.models.job import Job
from darkfigure_hub.store.models.judgement import JudgementEvent, JudgementVersion
from darkfigure_hub.store.models.linkage import (
    LinkDecision,
    LinkedRecord,
    LinkPair,
    LinkProposal,
    LinkRun,
    PersonLink,
)
from darkfigure_hub.store.models.log import LogEntry, RecordSet
from darkfigure_hub.store.models.outbox import Outgoing, Wish
from darkfigure_hub.store.models.program import SentOnce, Token
from darkfigure_hub.store.models.release import (
    Release,
    ReleaseCopy,
    ReleaseFile,
    ReleaseTable,
)
from darkfigure_hub.store.models.returns import (
    FilePiece,
    KeptReading,
    ReceivedFile,
    Return,
    ReturnRemark,
    Wall,
)
from darkfigure_hub.store.models.saved import SavedQuestion
from darkfigure_hub.store.models.sight import (
    BrokenGlass,
    Compartment,
    CompartmentGrant,
    HandlingCondition,
)
from darkfigure_hub.store.models.statement import Block, Statement
from darkfigure_hub.store.models.subject import Dispute
from darkfigure_hub.store.models.submission import Submission
from darkfigure_hub.store.models.webhook import Webhook

__all__ = [
    "CASE_MODELS",
    "Account",
    "Agency",
    "AgencyChange",
    "Appointment",
    "Ask",
    "AskChange",
    "AskReply",
    "Block",
    "BoundIdentity",
    "BrokenGlass",
    "CellClosure",
    "Compartment",
    "CompartmentGrant",
    "Disposal",
    "Dispute",
    "Edition",
    "EditionFile",
    "Enquiry",
    "Estimate",
    "FilePiece",
    "Fleeting",
    "GivenAnswer",
    "HandlingCondition",
    "Hold",
    "InformationRequest",
    "IntelligenceItem",
    "IntelligenceReport",
    "ItemGrade",
    "ItemLink",
    "Job",
    "JudgementEvent",
    "JudgementVersion",
    "KeptAnswer",
    "KeptReading",
    "LateException",
    "LinkDecision",
    "LinkPair",
    "LinkProposal",
    "LinkRun",
    "LinkedRecord",
    "LogEntry",
    "Origin",
    "OriginJoin",
    "Outgoing",
    "PersonLink",
    "ReceivedFile",
    "RecordSet",
    "Release",
    "ReleaseCopy",
    "ReleaseFile",
    "ReleaseTable",
    "RequirementEdition",
    "Response",
    "ResponsePart",
    "Return",
    "ReturnRemark",
    "SavedQuestion",
    "SecondGrade",
    "SentOnce",
    "Session",
    "Statement",
    "Submission",
    "TakenBack",
    "Token",
    "UnansweredQuestion",
    "Version",
    "Wall",
    "Webhook",
    "Wish",
]
