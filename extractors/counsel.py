"""Who defends each defendant: the counsel that the header or the account of the proceedings names (辩护人, 值班律师)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from panjue.extractors.parties import Defender, Party
from panjue.extractors.record import CounselKind
from panjue.extractors.sections import Sections, Span
from panjue.extractors.view import View

# 辩护人暨附带民事诉讼委托代理人
_ALSO_AGENT = r"(?:(?:[暨兼及塈]|并为)?(?:刑事)?(?:附带民事)?(?:诉讼)?、?(?:委托)?(?:诉?讼)?代理人)?"
_COUNSEL = re.compile(
    rf"(?P<role>(?:(?:共同|原审|委托|指定|指派|法律援助|一审|二审|本院指定的?|援助)(?:的)?)*[辩辨]护(?:人|律师)|值班律师){_ALSO_AGENT}"
    r"(?P<gloss>（[^）]{1,30}）)?(?:[：:]|姓名[：:]?)?(?P<names>[^，。；：（]{1,40}?)(?P<aid>（[^）]{1,40}）)?(?P<rest>[，系。；（：][^。；]{0,70}?(?:。(?:[系是](?:本案)?(?:被告人|上诉人)|经被告人[^，。；]{1,12}推荐|(?:由|受|经)?[\u4e00-\u9fff]{2,12}法律援助)[^。；]{0,30})?)?(?=[。；]|辩护人|$)"
)
# 某某律师事务所律师甲担任其辩护人
_APPOINTED = re.compile(
    r"(?:律师事务所|法律援助中心|该中心)的?(?:律师)?(?P<names>[\u4e00-\u9fff]{2,3}?)(?:律师)?(?:、(?P<second>[\u4e00-\u9fff]{2,3}?)(?:实习)?律师|、[^，。；]{2,20}?)?(?:出庭)?(?:担任|为)[^，。；]{0,16}辩护"
)
# 某某律师事务所律师甲为其提供法律帮助
_HELPING = re.compile(
    r"(?:律师事务所|法律援助中心|该中心)的?(?:律师(?P<name>[\u4e00-\u9fff]{2,3})|(?P<titled>[\u4e00-\u9fff]{2,3})律师)[^，。；]{0,8}?(?:为|对|给)?[^，。；]{0,12}提供(?:了)?(?:有效)?(?:的)?法律帮助"
)
_AID = re.compile(r"法律援|援助|法援|指定|指派|司法局")
_FIRM = re.compile(r"律师|事务所|律所")
_RELATIVE = re.compile(
    r"(?:之|的)?(?:父|母|妻|夫|兄|弟|姐|妹|子|女|叔|伯|舅|姑|姨|哥|爱人|亲属|亲戚|朋友|近亲属|公民|丈夫|配偶|岳父|女婿|侄|表)|法律服务|法律工作者|基层法律|单位推荐|工作人员|系被告人|公司职|居民|农民|教师"
)
# described as a private person; of a lawyer the firm is told
_PRIVATE = re.compile("，[男女]，[^。；]*(?:出生|住|退休|[\u4e00-\u9fff]族)")
_RECOMMENDED = re.compile("推荐担任|被告人[^，。]{1,5}的?(?:朋友|亲友|亲属|近亲属|同事)")
# a firm that follows the name without a comma: 甲辽宁某某律师事务所律师
_GLUED = re.compile(
    r"(?<=[\u4e00-\u9fff]{2})(?:系)?(?=(?:北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|内蒙古|广西|西藏|宁夏|新疆)[^，。、]{2,24}(?:律师事务所|法律援助))"
)
_NO_NAME = re.compile(
    r"^无|^之一|公诉机关|律师|事务所|[辩辨]护|法律|指派|依法|到庭|被告人|上诉人|意见|为其|证人|提出|参加|出庭"
)


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
    if sections.procedure.end > sections.procedure.start:
        _from_appearance(view, sections.procedure, parties)
    account = Span(sections.header.start, sections.procedure.end)
    _appointed(text, account, parties)
    _helping(text, account, parties)
    _support(text, sections.procedure, parties)


def _defenders(view: View, match: re.Match[str], source: str) -> list[Defender]:
    names, rest = match["names"], (match["rest"] or "") + (match["aid"] or "") + (match["gloss"] or "")
    glued = _GLUED.search(names)
    if glued:
        names, rest = names[: glued.start()], names[glued.start() :] + rest
    rest = re.split(
        r"(?:法定代理人|诉讼代理人|被告人(?!之|的|[^，。]{1,5}(?:之|的|父|母|哥|姐))|自诉人|附带民事)", rest
    )[0]
    private = _PRIVATE.match(rest) is not None
    rest = re.sub("^，[男女](?=[，。]|$)", "", rest)  # his sex, not a kinship
    role = match["role"]
    if role == "值班律师":
        kind: CounselKind = "duty_lawyer"
    elif re.search("指定|指派|援助", role) or _AID.search(names + rest):
        kind = "legal_aid"
    elif _FIRM.search(names + rest) or "辩护律师" in role:
        kind = "retained"
    elif private or _RELATIVE.search(rest) or _RECOMMENDED.search(match["rest"] or ""):
        kind = "non_lawyer"
    else:
        kind = "unknown"
    out = [
        Defender(
            view.printed(match.start("names") + start, match.start("names") + start + len(name)), kind, span, source
        )
        for name, start in _names(names)
        for span in (Span(*match.span()),)
    ]
    for extra in re.finditer(
        r"[，、]([\u4e00-\u9fff]{2,4})(?=，[^，]{2,30}(?:律师事务所|法律援助))", match["rest"] or ""
    ):
        if not re.search(r"律师|法律|指派|指定|中心|委托|实习|系|受", extra[1]):
            out.append(Defender(extra[1], kind, Span(match.start(), match.end()), source))
    return out


def _names(chunk: str) -> Iterator[tuple[str, int]]:
    """The names in a list, with where each begins."""
    # 和 and 及 also stand in names: they part two names only where both would be long enough to be one
    for piece in re.finditer(
        r"(?:(?<=[^、]{2})[和及](?=[^、]{2})|[^、和及]|[和及])+?(?=、|(?<=[^、]{2})[和及](?=[^、]{2})|$)", chunk
    ):
        # at the beginning 和 is a surname
        led = "和及系：:" if piece.start() else "系：:"
        name = re.sub(rf"^[{led}]+(?=[^、]{{2}})|(?:律师|均系|系|均为|等)$", "", piece.group())
        name = re.sub(r"^(?:暨|兼)[^，。]{0,10}代理人", "", name)
        if 0 < len(name) <= 12 and not _NO_NAME.search(name):
            yield name, piece.start() + piece.group().find(name)


def _share(text: str, parties: list[Party]) -> None:
    """Counsel listed after the last of several defendants for all of them (共同辩护人, 系…二被告人的辩护人)."""
    for party in parties:
        for defender in list(party.defenders):
            passage = text[defender.span.start : defender.span.end]
            if passage.startswith("共同") or re.search(r"[二两三四五](?:名)?被告人的?(?:共同)?辩护人", passage):
                for other in parties:
                    if other is not party and not other.defenders:
                        other.defenders.append(defender)


def _appointed(text: str, area: Span, parties: list[Party]) -> None:
    for match in _APPOINTED.finditer(text, *area):
        known = {defender.name for party in parties for defender in party.defenders}
        names = [name for name in (match["names"], match["second"]) if name and not _NO_NAME.search(name)]
        if known.intersection(names):
            continue
        before = text[area.start : match.end()]
        owner = max(parties, key=lambda party: before.rfind(party.name), default=None)
        if owner is not None:
            clause = text[max(area.start, match.start() - 40) : match.end()]
            kind: CounselKind = "legal_aid" if _AID.search(clause) else "retained"
            owner.defenders.extend(Defender(name, kind, Span(*match.span()), "header.counsel") for name in names)


def _helping(text: str, area: Span, parties: list[Party]) -> None:
    """Who gave legal help (法律帮助) and is nowhere called defender: a duty lawyer (codebook 8.1)."""
    for match in _HELPING.finditer(text, *area):
        name = match["name"] or match["titled"]
        if any(name == defender.name for party in parties for defender in party.defenders):
            continue
        helped = [party for party in parties if party.name in match.group()] or parties
        if len(helped) == 1:
            helped[0].defenders.append(Defender(name, "duty_lawyer", Span(*match.span()), "procedure.counsel"))


_LED_TO = re.compile(r"[^，。；]{0,40}辩护人[^，。；]{0,20}$")
_APPOINTED_AS = re.compile(rf"(?:指定|指派)的?辩护人{_ALSO_AGENT}(?:[^，。；及]{{1,12}}、)?$")
_SAME = "(?:(?![、，及](?:原审)?(?:被告人|上诉人))[^。])"  # what is not yet about the next defendant
_AIDED_BY = re.compile(rf"法律援助{_SAME}{{0,40}}$")
_AIDED = re.compile(r"（[^）]{0,24}援助[^）]{0,12}）")
_AID_FOR = re.compile(rf"法律援助{_SAME}{{0,24}}(?:为|对){_SAME}{{0,16}}$")
_IN_COURT = re.compile(r"[^。]{0,16}(?:辩护|法律援助|指派|指定)")


def _support(text: str, area: Span, parties: list[Party]) -> None:
    """What the account of the proceedings adds: 某法律援助中心指派的辩护人甲, or the centre's duty for the defendant."""
    account = text[area.start : area.end]
    for party in parties:
        called = party.aliases[-1] if party.aliases and party.kind == "organization" else party.name
        for defender in party.defenders:
            if not defender.name or defender.source != "header.counsel":
                continue
            named = _before(account, defender.name, _LED_TO)
            if named:
                defender.support.append(Span(area.start + named.start, area.start + named.end))
            if _before(account, defender.name, _APPOINTED_AS) or _before(account, defender.name, _LED_TO, _AIDED):
                defender.kind = "legal_aid"
            if defender.kind in ("retained", "unknown") and "法律援助" in account:
                aid = _before(account, defender.name, _AIDED_BY) or _before(account, called, _AID_FOR, _IN_COURT)
                if aid:
                    defender.kind = "legal_aid"
                    defender.support.append(Span(area.start + aid.start, area.start + aid.end))


