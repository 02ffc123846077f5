"""The record: one judgment in, one record out.

The types below are the contract that extraction, evaluation, annotation and analysis share. The JSON Schema,
the Arrow schema and the tables are derived from them; nothing is written down twice.

Units: dates are ISO 8601 strings, terms are whole months and days, money is yuan, offsets are Unicode code points
of the text as obtained, half-open, so that ``text[start:end]`` is the passage.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

Status = Literal["complete", "partial", "out_of_scope", "error"]
DocumentType = Literal["judgment", "ruling", "decision", "mediation", "notice"]
Instance = Literal["first", "second", "retrial", "death_review", "modification", "other"]
Prosecution = Literal["public", "private"]
Procedure = Literal["expedited", "summary", "ordinary", "unknown"]
DefendantKind = Literal["person", "organization"]
PleaStatus = Literal["applied", "plea_only", "claimed_only", "denied", "retracted", "not_mentioned"]
PleaStage = Literal["investigation", "review_for_prosecution", "trial_first", "trial_second", "unknown"]
StageBasis = Literal["explicit", "dated", "inferred_signing", "none"]
Recognizance = Literal["signed", "withdrawn", "not_stated"]
RecommendationContent = Literal["none", "mentioned", "given"]
RecommendationForm = Literal[
    "fixed",
    "range",
    "range_upper",
    "range_lower",
    "range_cross",
    "approx",
    "type_only",
    "life",
    "death",
    "conditional",
]
RecommendedPenalty = Literal[
    "surveillance", "detention", "imprisonment", "life", "death_reprieve", "death", "fine_only", "exempt"
]
RecommendedProbation = Literal["recommended", "may", "conditional", "none"]
RecommendedFine = Literal["amount", "range", "unspecified", "none"]
CourtResponse = Literal["adopted", "adopted_part", "adopted_discretion", "considered", "not_adopted", "silent"]
Disposition = Literal[
    "punished", "exempt", "acquitted", "not_responsible", "terminated", "appeal_dismissed", "remanded", "none"
]
Penalty = Literal["surveillance", "detention", "imprisonment", "life", "death_reprieve", "death", "none"]
Confiscation = Literal["none", "all", "part"]
CounselKind = Literal["retained", "legal_aid", "duty_lawyer", "non_lawyer", "unknown"]
CounselAtSigning = Literal["defender", "duty_lawyer", "lawyer_unspecified", "none_stated", "not_stated"]

Date = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$", description="ISO 8601 date")]
Months = Annotated[int, Meta(ge=0, description="whole months")]
Days = Annotated[int, Meta(ge=0, description="days beyond the whole months")]
Yuan = Annotated[int, Meta(ge=0, description="yuan")] | Annotated[float, Meta(ge=0, description="yuan and fen")]


class Case(Struct, kw_only=True):
    """The fields of the document as a whole (案件)."""

    case_number: str | None = None
    court: str | None = None
    procuratorate: str | None = None
    document_type: DocumentType | None = None
    instance: Instance | None = None
    prosecution: Prosecution | None = None
    procedure: Procedure | None = None
    indictment_date: Date | None = None
    judgment_date: Date | None = None


class Plea(Struct, kw_only=True):
    """Plea leniency (认罪认罚) of one defendant; ``stage`` and its basis only where there was such a plea."""

    status: PleaStatus = "not_mentioned"
    stage: PleaStage | None = None
    stage_basis: StageBasis | None = None
    recognizance: Recognizance = "not_stated"


class Recommendation(Struct, kw_only=True):
    """The procuratorate's sentencing recommendation (量刑建议) and the court's response to it."""

    content: RecommendationContent = "none"
    form: RecommendationForm | None = None
    penalty: RecommendedPenalty | None = None
    min_months: Months | None = None
    min_days: Days = 0
    max_months: Months | None = None
    max_days: Days = 0
    probation: RecommendedProbation | None = None
    probation_min_months: Months | None = None
    probation_max_months: Months | None = None
    fine: RecommendedFine | None = None
    fine_min: Yuan | None = None
    fine_max: Yuan | None = None
    court_response: CourtResponse | None = None


class Count(Struct, kw_only=True):
    """The penalty for one charge convicted, before combination (数罪并罚)."""

    charge: str
    penalty: Penalty = "none"
    months: Months | None = None
    days: Days = 0
    fine: Yuan | None = None


class Sentence(Struct, kw_only=True):
    """What this document's disposition (判决主文) leaves standing for one defendant."""

    disposition: Disposition = "none"
    counts: list[Count] = msgspec.field(default_factory=list)
    penalty: Penalty = "none"
    months: Months | None = None
    days: Days = 0
    probation_months: Months | None = None
    fine: Yuan | None = None
    confiscation: Confiscation = "none"
    political_rights_months: Months | Literal["life"] | None = None
    term_start: Date | None = None
    term_end: Date | None = None


class Counsel(Struct, kw_only=True):
    """One defender (辩护人) or duty lawyer (值班律师); a duty lawyer may be without a name."""

    name: str | None = None
    kind: CounselKind = "unknown"


class Defendant(Struct, kw_only=True):
    """One defendant (被告人, 被告单位) of the document."""

    name: str
    kind: DefendantKind = "person"
    charges_prosecuted: list[str] = msgspec.field(default_factory=list)
    charges_convicted: list[str] = msgspec.field(default_factory=list)
    plea: Plea = msgspec.field(default_factory=Plea)
    recommendation: Recommendation = msgspec.field(default_factory=Recommendation)
    sentence: Sentence = msgspec.field(default_factory=Sentence)
    counsel: list[Counsel] = msgspec.field(default_factory=list)
    counsel_at_signing: CounselAtSigning = "not_stated"


class Evidence(Struct, kw_only=True):
    """A passage a value was read from; ``path`` is a JSON Pointer (RFC 6901) into the record."""

    path: str
    start: Annotated[int, Meta(ge=0, description="code points from the start of the text, inclusive")]
    end: Annotated[int, Meta(ge=0, description="code points from the start of the text, exclusive")]
    source: str
    confidence: Annotated[float, Meta(ge=0, le=1)] = 1.0


class Flag(Struct, kw_only=True):
    """Something a person should look at: a value outside the law's bounds, a contradiction, a defective text."""

    code: str
    path: str
    message: str


class Toolkit(Struct, kw_only=True):
    """What made the record: version of the software, hash of the lexicons, name of the model if one was used."""

    version: str
    lexicons: str
    model: str | None = None


class Record(Struct, kw_only=True):
    """One judgment, read."""

    schema: Literal["panjue-record/1"] = "panjue-record/1"
    doc_id: str
    text_sha256: str
    status: Status = "complete"
    case: Case = msgspec.field(default_factory=Case)
    defendants: list[Defendant] = msgspec.field(default_factory=list)
    evidence: list[Evidence] = msgspec.field(default_factory=list)
    flags: list[Flag] = msgspec.field(default_factory=list)
    toolkit: Toolkit | None = None
    annotation: dict[str, Any] | UnsetType = UNSET
    """Gold records only: stratum, notes, annotators."""


def encode(record: Record) -> bytes:
    """The record as one line of JSON in UTF-8, without the line end.

    >>> encode(Record(doc_id="a", text_sha256="0" * 64))[:36]
    b'{"schema":"panjue-record/1","doc_id"'
    """
    return _ENCODER.encode(record)


def decode(line: bytes | str) -> Record:
    """Read one record from JSON.

    Raises:
        msgspec.ValidationError: a name or value is outside the contract; the message gives its path.
    """
    return _DECODER.decode(line)


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a record, generated from the types above."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(Record)}


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Record)
