"""Who stands accused, and who defends him: the parties of the header (or of the indictment where there is none)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from panjue.extractors.record import CounselKind, DefendantKind
from panjue.extractors.sections import Sections, Span
from panjue.extractors.view import View

_ROLE = (
    r"(?:原审)?(?:上诉|申诉|再审申请|原审上诉)(?:人|单位)（(?:一审|原审|原一审|二审|被告)(?![^）]*(?:原告人?|自诉人)）)[^）]{0,24}）(?:（[^）]{2,16}）)?|"
    r"(?:原审|一审|再审)?(?:附带民事诉讼)?被告(?:人|单位)(?:（[^）]{0,4}(?:上诉|反诉|自诉|附带民事|原审|申诉)[^）]{0,20}）|(?:暨|兼)(?:反诉自诉人|附带民事诉讼被告人|刑事附带民事诉讼被告人|附带民事被告人|附带民事公益诉讼被告人?)|、附带民事诉讼被告人)?|"
    r"自诉人[^，。：]{0,20}反诉被告人|被告人(?:及|暨|兼)反诉自诉人(?:暨[^，。：]{2,12}?人)?|罪犯|上诉(?:人|单位)|被申请人"
)
_PARTY = re.compile(
    rf"(?P<role>{_ROLE})(?:暨[^，。：]{{2,14}}?被告人)?(?:[：:]|姓名[：:]?|系)?(?P<self>自报姓名|自报名|自报|自称|自诉)?[：:]?(?P<name>(?:(?!被告|上诉人)[^，。；：、（]){{1,40}}?)"
    r"(?=，|。|（|、|；|又名|曾用名|别名|绰号|化名|男[，。、（]|女[，。、（]|自报|，?系|生于|\d{4}年|$)"
)
_NAME_STOP = re.compile(
    r"^(?:因|在|于(?=[0-9二本同上下当])|的|对|对于|均|与|及|和|系|归案|犯|曾(?:因|于|用|在|被|犯|经|多)|到|被|未|已|是|将|其|等|们|户籍|现|自愿|供述|身份|基本|情况|亦|之|家属|亲属|以|为|年|刑满|同|涉嫌|有|无|经|不|从|违反|居民)|"
    r"(?:一案|罪|人民|公司?职工)$|到庭|提出|参加|辩护|供述|指控|羁押|判处|判决|人民法院|人民检察院|[《》“”]|^[男女]$|住所地$|^\d+$"
)
# a name already known and the sentence going on: 被告人王某曾因…
_GOES_ON = re.compile("[曾现又因于在系对的不及与和犯到被未已是将其均自供归当经之案]")
_ORGANIZATION = re.compile(
    r"公司|企业|工厂|厂$|中心$|合作社|银行|医院|学校|委员会|局$|店$|集团|行$|站$|所$|社$|部$|农场|场$|协会|院$|府$"
)
_ALIAS = re.compile(
    r"(?:又名|曾用名|别名|绰号|外号|化名|小名|乳名|英文名|网名|别号|俗名|自称|也叫|法名|原名|译名|中文名|以下简称|简称|下称|以下称)(?:[：:]|叫)?[“\"]?(?P<alias>[^，。；：（）“”\"]{1,24})"
)
_COUNSEL = re.compile(
    r"(?P<role>(?:(?:共同|原审|委托|指定|法律援助|一审|二审|本院指定的?|援助)(?:的)?)*辩护(?:人|律师)|值班律师)"
    r"(?P<gloss>（[^）]{1,30}）)?(?:[：:]|姓名[：:]?)?(?P<names>[^，。；：（]{1,40}?)(?P<aid>（[^）]{1,40}）)?(?P<rest>[，系。；（：][^。；]{0,70}?)?(?=[。；]|辩护人|$)"
)
_AID = re.compile(r"法律援助|法援|援助中心|指定|指派|司法局")
_FIRM = re.compile(r"律师|事务所|律所")
_RELATIVE = re.compile(
    r"(?:之|的)?(?:父|母|妻|夫|兄|弟|姐|妹|子|女|叔|伯|舅|姑|姨|哥|爱人|亲属|亲戚|朋友|近亲属|公民|丈夫|配偶|岳父|女婿|侄|表)|法律服务|法律工作者|基层法律|单位推荐|工作人员|系被告人|公司职|居民"
)


@dataclass(slots=True)
class Defender:
    """A counsel and the passage that names him."""

    name: str | None
    kind: CounselKind
    span: Span
    source: str


@dataclass(slots=True)
class Party:
    """One defendant: the name as printed, other names, and where the header speaks of him."""

    name: str
    kind: DefendantKind
    span: Span
    passage: Span
    aliases: list[str] = field(default_factory=list)
    defenders: list[Defender] = field(default_factory=list)
    role: str = ""


def read_parties(view: View, sections: Sections) -> list[Party]:
    """The defendants in the order of the document."""
    parties = _from_header(view, sections)
    if not parties:
        parties = _from_indictment(view, Span(sections.header.start, sections.findings.end))
    return parties


def _from_header(view: View, sections: Sections) -> list[Party]:
    text, (start, end) = view.text, sections.header
    found: list[Party] = []
    seen: dict[str, Party] = {}
    for match in _PARTY.finditer(text, start, end):
        at = match.start()
        role = match["role"]
        if at > start and text[at - 1] not in "。；）号、”:：" and at not in view.break_set:
            continue
        if role.startswith("附带民事") or (
            role == "上诉人" and text[match.end("role") : match.end("role") + 1] == "（" and "原告" in match["name"]
        ):
            continue
        name = match["name"]
        after = text[match.end() : match.end() + 16]
        if (
            _NAME_STOP.search(name)
            or not name
            or (len(name) > 8 and not _ORGANIZATION.search(name) and "·" not in name and not name.isascii())
        ):
            continue
        printed = view.printed(match.start("name"), match.end("name"))
        if name in seen or any(name.startswith(known) and _GOES_ON.match(name, len(known)) for known in seen):
            continue
        if role == "被申请人" and "强制医疗" not in text[:400]:
            continue
        if role == "上诉人" and ("附带民事诉讼原告" in after or "自诉人" in after):
            continue
        organization = "单位" in role or (bool(_ORGANIZATION.search(name)) and len(name) > 4)
        party = Party(
            name=printed,
            kind="organization" if organization else "person",
            span=Span(match.start("name"), match.end("name")),
            passage=Span(match.start(), end),
            role=role,
        )
        if found:
            found[-1].passage = Span(found[-1].passage.start, at)
        seen[name] = party
        found.append(party)
    for party in found:
        first = text[party.span.end : min(party.passage.end, party.span.end + 120)]
        party.aliases = [
            part
            for alias in _ALIAS.finditer(first)
            for part in re.split(r"[、\s]", alias["alias"])
            if 1 < len(part) < 12
        ]
    return found


_INDICTED = re.compile(
    r"(?:指控|审理)?(?P<role>(?:原审)?被告(?:人|单位))(?P<names>[^，。；（]{1,200}?)(?:（[^）]{1,30}）)?(?:的?行为)?(?:，)?(?:涉嫌(?:犯)?|犯有?|触犯|构成)(?=[^，。]{2,60}罪|[^。]{2,30}一案)"
)


def _from_indictment(view: View, area: Span) -> list[Party]:
    text = view.text
    found: list[Party] = []
    names: set[str] = set()
    limit = min(area.end, area.start + 3000)
    for match in _INDICTED.finditer(text, area.start, limit):
        if found and match.start() - found[-1].span.end > 120:
            break
        position = match.start("names")
        for part in re.split(r"([、，和及]|(?:原审)?被告人|(?:原审)?被告单位)", match["names"]):
            name = re.sub(r"^(?:自报|自称)", "", part)
            start = position + len(part) - len(name)
            position += len(part)
            if (
                not name
                or part in "、，和及"
                or _NAME_STOP.search(name)
                or name in names
                or part.endswith(("被告人", "被告单位"))
            ):
                continue
            if len(name) > 10 and not _ORGANIZATION.search(name) and "·" not in name:
                continue
            names.add(name)
            kind: DefendantKind = "organization" if _ORGANIZATION.search(name) and len(name) > 4 else "person"
            span = Span(start, start + len(name))
            found.append(Party(view.printed(*span), kind, span, span, role=match["role"]))
    return found


def assign_counsel(view: View, sections: Sections, parties: list[Party]) -> None:
    """Give each defendant the defenders that the header or the account of the proceedings names for him."""
    text = view.text
    for party in parties:
        if party.passage.end > party.span.end:
            for match in _COUNSEL.finditer(text, party.span.end, party.passage.end):
                before = text[max(party.span.end, match.start() - 12) : match.start()]
                if "委托" in before[-3:] or "放弃" in before or "拒绝" in before:
                    continue
                party.defenders.extend(_defenders(view, match, "header.counsel"))
    _share(text, parties)
    _assigned(text, sections.procedure, parties)
    if sections.procedure.end > sections.procedure.start:
        _from_appearance(view, sections.procedure, parties)


def _defenders(view: View, match: re.Match[str], source: str) -> list[Defender]:
    rest = (match["rest"] or "") + (match["aid"] or "") + (match["gloss"] or "")
    rest = re.split(
        r"(?:法定代理人|诉讼代理人|被告人(?!之|的|[^，。]{1,5}(?:之|的|父|母|哥|姐))|自诉人|附带民事)", rest
    )[0]
    role = match["role"]
    if role == "值班律师":
        kind: CounselKind = "duty_lawyer"
    elif "指定" in role or "法律援助" in role or "援助" in role or _AID.search(rest):
        kind = "legal_aid"
    elif _FIRM.search(rest) or "辩护律师" in role:
        kind = "retained"
    elif _RELATIVE.search(rest):
        kind = "non_lawyer"
    else:
        kind = "unknown"
    out: list[Defender] = []
    position = match.start("names")
    chunk = match["names"]
    # a second name may follow after a comma: 辩护人甲，乙，某律师事务所律师
    for part in re.split(r"([、和及])", chunk):
        start, position = position, position + len(part)
        name = re.sub(r"^(?:暨|兼)[^，。]{0,10}代理人|^(?:系|：|:)|(?:律师|均系|系|均为|等)$", "", part)
        if (
            not name
            or part in "、和及"
            or len(name) > 12
            or re.search(r"律师|事务所|辩护|法律|到庭|被告|意见|为其", name)
        ):
            continue
        offset = start + part.find(name)
        out.append(Defender(view.printed(offset, offset + len(name)), kind, Span(*match.span()), source))
    for extra in re.finditer(
        r"[，、]([\u4e00-\u9fff]{2,4})(?=，[^，]{2,30}(?:律师事务所|法律援助))", match["rest"] or ""
    ):
        if not re.search(r"律师|法律|指派|指定|中心|委托|实习|系|受", extra[1]):
            out.append(Defender(extra[1], kind, Span(match.start(), match.end()), source))
    return out


def _share(text: str, parties: list[Party]) -> None:
    """Counsel listed after the last of several defendants for all of them (共同辩护人, 系…二被告人的辩护人)."""
    for party in parties:
        for defender in list(party.defenders):
            passage = text[defender.span.start : defender.span.end]
            if passage.startswith("共同") or re.search(r"[二两三四五](?:名)?被告人的?(?:共同)?辩护人", passage):
                for other in parties:
                    if other is not party and not other.defenders:
                        other.defenders.append(defender)


def _assigned(text: str, area: Span, parties: list[Party]) -> None:
    """A legal-aid centre that only the account of the proceedings names: 法律援助中心指派的辩护人甲."""
    account = text[area.start : area.end]
    if "法律援助" not in account:
        return
    for party in parties:
        for defender in party.defenders:
            if (
                defender.kind == "retained"
                and defender.name
                and re.search(
                    rf"法律援助[^。]{{0,40}}{re.escape(defender.name)}|法律援助[^。]{{0,24}}(?:为|对)[^。]{{0,16}}{re.escape(party.aliases[-1] if party.aliases and party.kind == 'organization' else party.name)}[^。]{{0,16}}(?:辩护|法律援助|指派|指定)",
                    account,
                )
            ):
                defender.kind = "legal_aid"


_APPEAR = re.compile(
    r"(?:辩护人|辩护律师)(?P<names>[\u4e00-\u9fff·×X0-9某]{2,4}(?:[、和][\u4e00-\u9fff·×某]{2,4})*)(?=，|、(?:原审)?(?:上诉|被告)|均?到庭|出庭|等|。|（|及|均)"
)


def _from_appearance(view: View, area: Span, parties: list[Party]) -> None:
    """被告人甲及其辩护人乙到庭: for a defendant whose header names no counsel."""
    text = view.text
    if any(party.defenders for party in parties):
        return
    for match in _APPEAR.finditer(text, area.start, area.end):
        before = text[area.start : match.start()]
        owner = max(parties, key=lambda party: before.rfind(party.name), default=None)
        if owner is None or (before.rfind(owner.name) < 0 and len(parties) > 1):
            continue
        around = text[max(area.start, match.start() - 40) : match.end() + 40]
        kind: CounselKind = (
            "legal_aid" if re.search(r"法律援助|指定|指派的?(?:指定)?辩护", around.split("支持公诉")[-1]) else "unknown"
        )
        if kind == "unknown" and "律师事务所" in around:
            kind = "retained"
        for name in re.split(r"[、和]", match["names"]):
            if not re.search(r"到庭|参加|出庭|均|律师|意见", name):
                owner.defenders.append(Defender(name, kind, Span(match.start(), match.end()), "procedure.counsel"))
