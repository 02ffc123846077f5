"""The fields of the document as a whole: number, court, procuratorate, kind, instance, procedure, dates."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from panjue.extractors.lexicon import read_lexicon
from panjue.extractors.quantities import DATE, date
from panjue.extractors.record import Case, DocumentType, Instance, Procedure
from panjue.extractors.sections import Sections, Span
from panjue.extractors.view import View

_PROVINCE = "京津冀晋内辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川黔云藏陕甘青宁新兵军"
# 法〔2015〕137号, in force 2016-01-01; before, each court chose its own words (…刑初字第N号).
_NUMBER = re.compile(
    rf"（?(?P<year>(?:19|20)[0-9]{{2}})）?年?(?P<rest>(?:(?:最高法|[{_PROVINCE}][0-9X×]{{0,4}})[\u4e00-\u9fff]{{0,3}}刑[\u4e00-\u9fff]{{0,4}}?字?第?[0-9－-]{{1,9}}号?(?:之[一二三四五六七八九十]+)?|[0-9]{{0,4}}[\u4e00-\u9fff]{{0,14}}刑(?:（[\u4e00-\u9fff]）)?[\u4e00-\u9fff]{{0,8}}字?第?[0-9－-]+号(?:之[一二三四五六七八九十]+)?|[\u4e00-\u9fff]{{0,10}}[初终]字第?[0-9－-]+号|(?:最高法|[{_PROVINCE}][0-9]{{2,4}})[\u4e00-\u9fff]{{1,8}}[0-9]{{1,7}}号))"
)
_TITLE = re.compile(
    r"(?P<court>(?:中华人民共和国)?[\u4e00-\u9fff]{2,30}?法院(?:[\u4e00-\u9fff]{2,10}?分院)?)(?!、?网)、?(?:刑\s*事)?(?:附带民事(?:公益诉讼)?|再审|指定管辖|驳回申诉|强制医疗|审查)*(?P<kind>判决|裁定|决定|调解|通知)书?"
)
_COURT = re.compile(r"(?P<court>(?:中华人民共和国)?[\u4e00-\u9fff]{2,30}?法院)(?!、?网)")
_KIND: dict[str, DocumentType] = {
    "判决": "judgment",
    "裁定": "ruling",
    "决定": "decision",
    "调解": "mediation",
    "通知": "notice",
}
# a database's title may stand before the court: 某某盗窃罪一审刑事判决书
_PREFIX_END = re.compile(
    "(?:判决|裁定|决定|调解|通知)书|content：|一案|文书|号|内容|正文|终稿|认罪认罚|罪(?:一审|二审|再审)?|(?=中华人民共和国)|(?<!共和国)"
    f"(?={'|'.join(row['name'] for row in read_lexicon('regions'))})"
)
_PROCURATORATE = re.compile(
    r"(?P<role>公诉机关暨[^：，。]{2,16}?人|原公诉机关|原审公诉机关|一审公诉机关|公诉机关|申请机关|抗诉机关(?:（[^）]{0,12}）)?)(?:[：:]|名称[：:]?)?(?P<name>(?:中华人民共和国)?[\u4e00-\u9fffX×□]{2,32}?(?:（以下简称[^）]{1,16}）)?人?民?检察院(?:[\u4e00-\u9fff]{1,8}分院)?(?:第[一二三四五]分院)?)(?=[。，；（、]|被告|自诉|原审|上诉|附带|以|指控|第|出庭|检察员|$|诉讼|代理|抗诉)"
)
_INDICTING = re.compile(
    r"(?P<name>(?:中华人民共和国)?[\u4e00-\u9fffX×□]{2,30}?检察院(?:[\u4e00-\u9fff]{1,6}分院)?)(?:于[^，。]{4,12})?(?P<verb>以|指控|根据)"
)
_INDICTED_ON = re.compile(
    rf"(?P<date>{DATE}|[12][0-9]{{3}}年[0-9]{{1,2}}月[0-9]{{1,2}}(?=向))，?[^。；]{{0,30}}?(?:向[^。；，]{{0,14}}本?院)?(?:依法)?(?:移送)?(?:提[起出]|(?<=本院)起)(?:了)?(?:刑事)?(?:附带民事)?公诉"
)
# 某检察院于某日以…号起诉书指控…，向本院提起公诉; or 某日，某检察院以…
_INDICTED_BY = re.compile(
    rf"(?:检察院(?:[^，。；]{{2,6}}分院)?于?|。)(?P<date>{DATE})，?(?:[^。；，]{{2,30}}检察院)?(?:以|依据)[^。；]{{4,40}}(?:起诉书|号)[^。；]{{0,400}}?向[^。；，]{{0,14}}本?院提起公诉"
)
_PROCEDURE = re.compile(
    r"(?P<proposed>(?:建议|(?<!征得被告人)(?<!经被告人)同意|申请|提请|提出|书面)(?:(?!决定)[^。，；]){0,16}(?:速裁|简易|普通)(?:程序)?(?:审理)?)|(?P<not>(?:不宜|不适宜|不应|不再|不能|由|不符合|原|不(?=适用))(?:继续)?(?:适用)?(?:刑事案件)?(?:认罪认罚)?(?:的)?(?:速裁|简易)程序)|(?P<expedited>速裁程序|速裁)|(?P<summary>简易程序(?:转|变更)?|简易审|简化审理)|(?P<short>适用程序：简易)|(?P<ordinary>普通程序|合议庭|转普)"
)
_NAMED: dict[str, Procedure] = {"速裁": "expedited", "简易": "summary", "普通": "ordinary"}
_INSTANCE: tuple[tuple[str, Instance], ...] = (
    ("刑更|减刑|假释|刑执|暂予监外|刑罚变更", "modification"),
    ("刑核|刑复|核字|复字", "death_review"),
    ("刑监|刑再|刑提|再终|再初|再字|刑抗", "retrial"),
    ("刑终|刑二终|刑一终|刑三终|刑四终|终字|刑[一二三四五六]+终|少刑终", "second"),
    ("刑申|刑医|刑没|刑辖|刑止|赔|执|请|他", "other"),
    ("刑初|刑重|刑一初|刑二初|初字|重字|刑速|刑", "first"),
)


@dataclass(slots=True)
class CaseFinding:
    """The case, where each value stands, and why the document is out of scope if it is."""

    case: Case
    spans: dict[str, tuple[Span, str]] = field(default_factory=dict)
    out_of_scope: str | None = None


def read_case(view: View, sections: Sections) -> CaseFinding:
    """Read the document's own fields from title, header, procedure and tail."""
    text = view.text
    found = CaseFinding(Case())
    case, spans = found.case, found.spans
    title_end = max(sections.title.end, min(400, sections.header.end))
    number = _own_number(text, sections, title_end)
    if number:
        printed = f"（{number['year']}）{number['rest']}"
        case.case_number = printed if printed.endswith(("号", *"一二三四五六七八九十")) else printed + "号"
        spans["case_number"] = Span(*number.span()), "title.number"
    title_limit = max(number.end(), sections.title.end) if number and number.start() < title_end else title_end
    titles = list(_TITLE.finditer(text, 0, title_limit + 20))
    if titles:
        title = titles[-1]
        start = _court_start(view, title.start("court"), title.end("court"))
        case.court = view.printed(start, title.end("court"))
        spans["court"] = Span(start, title.end("court")), "title.court"
        case.document_type = _KIND[title["kind"]]
        spans["document_type"] = Span(*title.span("kind")), "title.kind"
    else:
        court = _COURT.search(text, 0, sections.title.end)
        if court:
            start = _court_start(view, court.start("court"), court.end("court"))
            case.court = view.printed(start, court.end("court"))
            spans["court"] = Span(start, court.end("court")), "title.court"
    if case.document_type is None:
        kind = re.compile("(判决|裁定|决定|调解|通知)书").search(text, 0, title_limit + 20) or re.compile(
            "(判决|裁定|决定)如下"
        ).search(text, sections.opinion.start, sections.disposition.start + 1)
        if kind:
            case.document_type = _KIND[kind[1]]
            spans["document_type"] = Span(*kind.span(1)), "title.kind"
    _instance(text, sections, found)
    _prosecutor(view, sections, found)
    _procedure(text, sections, found)
    account = Span(sections.header.start, sections.prosecution.start + 200)
    indicted = _INDICTED_ON.search(text, *account) or _INDICTED_BY.search(text, *account)
    if indicted and case.instance in ("first", "retrial", None):
        case.indictment_date = date(indicted["date"])
        spans["indictment_date"] = Span(*indicted.span("date")), "procedure.indicted"
    signed = None
    for signed in re.compile(DATE).finditer(text, sections.tail.start, sections.appendix.start):
        if text[signed.end() : signed.end() + 3] in ("书记员", "代书记", "法官助"):
            break
    if signed:
        case.judgment_date = date(signed.group())
        spans["judgment_date"] = Span(*signed.span()), "tail.date"
    found.out_of_scope = _out_of_scope(text, case, title_limit)
    return found


