"""The variables of the tables, by what they are about: the one place where a column is added."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

from panjue.analysis import derived
from panjue.analysis.setting import Regime
from panjue.analysis.variables import Seen, Variable
from panjue.extractors import record as contract
from panjue.extractors.vocabulary import field_term, value_term

_RECORD = {
    "case.document_type": contract.DocumentType,
    "case.instance": contract.Instance,
    "case.prosecution": contract.Prosecution,
    "case.procedure": contract.Procedure,
    "defendants.kind": contract.DefendantKind,
    "defendants.plea.status": contract.PleaStatus,
    "defendants.plea.stage": contract.PleaStage,
    "defendants.plea.stage_basis": contract.StageBasis,
    "defendants.plea.recognizance": contract.Recognizance,
    "defendants.recommendation.content": contract.RecommendationContent,
    "defendants.recommendation.form": contract.RecommendationForm,
    "defendants.recommendation.penalty": contract.RecommendedPenalty,
    "defendants.recommendation.probation": contract.RecommendedProbation,
    "defendants.recommendation.fine": contract.RecommendedFine,
    "defendants.recommendation.court_response": contract.CourtResponse,
    "defendants.sentence.disposition": contract.Disposition,
    "defendants.sentence.penalty": contract.Penalty,
    "defendants.sentence.counts.penalty": contract.Penalty,
    "defendants.sentence.confiscation": contract.Confiscation,
    "defendants.counsel.kind": contract.CounselKind,
    "defendants.counsel_at_signing": contract.CounselAtSigning,
}


def from_record(
    name: str,
    field: str,
    read: Callable[[Seen], Any],
    *,
    kind: Any = None,
    unit: str = "",
    when: tuple[str, Callable[[Seen], bool]] | None = None,
    scored: str | None = None,
    **more: Any,
) -> Variable:
    """A variable that is a field of the record, with the words of the vocabulary."""
    english, chinese = field_term(field)
    values = tuple((value, *value_term(field, value)) for value in get_args(_RECORD.get(field)) or ())
    return Variable(
        name=name,
        kind=kind or ("category" if values else "text"),
        english=english,
        chinese=chinese,
        read=read,
        unit=unit,
        values=values,
        universe=when[0] if when else "all rows",
        applies=when[1] if when else None,
        field=scored,
        **more,
    )


def always(_: Seen) -> bool:
    """The question arises for every row."""
    return True


_ALL = ("all rows", always)
_PLEA = ("plea applied, claimed or retracted", lambda s: s.who.plea.status in ("applied", "claimed_only", "retracted"))
_SAID = ("a recommendation is mentioned", lambda s: s.who.recommendation.content != "none")
_GIVEN = ("a recommendation has content", lambda s: s.who.recommendation.content == "given")
_TERM = ("the recommended penalty has a term", lambda s: s.who.recommendation.penalty in ("surveillance", "detention", "imprisonment"))  # fmt: skip
_ASKED_PROBATION = ("probation was recommended", lambda s: s.who.recommendation.probation in ("recommended", "may", "conditional"))  # fmt: skip
_ASKED_FINE = ("a fine was recommended with an amount", lambda s: s.who.recommendation.fine in ("amount", "range"))
_TIMED = ("the penalty has a term", lambda s: s.who.sentence.penalty in ("surveillance", "detention", "imprisonment"))
_PROBATION = ("probation was granted", lambda s: s.who.sentence.probation_months is not None)
_FINED = ("a fine was imposed", lambda s: s.who.sentence.fine is not None)
_RIGHTS = ("political rights were deprived", lambda s: s.who.sentence.political_rights_months is not None)
_COMPARED = ("recommendation and sentence can be compared", lambda s: s.adoption.penalty is not None)
_SENTENCED = ("a sentence stands", lambda s: s.who.sentence.disposition in ("punished", "appeal_dismissed", "exempt"))

DOC = Variable(
    name="doc_id", kind="text", english="Judgment", chinese="文书标识", read=lambda s: s.record.doc_id, key=True
)
NUMBER = Variable(
    name="defendant_no", kind="whole", english="Defendant's number", chinese="被告人序号", read=lambda s: s.number, key=True,
    derivation="order in the document, from 1",
)  # fmt: skip


def item_number(name: str, english: str, chinese: str) -> Variable:
    """The key of an item of a list, from 1."""
    return Variable(name=name, kind="whole", english=english, chinese=chinese, read=lambda s: s.place, key=True)


def truth(name: str, english: str, chinese: str, read: Callable[[Seen], Any], **more: Any) -> Variable:
    """A variable that is true or false."""
    return Variable(name=name, kind="truth", english=english, chinese=chinese, read=read, **more)


def _choice(name: str, english: str, chinese: str, read: Callable[[Seen], Any], values: Any, **more: Any) -> Variable:
    return Variable(name=name, kind="category", english=english, chinese=chinese, read=read, values=values, **more)


_REGIMES = {
    "before_pilots": ("before the pilots", "试点前"),
    "pilot_expedited": ("expedited pilot city", "速裁试点"),
    "pilot_leniency": ("leniency pilot city", "认罪认罚从宽试点"),
    "outside_pilots": ("outside the pilots", "非试点地区"),
    "statute": ("Criminal Procedure Law 2018", "2018年刑事诉讼法"),
}

CASE = (
    from_record("case_number", "case.case_number", lambda s: s.record.case.case_number, when=_ALL, scored="case.case_number"),
    from_record("court", "case.court", lambda s: s.record.case.court, when=_ALL, scored="case.court"),
    _choice(
        "court_level", "Court level", "法院层级", lambda s: s.setting.court_level,
        (("basic", "basic", "基层"), ("intermediate", "intermediate", "中级"), ("high", "high", "高级"), ("supreme", "supreme", "最高")),
        universe="all rows", applies=always, derivation="court's code in the case number, else its name",
    ),
    Variable(
        name="province", kind="text", english="Province", chinese="省份", read=lambda s: s.setting.province, applies=always,
        derivation="court's code in the case number, else the court's, else the procuratorate's name; GB/T 2260",
    ),
    _choice(
        "economic_region", "Economic region", "经济区域", lambda s: s.setting.economic_region,
        (("east", "east", "东部"), ("central", "central", "中部"), ("west", "west", "西部"), ("northeast", "northeast", "东北")),
        applies=always, derivation="National Bureau of Statistics, 2011-06-13, by province",
    ),
    from_record("procuratorate", "case.procuratorate", lambda s: s.record.case.procuratorate, when=_ALL, scored="case.procuratorate"),
    from_record("document_type", "case.document_type", lambda s: s.record.case.document_type, when=_ALL, scored="case.document_type"),
    from_record("instance", "case.instance", lambda s: s.record.case.instance, when=_ALL, scored="case.instance"),
    from_record("prosecution", "case.prosecution", lambda s: s.record.case.prosecution, when=_ALL, scored="case.prosecution"),
    from_record("procedure", "case.procedure", lambda s: s.record.case.procedure, when=_ALL, scored="case.procedure"),
    from_record(
        "indictment_date", "case.indictment_date", lambda s: s.record.case.indictment_date, kind="date",
        when=("public prosecutions", lambda s: s.record.case.prosecution != "private"), scored="case.indictment_date",
    ),
    from_record(
        "judgment_date", "case.judgment_date", lambda s: s.record.case.judgment_date, kind="date", when=_ALL,
        scored="case.judgment_date",
    ),
    Variable(
        name="judgment_year", kind="whole", english="Year of judgment", chinese="裁判年份", read=lambda s: s.setting.year,
        applies=always, derivation="year of judgment_date",
    ),
    Variable(
        name="days_to_judgment", kind="whole", english="Days from indictment to judgment", chinese="起诉至裁判天数", unit="days",
        read=lambda s: derived.days_between(s.record.case), universe="both dates are stated", applies=always,
        derivation="judgment_date − indictment_date; negative where the document's dates are",
    ),
    _choice(
        "regime", "Law on plea leniency", "认罪认罚制度阶段", lambda s: s.setting.regime,
        tuple((value, *_REGIMES[value]) for value in get_args(Regime)), applies=always,
        derivation="judgment_date and city: 人大常委会决定 2014-06-27 and 2016-09-03, 刑事诉讼法 in force 2018-10-26",
    ),
    _choice(
        "record_status", "Reading", "读取状态", lambda s: s.record.status,
        (("complete", "complete", "完整"), ("partial", "text breaks off", "文本不完整"),
         ("out_of_scope", "out of scope", "不属刑事裁判"), ("error", "error", "出错")),
        derivation="whether the text is whole and of a criminal case",
    ),
    Variable(
        name="n_defendants", kind="whole", english="Defendants in the document", chinese="被告人数",
        read=lambda s: len(s.record.defendants), derivation="count",
    ),
)  # fmt: skip

_PERSON = (
    from_record("name", "defendants.name", lambda s: s.who.name, personal=True),
    from_record("kind", "defendants.kind", lambda s: s.who.kind),
    Variable(
        name="main_charge", kind="text", english="Main charge", chinese="主要罪名", read=lambda s: s.main_charge, applies=always,
        derivation="first charge convicted, else prosecuted, as the statute in force names it", field="charges_convicted",
    ),
    Variable(
        name="main_article", kind="text", english="Article of the main charge", chinese="主要罪名条文",
        read=lambda s: s.law.article if s.law else None, applies=always, derivation="刑法; lexicons/charges.csv",
    ),
    Variable(
        name="main_chapter", kind="text", english="Chapter of the main charge", chinese="主要罪名章",
        read=lambda s: (s.law.chapter or None) if s.law else None, applies=always, derivation="刑法分则; lexicons/charges.csv",
    ),
    Variable(
        name="n_charges_convicted", kind="whole", english="Charges convicted", chinese="认定罪名数",
        read=lambda s: len(s.who.charges_convicted), derivation="count", field="charges_convicted",
    ),
)  # fmt: skip

_PLEADING = (
    from_record("plea_status", "defendants.plea.status", lambda s: s.who.plea.status, scored="plea.status"),
    from_record("plea_stage", "defendants.plea.stage", lambda s: s.who.plea.stage, when=_PLEA, scored="plea.stage"),
    from_record("plea_stage_basis", "defendants.plea.stage_basis", lambda s: s.who.plea.stage_basis, when=_PLEA),
    from_record(
        "plea_recognizance",
        "defendants.plea.recognizance",
        lambda s: s.who.plea.recognizance,
        scored="plea.recognizance",
    ),
)

_REC = "defendants.recommendation."
RECOMMENDATION = (
    from_record("rec_content", _REC + "content", lambda s: s.who.recommendation.content, scored="recommendation.content"),
    from_record("rec_form", _REC + "form", lambda s: s.who.recommendation.form, when=_GIVEN, scored="recommendation.form"),
    from_record("rec_penalty", _REC + "penalty", lambda s: s.who.recommendation.penalty, when=_GIVEN, scored="recommendation.penalty"),
    Variable(
        name="rec_min_months", kind="number", unit="months", english="Recommended at least", chinese="建议刑期下限",
        read=lambda s: derived.in_months(s.who.recommendation.min_months, s.who.recommendation.min_days),
        universe=_TERM[0], applies=_TERM[1], derivation="months + days/30", field="recommendation.term",
    ),
    Variable(
        name="rec_max_months", kind="number", unit="months", english="Recommended at most", chinese="建议刑期上限",
        read=lambda s: derived.in_months(s.who.recommendation.max_months, s.who.recommendation.max_days),
        universe=_TERM[0], applies=_TERM[1], derivation="months + days/30", field="recommendation.term",
    ),
    Variable(
        name="rec_width_months", kind="number", unit="months", english="Width of the range", chinese="建议幅度宽度",
        read=lambda s: derived.width(s.who.recommendation), universe="ranges with both ends",
        applies=lambda s: s.who.recommendation.form == "range", derivation="rec_max_months − rec_min_months", field="recommendation.term",
    ),
    Variable(
        name="rec_mid_months", kind="number", unit="months", english="Middle of the recommendation", chinese="建议刑期中值",
        read=lambda s: derived.middle(s.who.recommendation), universe=_TERM[0], applies=_TERM[1],
        derivation="the fixed term, or the middle of the range", field="recommendation.term",
    ),
    from_record("rec_probation", _REC + "probation", lambda s: s.who.recommendation.probation, when=_GIVEN, scored="recommendation.probation"),
    Variable(
        name="rec_probation_min", kind="whole", unit="months", english="Probation recommended at least", chinese="建议缓刑下限",
        read=lambda s: s.who.recommendation.probation_min_months, universe=_ASKED_PROBATION[0], applies=_ASKED_PROBATION[1],
        field="recommendation.probation",
    ),
    Variable(
        name="rec_probation_max", kind="whole", unit="months", english="Probation recommended at most", chinese="建议缓刑上限",
        read=lambda s: s.who.recommendation.probation_max_months, universe=_ASKED_PROBATION[0], applies=_ASKED_PROBATION[1],
        field="recommendation.probation",
    ),
    from_record("rec_fine", _REC + "fine", lambda s: s.who.recommendation.fine, when=_GIVEN, scored="recommendation.fine"),
    Variable(
        name="rec_fine_min", kind="number", unit="yuan", english="Fine recommended at least", chinese="建议罚金下限",
        read=lambda s: s.who.recommendation.fine_min, universe=_ASKED_FINE[0], applies=_ASKED_FINE[1], field="recommendation.fine",
    ),
    Variable(
        name="rec_fine_max", kind="number", unit="yuan", english="Fine recommended at most", chinese="建议罚金上限",
        read=lambda s: s.who.recommendation.fine_max, universe=_ASKED_FINE[0], applies=_ASKED_FINE[1], field="recommendation.fine",
    ),
    from_record(
        "court_response", _REC + "court_response", lambda s: s.who.recommendation.court_response, when=_SAID,
        scored="recommendation.court_response",
    ),
)  # fmt: skip

SEN = "defendants.sentence."
_SENTENCE = (
    from_record("disposition", SEN + "disposition", lambda s: s.who.sentence.disposition, scored="sentence.disposition"),
    from_record("penalty", SEN + "penalty", lambda s: s.who.sentence.penalty, scored="sentence.penalty"),
    Variable(
        name="months", kind="number", unit="months", english="Term", chinese="刑期",
        read=lambda s: derived.in_months(s.who.sentence.months, s.who.sentence.days), universe=_TIMED[0], applies=_TIMED[1],
        derivation="months + days/30, after 数罪并罚", field="sentence.term",
    ),
    from_record(
        "probation_months", SEN + "probation_months", lambda s: s.who.sentence.probation_months, kind="whole", unit="months",
        when=_PROBATION, scored="sentence.probation_months",
    ),
    from_record("fine", SEN + "fine", lambda s: s.who.sentence.fine, kind="number", unit="yuan", when=_FINED, scored="sentence.fine"),
    from_record("confiscation", SEN + "confiscation", lambda s: s.who.sentence.confiscation, scored="sentence.confiscation"),
    Variable(
        name="rights_months", kind="whole", unit="months", english="Political rights deprived", chinese="剥夺政治权利",
        read=lambda s: None if isinstance(s.who.sentence.political_rights_months, str) else s.who.sentence.political_rights_months,
        universe=_RIGHTS[0] + ", not for life", applies=lambda s: isinstance(s.who.sentence.political_rights_months, int),
        field="sentence.political_rights_months",
    ),
    truth(
        "rights_for_life", "Political rights deprived for life", "剥夺政治权利终身",
        lambda s: s.who.sentence.political_rights_months == "life", field="sentence.political_rights_months",
    ),
    from_record("term_start", SEN + "term_start", lambda s: s.who.sentence.term_start, kind="date", when=_TIMED, scored="sentence.term_dates"),
    from_record("term_end", SEN + "term_end", lambda s: s.who.sentence.term_end, kind="date", when=_TIMED, scored="sentence.term_dates"),
    Variable(
        name="n_counts", kind="whole", english="Counts", chinese="罪数", read=lambda s: len(s.who.sentence.counts), derivation="count",
        field="sentence.counts",
    ),
    _choice(
        "severity", "Severity announced", "宣告刑轻重", lambda s: derived.severity(s.who.sentence),
        (("minor", "at most three years", "三年以下"), ("serious", "more than three years", "三年以上"), ("heavy", "ten years and more", "十年以上")),
        universe=_SENTENCED[0], applies=_SENTENCED[1], derivation="announced sentence: ≤ 36 months or lighter; > 36; ≥ 120, life, death",
        field="sentence.term",
    ),
    truth(
        "below_three_years", "Less than three years", "不满三年", lambda s: derived.below_three_years(s.who.sentence),
        universe=_SENTENCED[0], applies=_SENTENCED[1], derivation="announced sentence below 36 months or lighter", field="sentence.term",
    ),
)  # fmt: skip

_DEFENCE = (
    _choice(
        "counsel_trial", "Counsel at trial", "审判阶段辩护", lambda s: s.counsel_trial,
        (("retained", "retained", "委托"), ("legal_aid", "legal aid", "法律援助"), ("mixed", "both", "委托与法律援助"),
         ("non_lawyer", "not a lawyer", "非律师"), ("duty_only", "duty lawyer only", "仅值班律师"), ("none", "nobody", "无"),
         ("not_stated", "not stated", "未载明")),
        derivation="kinds of counsel; nobody only where the text is complete", field="counsel",
    ),
    truth(
        "lawyer_at_trial", "A lawyer defended", "有律师辩护", lambda s: derived.lawyer_at_trial(s.counsel_trial), applies=always,
        derivation="counsel_trial is retained, legal_aid or mixed", field="counsel",
    ),
    Variable(
        name="n_counsel", kind="whole", english="Counsel", chinese="辩护人数", read=lambda s: len(s.who.counsel), derivation="count",
        field="counsel",
    ),
    from_record("counsel_at_signing", "defendants.counsel_at_signing", lambda s: s.who.counsel_at_signing, scored="counsel_at_signing"),
)  # fmt: skip

MATCHES = (
    ("within", "within", "相符"), ("below", "below", "低于"), ("above", "above", "高于"),
    ("type_lighter", "lighter kind", "刑种更轻"), ("type_heavier", "heavier kind", "刑种更重"),
)  # fmt: skip
ADOPTION = (
    _choice(
        "adoption_penalty", "Sentence against recommendation", "判决与建议比较", lambda s: s.adoption.penalty, MATCHES,
        universe=_COMPARED[0], applies=_COMPARED[1], derivation="kind and term, bounds inclusive (刑法第九十九条)",
    ),
    truth(
        "adoption_full", "Sentence as recommended", "完全相符", lambda s: s.adoption.full, universe=_COMPARED[0], applies=_COMPARED[1],
        derivation="within, probation as recommended, fine as recommended",
    ),
    truth(
        "adoption_probation", "Probation as recommended", "缓刑相符", lambda s: s.adoption.probation,
        universe="compared, and probation recommended or not", applies=lambda s: s.adoption.probation is not None,
        derivation="granted if recommended, not granted if not; may: any result",
    ),
    truth(
        "adoption_fine", "Fine as recommended", "罚金相符", lambda s: s.adoption.fine,
        universe="compared, and a fine recommended", applies=lambda s: s.adoption.fine is not None,
        derivation="equal, inside, or any fine where no amount was recommended",
    ),
    Variable(
        name="deviation_months", kind="number", unit="months", english="Deviation", chinese="偏离月数", read=lambda s: s.adoption.months,
        universe="same kind of penalty with a term", applies=lambda s: s.adoption.months is not None,
        derivation="months beyond the nearer bound, negative below, 0 within",
    ),
    Variable(
        name="deviation_relative", kind="number", english="Relative deviation", chinese="相对偏离", read=lambda s: s.adoption.relative,
        universe="same kind of penalty with a term", applies=lambda s: s.adoption.relative is not None,
        derivation="deviation_months / rec_mid_months",
    ),
)  # fmt: skip

_FLAGGED = Variable(
    name="n_flags", kind="whole", english="Flags", chinese="标记数", derivation="count",
    read=lambda s: sum(flag.path.startswith(f"/defendants/{s.number - 1}/") for flag in s.record.flags),
)  # fmt: skip
DEFENDANT = (*_PERSON, *_PLEADING, *RECOMMENDATION, *_SENTENCE, *_DEFENCE, *ADOPTION, _FLAGGED)


def plain(
    name: str, english: str, chinese: str, read: Callable[[Seen], Any], kind: Any = "text", **more: Any
) -> Variable:
    """A variable that is no field with words of its own in the vocabulary."""
    return Variable(name=name, kind=kind, english=english, chinese=chinese, read=read, **more)
