"""Who stands accused: the parties of the header, or of the indictment where there is none."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import pairwise

from panjue.extractors.record import CounselKind, DefendantKind
from panjue.extractors.sections import Sections, Span
from panjue.extractors.view import View

_CIVIL = r"(?:刑事)?附带民事(?:公益)?(?:诉讼)?(?:、)?(?:原告|被告)(?:人|单位)?"
#: what a defendant may be besides: 被告人暨附带民事诉讼被告人, 被告人及反诉自诉人
_ALSO = rf"(?:(?:[、及]|并为|并系|暨|兼)(?:反诉(?:自诉)?人|自诉人|{_CIVIL}))"
_ROLE = (
    r"(?:原审|原|被)?(?:上诉|申诉|再审申请|原审上诉)(?:人|单位)（(?=[^）]{0,20}(?:(?<!诉讼)被告(?:人|单位)|上诉人))[^）]{2,36}）(?:（[^）]{2,16}）)?|"
    rf"(?:原审|一审|再审)?(?:附带民事诉讼)?被告(?:人|单位)(?:（[^）]{{0,4}}(?:上诉|反诉|自诉|附带民事|原审|申诉)[^）]{{0,20}}）|{_ALSO}+)?|"
    rf"(?:自诉人[^，。：；]{{0,20}}?反诉被告人|(?:自诉人|{_CIVIL})[^，。：；]{{0,20}}?(?:（被告人|(?:暨|兼)被告人))）?|罪犯|上诉(?:人|单位)|被申请人"
)
_CIVIL_ONLY = re.compile(rf"(?:原审|一审|二审|再审|被?上诉人（)*{_CIVIL}）?")
#: a place in brackets inside a firm's name: 某某（天津）科技有限公司
_PLACE = r"（[\u4e00-\u9fff]{2,6}）(?=[\u4e00-\u9fff]{0,16}(?:公司|厂|中心|合作社|店|事务所|集团|企业))"
_PARTY = re.compile(
    rf"(?P<role>{_ROLE})(?:暨[^，。：]{{2,14}}?被告人)?(?:[：:]|基本情况(?:被告人)?|姓名[：:]?|系)?(?P<self>自报姓名|自报名|自报|自称|自诉)?[：:]?(?P<name>(?:(?!被告|上诉人)(?:[^，。；：、（]|{_PLACE})){{1,40}}?)"
    rf"(?=，|。|(?!{_PLACE})（|、|；|又名|曾用名|别名|绰号|化名|[男女](?:[。、（]|，(?![男女][，。、（]))|因本案|因涉嫌|因犯|(?:指定)?辩护人|(?:法定|诉讼)代表人|自报|，?系|生于|\d{{4}}年|$)"
)
_NAME_STOP = re.compile(
    r"^(?:因|在|于(?=[0-9二本同上下当])|的|对|对于|均|与|及|和|系|归案|犯|曾(?:因|于|用|在|被|犯|经|多)|到|被|未|已|是|将|其|等|们|户籍|现|自愿|供述|身份|基本|情况|亦|之|家属|亲属|以|为|年|刑满|同|涉嫌|有|无|经|不|从|违反|居民)|"
    r"(?:一案|罪|人民|公司?职工)$|到庭|提出|参加|辩护|供述|指控|羁押|判处|判决|人民法院|人民检察院|[《》“”]|^[男女]$|住所地$|^\d+$"
)
# what follows a name in a list of parties and nowhere else
_PERSONAL = re.compile(
    r"(?:（[^）]{1,20}）)?(?:，|、)(?:男|女|又名|曾用名|绰号|外号|别名|小名|化名|自报|汉族|生于|出生|(?:19|20)\d\d年)"
)
# a name already known and the sentence going on: 被告人王某曾因…
_GOES_ON = re.compile("[曾现又因于在系对的不及与和犯到被未已是将其均自供归当经之案]")
#: with this a sentence goes on, though a line ends there: 因⏎被告人怀孕
_LEADS_ON = "因由对将与和及为经据向给被系以同在"
#: the same for a company
_REGISTERED = re.compile(
    r"(?:（[^）]{1,20}）)?[，。](?:住所|组织机构|统一社会|法定代表|地址|营业|注册|诉讼代表|经营|单位)"
)
_ORGANIZATION = re.compile(
    r"公司|企业|工厂|厂$|中心$|合作社|银行|医院|学校|委员会|局$|店$|集团|行$|站$|所$|社$|部$|农场|场$|协会|院$|府$"
)
_ALIAS = re.compile(
    r"(?:又名|曾用名|别名|绰号|外号|化名|小名|乳名|英文名|网名|别号|俗名|自称|也叫|法名|原名|译名|中文名|以下简称|简称|下称|以下称)(?:[：:]|叫)?[“\"]?(?P<alias>[^，。；：（）“”\"]{1,24})"
)


@dataclass(slots=True)
class Defender:
    """A counsel and the passage that names him."""

    name: str | None
    kind: CounselKind
    span: Span
    source: str
    support: list[Span] = field(default_factory=list)


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
        parties = _from_indictment(view, _INDICTED, Span(sections.header.start, sections.findings.end))
    parties = parties or _from_indictment(view, _CONVICTED, sections.disposition)
    for start in (sections.disposition.start, sections.procedure.start):
        _link(view.text[start : sections.disposition.end], parties, _SENTENCED)
    account = view.text[sections.procedure.end : sections.opinion.start]
    if any(party.name not in account for party in parties):
        _link(account, parties, _SPEAKING)
    return parties


_SENTENCED = re.compile(
    r"(?:(?<!附带民事诉讼)被告(?:人|单位)?|上诉人（原审被告人）|上诉人)(?P<name>[^，。；：、（）犯]{2,30}?)(?=，?犯(?:[^，。；]{2,40}，?(?:判处|免)|(?!罪)[^，。；]{2,60}罪(?:一案|、原审|、?被告|，)))"
)


_SPEAKING = re.compile(
    r"(?:被告人|上诉人)(?P<name>[^，。；：、（）]{2,4}?)(?=对(?:公诉|指控|起诉|被指控)|辩称|辩解|当庭|在庭审|自愿认罪)"
)


def _link(passage: str, parties: list[Party], told: re.Pattern[str]) -> None:
    """Give a defendant the other spelling under which a passage names him, if only he can be meant.

    ``told`` finds such names: of those who are convicted or accused, or of those who speak.

    Masking is not always the same in the header and after it (张某甲 there, 张某乙 or the full name here), and there
    are slips of one character.
    """
    known = [(party, [re.sub(r"\s", "", party.name), *party.aliases]) for party in parties]
    printed = dict.fromkeys(match["name"] for match in told.finditer(passage))
    strange = [name for name in printed if not any(own in name for _, names in known for own in names)]
    if not strange:
        return
    silent = [party for party, names in known if not any(own in name for own in names for name in printed)]
    in_order = len(silent) == len(strange)
    for place, party in enumerate(silent):
        fitting = [name for name in strange if _alike(party.name, name)]
        rivals = [other for other in silent if any(_alike(other.name, name) for name in fitting)]
        if len(fitting) == 1 and len(rivals) == 1:
            party.aliases.append(fitting[0])
        elif in_order and strange[place] in fitting:
            party.aliases.append(strange[place])


def _alike(name: str, other: str) -> bool:
    """Whether two spellings can be of one name: one is masked, or they differ by a slip."""
    if name[0] != other[0]:
        return False
    if any(c in "某×xX*" or c.isdigit() for c in name + other):
        return True
    return len(name) > 2 and SequenceMatcher(None, name, other).ratio() >= (0.8 if len(name) > 4 else 0.6)


def _from_header(view: View, sections: Sections) -> list[Party]:
    text, (start, end) = view.text, sections.header
    found: list[Party] = []
    seen: dict[str, Party] = {}
    lines = frozenset(view.lines)
    for match in _PARTY.finditer(text, start, end):
        at = match.start()
        role = match["role"]
        before = text[at - 1 : at]
        if at > start and before not in "。；）号、”:：" and (at not in lines or before in _LEADS_ON):
            continue
        if _CIVIL_ONLY.fullmatch(role) or (
            role == "上诉人" and text[match.end("role") : match.end("role") + 1] == "（" and "原告" in match["name"]
        ):
            continue
        name = match["name"]
        after = text[match.end() : match.end() + 16]
        if (
            not name
            or (
                _NAME_STOP.search(name)
                and not (1 < len(name) < 5 and _PERSONAL.match(text, match.end()))
                and not ("单位" in role and _REGISTERED.match(text, match.end()))
            )
            or (
                len(name) > 8
                and "单位" not in role
                and not _ORGANIZATION.search(name)
                and "·" not in name
                and not name.isascii()
            )
        ):
            continue
        printed = view.printed(match.start("name"), match.end("name"))
        if (name in seen and not _another(text, seen[name].span.end, match.end())) or any(
            name.startswith(known)
            and _GOES_ON.match(name, len(known))
            and not text.startswith(("，男", "，女"), match.end())
            for known in seen
        ):
            continue
        if role == "被申请人" and "强制医疗" not in text[:400]:
            continue
        if role == "上诉人" and (
            "附带民事诉讼原告" in after
            or "自诉人" in after
            or re.search(rf"(?:原告人?|自诉人)）{re.escape(name)}", text[start:at])
        ):
            continue
        organization = "单位" in role or (bool(_ORGANIZATION.search(name)) and len(name) > 4)
        party = Party(
            name=printed,
            kind="organization" if organization else "person",
            span=Span(match.start("name"), match.end("name")),
            passage=Span(match.start(), end),
            role=role,
        )
        seen.setdefault(name, party)
        found.append(party)
    found.extend(_unstyled(view, sections, frozenset(seen)))
    found.sort(key=lambda party: party.span)
    for party, following in pairwise(found):
        party.passage = Span(party.passage.start, following.passage.start)
    for party in found:
        first = text[party.span.end : min(party.passage.end, party.span.end + 120)]
        party.aliases = [
            part
            for alias in _ALIAS.finditer(first)
            for part in re.split(r"[、\s]", alias["alias"])
            if 1 < len(part) < 12
        ]
    return found


def _another(text: str, first: int, second: int) -> bool:
    """Whether the same name stands for somebody else: both are described, and not alike (the masking is the same)."""
    described = [_PERSONAL.match(text, position) is not None for position in (first, second)]
    one, two = (text[position : position + 40].partition("。")[0] for position in (first, second))
    return all(described) and one != two


def _unstyled(view: View, sections: Sections, known: frozenset[str]) -> list[Party]:
    """Those whom the header describes without saying that they are accused, but the indictment and the disposition do."""
    text, (start, end) = view.text, sections.header
    lines = frozenset(view.lines)
    disposition = text[slice(*sections.disposition)]
    found: list[Party] = []
    if not known:
        return found
    for party in _from_indictment(view, _INDICTED, Span(end, sections.prosecution.end)):
        name = text[slice(*party.span)]
        if name in known or name not in disposition:
            continue
        described = re.compile(
            f"(?:被告|单位)?(?P<name>{re.escape(name)})(?:{_PERSONAL.pattern}|{_REGISTERED.pattern})"
        )
        match = next(
            (m for m in described.finditer(text, start, end) if m.start() in lines or text[m.start() - 1] == "。"), None
        )
        if match:
            party.span, party.passage = Span(*match.span("name")), Span(match.start(), end)
            found.append(party)
    return found


_INDICTED = re.compile(
    r"(?:指控|审理)?(?P<role>(?:原审)?被告(?:人|单位))(?P<names>(?:[^，。；（]|（以下简称[^）]{1,16}）){1,200}?)(?:（[^）]{1,30}）)?(?:的?行为)?(?:，)?(?:涉嫌(?:犯)?|犯有?|触犯|构成)(?=[^，。]{2,60}罪|[^。]{1,30}一案)"
)


# 判决主文 of a judgment that prints no parties at all
_CONVICTED = re.compile(
    r"(?P<role>(?:原审)?被告(?:人|单位))(?P<names>[^，。；（]{1,60}?)(?:犯[^，。；]{2,60}罪|无罪)(?=[，。；])"
)


def _from_indictment(view: View, stated: re.Pattern[str], area: Span) -> list[Party]:
    text = view.text
    found: list[Party] = []
    names: set[str] = set()
    limit = min(area.end, area.start + 3000)
    for match in stated.finditer(text, area.start, limit):
        if stated is _INDICTED and found and match.start() - found[-1].span.end > 120:
            break
        position = match.start("names")
        for part in re.split(r"([、，和及]|(?:原审)?被告人|(?:原审)?被告单位)", match["names"]):
            lead = len(part) - len(re.sub(r"^(?:自报|自称)", "", part))
            name = part[lead:].partition("（")[0]
            start = position + lead
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