def _own_number(text: str, sections: Sections, title_end: int) -> re.Match[str] | None:
    # a title cut off at its last character (…号：) still shows the number
    for match in _NUMBER.finditer(text, 0, title_end + 2):
        if match.start() <= sections.title.end or re.search("[书院]$|号：$", text[: match.start()]):
            return match
    return None


def _court_start(view: View, start: int, end: int) -> int:
    """Where the court's name begins if a database's title stands directly before it."""
    for prefix in _PREFIX_END.finditer(view.text, start, end):
        start = prefix.end()
    return start


def _instance(text: str, sections: Sections, found: CaseFinding) -> None:
    case = found.case
    convict = re.compile("罪犯").match(text, sections.header.start) or re.compile("减刑|假释").search(
        text, 0, sections.title.end
    )
    if convict and not re.search("刑初|刑终|初字|终字", case.case_number or ""):
        case.instance = "modification"
        found.spans["instance"] = Span(*convict.span()), "header.convict"
        return
    if case.case_number:
        for pattern, instance in _INSTANCE:
            if re.search(pattern, case.case_number):
                case.instance = instance
                found.spans["instance"] = found.spans["case_number"][0], "title.number"
                break
    if case.instance in (None, "first", "other"):
        head = text[: sections.procedure.end]
        review = re.search("死刑复核|复核终结|核准死刑", head)
        if review and (
            case.instance is None or "最高人民法院" in (case.court or "") or "刑他" in (case.case_number or "")
        ):
            case.instance = "death_review"
            found.spans["instance"] = Span(*review.span()), "procedure.review"
    protest = case.instance == "retrial" and "刑抗" in (case.case_number or "")
    if protest and not re.search("再审|审判监督|发生法律效力", text[: sections.disposition.start]):
        case.instance = "second"  # once also the number of a protest (抗诉) against a judgment not yet in force
    if case.instance == "retrial" and case.document_type == "decision":
        case.instance = "other"  # the decision to try a case again is not yet the retrial
    if case.instance == "death_review" and "死刑" not in text:
        case.instance = "other"  # 刑核 also numbers the approval of sentences below the minimum (刑法 63)
    if case.instance == "death_review" and case.court is None:
        reported = re.compile("报请(?:本院|最高人民法院)").search(text, 0, sections.findings.start)
        if reported:
            case.court = "最高人民法院"
            found.spans["court"] = Span(*reported.span()), "procedure.reported"
    if case.instance is None:
        for pattern, instance in (
            ("减刑|假释", "modification"),
            ("再审", "retrial"),
            ("二审|上诉人（原审|驳回上诉|提出上诉", "second"),
            ("一审|公诉机关|提起公诉|指控", "first"),
        ):
            match = re.search(pattern, text[: sections.procedure.end])
            if match:
                case.instance = instance
                found.spans["instance"] = Span(*match.span()), "header.instance"
                break