def _before(account: str, name: str, before: re.Pattern[str], behind: re.Pattern[str] | None = None) -> Span | None:
    """The first place where ``name`` stands behind one pattern and, if there is another, in front of it."""
    at = account.find(name)
    while at >= 0:
        match = before.search(account, max(0, at - 70), at)
        if match and (behind is None or behind.match(account, at + len(name))):
            return Span(match.start(), at + len(name))
        at = account.find(name, at + 1)
    return None


_APPEAR = re.compile(
    rf"(?:辩护人|辩护律师){_ALSO_AGENT}(?P<names>[\u4e00-\u9fff·×X0-9某]{{2,4}}?(?:[、和][\u4e00-\u9fff·×某]{{2,4}}?)*)(?=，|、(?:指定|委托)?辩护人|、(?:原审)?(?:上诉|被告|证人|附带民事|自诉)|均?到庭|出庭|等|。|（|及|均)"
)
_PRESENT = re.compile(
    r"(?:被告人|上诉人|原审被告人|上诉人（原审被告人）)(?P<who>[^，。；]{1,60}?)(?:及其?|和其?)(?:指定|委托|二审)?$"
)


def _from_appearance(view: View, area: Span, parties: list[Party]) -> None:
    """被告人甲及其辩护人乙到庭: counsel whom the header does not name for him."""
    text = view.text
    listed = any(party.defenders for party in parties)
    known = {defender.name for party in parties for defender in party.defenders}
    known.update(party.name for party in parties)
    for match in _APPEAR.finditer(text, *area):
        before = text[max(area.start, match.start() - 90) : match.start()]
        present = _PRESENT.search(before)
        who = [party for party in parties if present and party.name in re.split("、|被告人", present["who"])]
        if not who and not listed:
            account = text[area.start : match.start()]
            nearest = max(parties, key=lambda party: account.rfind(party.name), default=None)
            if nearest is None or (nearest.name not in account and len(parties) > 1):
                continue
            who = [nearest]
        appearing = list(_names(match["names"]))
        names = [(name, start) for name, start in appearing if name not in known]
        beside = _defended_by([name for name, _ in appearing], parties)
        if beside and len(names) == 1 and len(beside.defenders) == 1:
            who = [beside]  # a second defender, whom the header leaves out
        # 甲、乙及其辩护人: of several the last, if the header names nobody for him
        unsure = len(who) != 1 and (not who or who[-1].defenders)
        if listed and (unsure or any(_spelt(name, who[-1]) for name, _ in names)):
            continue
        # what is said of counsel of others before does not count
        own = max(before.rfind("被告人"), before.rfind("上诉人"), len(before) - 40, 0)
        behind = re.split("、(?:指定|委托)?辩护人", text[match.end() : match.end() + 40])[0]
        around = (before[own:] + match.group() + behind).split("支持公诉")[-1]
        kind: CounselKind = "legal_aid" if re.search(r"法律援助|指定|指派的?(?:指定)?辩护", around) else "unknown"
        if kind == "unknown" and "律师事务所" in around:
            kind = "retained"
        each = len(who) == len(names) > 1  # one for each, in their order
        for place, (name, _) in enumerate(names):
            owner = who[place] if each else who[-1] if who else None
            if owner is not None:
                owner.defenders.append(Defender(name, kind, Span(*match.span()), "procedure.counsel"))


def _defended_by(names: list[str], parties: list[Party]) -> Party | None:
    """The one party who has one of ``names`` for a defender already."""
    theirs = [party for party in parties if any(defender.name in names for defender in party.defenders)]
    return theirs[0] if len(theirs) == 1 else None


def _spelt(name: str, party: Party) -> bool:
    """Whether the header names him already under another spelling or mask."""
    return any(
        defender.name and (defender.name[0] == name[0] or defender.name[1:] == name[1:] or "某" in defender.name + name)
        for defender in party.defenders
    )