def _prosecutor(view: View, sections: Sections, found: CaseFinding) -> None:
    text, case = view.text, found.case
    private = re.compile("自诉人").search(text, sections.header.start, sections.procedure.end)
    public = _PROCURATORATE.search(text, sections.title.start, sections.procedure.end)
    if private and not public:
        case.prosecution = "private"
        found.spans["prosecution"] = Span(*private.span()), "header.private"
        return
    best = None
    for match in _PROCURATORATE.finditer(text, 0, max(sections.header.end, sections.procedure.start + 1)):
        if best is None or ("抗诉" in best["role"] and "公诉" in match["role"]):
            best = match
    named = Span(*best.span("name")) if best else None
    source = "header.procuratorate"
    if best is None or "抗诉" in best["role"]:
        # who protests is not always who prosecuted
        indicting = _indicting(view, sections, None if best is None else "指控")
        if indicting and not (best and best["name"].endswith(text[slice(*indicting)])):
            named, source = indicting, "procedure.procuratorate"
    if named:
        case.procuratorate = re.sub("[（(]以下简称[^）)]*[）)]", "", view.printed(*named))
        found.spans["procuratorate"] = named, source
    mark = found.spans.get("procuratorate")
    if mark or (case.instance is not None and case.document_type != "notice"):
        case.prosecution = "public"
        if mark:
            found.spans["prosecution"] = mark


def _indicting(view: View, sections: Sections, verb: str | None) -> Span | None:
    """The procuratorate that indicts in the account of the proceedings, in the header, or before it; with ``verb`` in this word."""
    for start in (sections.procedure.start, sections.header.start, sections.title.start):
        for match in _INDICTING.finditer(view.text, start, sections.procedure.end):
            if verb in (None, match["verb"]):
                name = re.sub(
                    r"^.*(?:法院审理|法院受理|审理|。|号)(?:的)?|^(?:原审?公诉机关|公诉机关|由|经)", "", match["name"]
                )
                return Span(match.end("name") - len(name), match.end("name"))
    return None


def _procedure(text: str, sections: Sections, found: CaseFinding) -> None:
    case = found.case
    decided: Procedure | None = None
    area = Span(sections.header.start, sections.prosecution.start)
    if not re.compile("程序|合议庭|独任").search(text, *area):
        area = Span(sections.title.start, min(sections.opinion.end, area.end + 3000))
    elif case.instance in ("second", "retrial"):
        own = text.find("本院", *area)  # before it, the document tells how the lower court tried the case
        area = Span(own, area.end) if own >= 0 else area
    for match in _PROCEDURE.finditer(text, *area):
        kind = match.lastgroup
        if kind in ("proposed", "not"):
            decided = None if kind == "not" and decided != "ordinary" else decided
            continue
        if kind == "ordinary" and match.group() == "合议庭":
            if decided is None:
                decided = "ordinary"
                found.spans["procedure"] = Span(*match.span()), "procedure.bench"
            continue
        kind = "summary" if kind == "short" else kind
        decided = kind  # type: ignore[assignment]
        if match.group() == "简化审理":
            decided = "ordinary"
        found.spans["procedure"] = Span(*match.span()), "procedure.named"
    if decided is None:
        # an account in two sentences: 公诉机关…提起公诉。本院依法适用简易程序…
        applied = re.compile("本院[^。；]{0,12}适用[^。；，]{0,10}?(速裁|简易|普通)程序").search(
            text, area.end, area.end + 200
        )
        if applied:
            decided = _NAMED[applied[1]]
            found.spans["procedure"] = Span(*applied.span()), "procedure.named"
    if decided is None:
        late = re.compile("合议庭").search(text, sections.header.start, sections.tail.start)
        consent = re.compile("同意适用(?:刑事案件|刑事)?速裁程序").search(text)
        if late:
            decided = "ordinary"
            found.spans["procedure"] = Span(*late.span()), "procedure.bench"
        elif consent:
            decided = "expedited"
            found.spans["procedure"] = Span(*consent.span()), "procedure.consent"
        elif case.instance in ("second", "retrial", "death_review", "modification"):
            bench = re.compile("审判长").search(text, sections.tail.start)
            if bench:
                decided = "ordinary"
                found.spans["procedure"] = Span(*bench.span()), "tail.bench"
    case.procedure = decided or "unknown"


_CIVIL = re.compile(
    r"(?:民事|行政|执行|国家赔偿|赔偿委员会)(?:判决书|裁定书|调解书|决定书)|[民行赔执]初?[终初申]?[0-9]+号"
)


def _out_of_scope(text: str, case: Case, title_limit: int) -> str | None:
    title = text[: max(title_limit, 60)]
    number = case.case_number or ""
    if case.instance == "modification":
        return "commutation or parole (减刑、假释)"
    if re.search(r"刑申|刑医|刑没|刑辖|刑立他|刑止|执|赔", number) or re.search(
        "指定管辖决定书|强制医疗决定书|驳回申诉通知书", title
    ):
        return "not a judgment on guilt and sentence"
    if "刑" not in title and _CIVIL.search(title) and "被告人" not in text[:600]:
        return "civil or administrative document"
    if not re.search("被告人|被告单位|上诉人|罪犯|自诉人|罪", text):
        return "no criminal judgment"
    return None
