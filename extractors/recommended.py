"""The grammar of a recommended penalty: kind, bounds, probation, fine.

拘役三至五个月 · 有期徒刑六个月以上一年以下 · 一年以下有期徒刑或者拘役 · 有期徒刑一年左右 · 并处罚金三千元至五千元 · 可适用缓刑
"""

from __future__ import annotations

import re

from panjue.extractors.quantities import MONEY, NUMBER, TERM, Term, number, term, yuan
from panjue.extractors.record import Recommendation, RecommendedPenalty
from panjue.extractors.shares import portion

KIND = r"有期徒刑|徒刑|拘役|管制|无期徒刑|死刑，?缓期[二两2]年执行|死刑"
_TO = "(?:至|到|-|—|－|~|～)"
_PENALTY: dict[str, RecommendedPenalty] = {
    "有期徒刑": "imprisonment",
    "徒刑": "imprisonment",
    "拘役": "detention",
    "管制": "surveillance",
}
_GRAVEST: tuple[tuple[str, RecommendedPenalty], ...] = (
    (r"死刑，?缓期", "death_reprieve"),
    ("死刑", "death"),
    ("无期徒刑", "life"),
)
# heaviest first
_ORDER: tuple[RecommendedPenalty, ...] = (
    "death", "death_reprieve", "life", "imprisonment", "detention", "surveillance",
)  # fmt: skip
# the total after the penalties for each charge: 决定执行…, 数罪并罚，判处…, 数罪并罚后在…的幅度内量刑
TOGETHER = re.compile(
    rf"(?:决定|合并|并罚|应当?|总和)?(?:合并)?执行(?=[^，。；]{{0,6}}(?:{KIND}|{NUMBER}(?:年|个)))|"
    rf"(?:(?:[罪罚]|实行)并罚|并罚后|合并后)(?=，?(?:(?!罪)[^，。；]){{0,16}}(?:{KIND}|{NUMBER}(?:年|个)))"
)
# a charge before its penalty; 犯罪, 数罪 and the like are none
_CHARGE = re.compile(
    r"(?P<name>[\u4e00-\u9fff]{2,26}?)(?<![数两二三各本前余漏他的其有无认悔])(?<!犯)罪(?![犯行责过名并刑恶])"
)
# what leads to the name of a charge: 建议以, 所犯, 对其, 构成
_BEFORE_NAME = re.compile("以|犯|就|对|构成|触犯|涉嫌|人|其|判处|建议|为|至|内|罚金")
_EACH_CHARGE = re.compile(r"罪[、和][^。；，]{2,20}罪[^。；]{0,8}分别")
# the statute's own range, quoted before the proposal: 应当判处三年以下…，建议…
_STATUTE = re.compile(
    r"(?:法定刑|量刑档次|应(?:当)?判处|依法应(?:当)?(?:在|处|判)|应在|的规定，处|之规定，处|最高刑|量刑幅度为)"
)
#: months; a longer one is the year of a date
_LONGEST = 300
_OR_LIFE = re.compile(
    rf"(?P<term>(?={NUMBER}年){TERM})(?:以上)?(?:有期徒刑)?(?:或者?|、)无期徒刑|有期徒刑(?P<before>(?={NUMBER}年){TERM})(?:(?:以上)?(?:或者?|、)无期徒刑|(?:以上)?至(?:无期徒刑|死刑))"
)
_PRINCIPAL_END = re.compile("缓刑|罚金|没收|剥夺|并处(?=[^，。；]{0,20}(?:罚金|没收))")
_TOKEN = re.compile(
    rf"(?P<kind>有期徒刑|徒刑|拘役|管制)|(?P<short>{NUMBER})(?:个)?{_TO}(?=(?:{NUMBER})(?:年|个半?月|月|日|天))|"
    rf"(?P<term>(?={NUMBER}(?:年|个|日|天|月)){TERM})|(?P<mark>以上|不低于|不少于|以下|以内|左右|{_TO})"
)
_PROBATION = re.compile(rf"缓刑(?:考验期(?:限)?)?(?P<low>{TERM})?(?:以上)?(?:{_TO}(?P<high>{TERM}))?")
_NOT = re.compile(
    r"(?:不|(?<!考虑)是否(?:可以)?|不宜|不予|不得|不建议|不同意|不符合)(?:再)?(?:适用|判处|宣告)?$|撤销[^，。；]{0,30}$"
)
_MAY = re.compile(
    r"可(?:以)?(?:考虑)?(?:对其)?(?:依法)?(?:适用|宣告|判处)?(?:的)?$|可(?:以)?(?:考虑)?[^，。；]{0,8}$|可(?:以)?对[^，。；]{0,16}$|考虑[^，。；]{0,6}$"
)
_IF = re.compile(r"如(?:果)?(?:符合|经|其|能|社区|被告人|在|判决前|缴|退|赔)|若")
_BRANCH = re.compile(r"(?:如|若)[^。；]{0,30}(?:退|赔|缴|履行)")
_BRANCH_IN_BRACKETS = re.compile(r"[（(](?:如|若)[^）)]{0,16}(?:退|赔|缴|履行)")
#: what the first bound of a fine borrows from the second: 一至二万元
_UNIT = re.compile("[百千万佰仟]")
_FINE = re.compile(
    rf"罚金(?!刑?部分)(?:共计|计)?(?:各)?(?:为)?(?:人民币)?(?:各)?(?P<low>{MONEY})?(?P<mark>以上|以下|左右)?(?:{_TO}?，?(?:人民币)?(?P<high>{MONEY}))?"
)
# the amount before the word: 并处二万元以上五万元以下罚金
_FINE_LAST = re.compile(
    rf"处(?:以)?(?:人民币)?(?P<amount>{MONEY}(?:(?:以上)?{_TO}?{MONEY})?(?:以下)?)(?:的)?罚金(?![0-9一二三四五六七八九十])"
)
# 可以从轻或者免除处罚 is a circumstance
_EXEMPT = re.compile("(?<!轻或)(?<!轻或者)(?<!轻、)免[予于除](?:刑事)?处[罚分]|免刑")


def read_recommended(words: str) -> Recommendation | None:
    """The recommendation said in ``words``, or None if they name no penalty.

    After 数罪并罚 the combined penalty counts; penalties for several counts without a total have no bounds.

    >>> found = read_recommended("建议判处拘役三至五个月，并处罚金三千元，可适用缓刑")
    >>> found.form, found.penalty, found.min_months, found.max_months, found.fine_min, found.probation
    ('range', 'detention', 3, 5, 3000, 'may')
    """
    together = [match.end() for match in TOGETHER.finditer(words)]
    total = _one(words[together[-1] :]) if together else None
    return total or joined(_severally(words)) or joined(list(read_counts(words).values())) or _one(words)


def read_counts(words: str, before: str = "") -> dict[str, Recommendation]:
    """The penalties in ``words`` by the charge they are for; ``before`` is what leads to the first.

    >>> [(charge, count.max_months) for charge, count in read_counts("犯盗窃罪判处一年，犯诈骗罪判处二年").items()]
    [('盗窃', 12), ('诈骗', 24)]
    """
    starts = [(_named(mark), mark.start(), mark.end()) for mark in _CHARGE.finditer(words)]
    lead = [_named(mark) for mark in _CHARGE.finditer(before)]
    if lead:
        starts.insert(0, (lead[-1], 0, 0))
    found: dict[str, Recommendation] = {}
    for place, (charge, _, start) in enumerate(starts, 1):
        end = starts[place][1] if place < len(starts) else len(words)
        count = _one(words[start:end])
        if count is not None and count.penalty in _ORDER and count.form != "type_only":
            found[charge] = count
    return found


def _named(charge: re.Match[str]) -> str:
    return _BEFORE_NAME.split(charge["name"])[-1] or charge["name"]


def joined(counts: list[Recommendation]) -> Recommendation | None:
    """Several counts without a total: form and kind of the heaviest, no bounds; None if there are not several."""
    if len(counts) < 2:
        return None
    heaviest = min(counts, key=_weight)
    released = next((count for count in counts if count.probation != "none"), heaviest)
    fined = any(count.fine != "none" for count in counts)
    return Recommendation(
        content="given",
        form=heaviest.form,
        penalty=heaviest.penalty,
        probation=released.probation,
        fine="unspecified" if fined else "none",
    )


def _weight(count: Recommendation) -> tuple[int, int]:
    """Less for the heavier: the kind of penalty, then its upper bound or, without one, the lower."""
    return _ORDER.index(count.penalty or "surveillance"), -(count.max_months or count.min_months or 0)


def _severally(words: str) -> list[Recommendation]:
    """The penalties where those for several charges are listed: 犯甲罪、乙罪分别判处一年、六个月."""
    if _EACH_CHARGE.search(words):
        for number in (2, 3, 4):
            parts = [portion(words, part, number) for part in range(number)]
            if parts[0] != words:
                return [count for part in parts if (count := _one(part)) and count.max_months is not None]
    return []


def amend(found: Recommendation, words: str) -> None:
    """Add the probation or the fine that ``words`` name apart from the principal penalty (均可适用缓刑)."""
    if found.probation == "none":
        _probation(words, found)
    if found.fine in ("none", "unspecified"):
        _fine(words, found)


def _one(words: str) -> Recommendation | None:
    """One penalty with the probation and the fine that go with it."""
    statute = _STATUTE.search(words)
    proposal = words.find("建议")
    if statute and proposal > statute.start():
        words = words[proposal:]
    found = Recommendation(content="given", probation="none", fine="none")
    _probation(words, found)
    _fine(words, found)
    end = _PRINCIPAL_END.search(words)
    principal = words[: end.start()] if end else words
    if not re.search(KIND, principal) and not re.search(rf"{NUMBER}(?:年|个)", principal) and end:
        principal = words  # the fine or the probation is named first
    _principal(principal, found)
    if found.form is None and _EXEMPT.search(words):
        found.form, found.penalty = "type_only", "exempt"
    if found.form is None and found.fine != "none" and end and not re.search(KIND, words):
        found.form, found.penalty = ("fixed" if found.fine == "amount" else "type_only"), "fine_only"
    branch = _BRANCH.search(principal) or _BRANCH_IN_BRACKETS.search(words)
    if found.form is not None and found.max_months is not None and branch:
        found.form = "conditional"
    return found if found.form is not None else None


def _gravest(words: str, found: Recommendation) -> bool:
    """Whether life or death is proposed, alone or as the upper end of a choice."""
    choice = _OR_LIFE.search(words)
    lower = term(choice["term"] or choice["before"]) if choice else None
    if lower:  # 十五年有期徒刑或无期徒刑
        found.form, found.penalty = "range_cross", "imprisonment"
        found.min_months, found.min_days = lower
        return True
    if "无期徒刑以上" in words:
        found.form, found.penalty = "range_lower", "life"
        return True
    for pattern, gravest in _GRAVEST:
        if re.search(pattern, words):
            found.form, found.penalty = ("life" if gravest == "life" else "death"), gravest
            return True
    return False


def _principal(words: str, found: Recommendation) -> None:
    """Kind and bounds of the principal penalty."""
    if _gravest(words, found):
        return
    kinds: list[RecommendedPenalty] = []
    terms: list[Term] = []
    marks: set[str] = set()
    shared: int | None = None
    for match in _TOKEN.finditer(words):
        if match["kind"]:
            kinds.append(_PENALTY[match["kind"]])
        elif match["short"]:
            shared = number(match["short"])
        elif match["mark"]:
            marks.add(match["mark"])
        elif (length := term(match["term"])) and length.months <= _LONGEST:
            if shared is not None:  # 三至五年: the first bound borrows the unit of the second
                terms.append(Term(shared * 12 if "年" in match["term"] else shared))
                marks.add("至")
                shared = None
            terms.append(length)
    if not kinds and not terms:
        return
    named = [kind for kind in _ORDER if kind in kinds]
    found.penalty = kinds[0] if kinds else "imprisonment"
    if not terms:
        found.form, found.penalty = "type_only", named[0]
        return
    first, last = terms[0], terms[1] if len(terms) > 1 else terms[0]
    if len(terms) > 1 and marks - {"左右"}:
        found.form = "range"
        found.min_months, found.min_days = first
        found.max_months, found.max_days = last
    elif marks & {"以下", "以内"}:
        found.form = "range_upper"
        found.max_months, found.max_days = first
    elif marks & {"以上", "不低于", "不少于"}:
        found.form = "range_lower"
        found.min_months, found.min_days = first
    else:
        found.form = "approx" if "左右" in marks else "fixed"
        found.min_months, found.min_days = found.max_months, found.max_days = first
    if len(named) > 1 and found.form in ("range", "range_upper"):
        found.form, found.penalty = "range_cross", named[-1]


def _probation(words: str, found: Recommendation) -> None:
    for match in _PROBATION.finditer(words):
        before = words[: match.start()]
        if _NOT.search(before):
            continue
        if _IF.search(before[-24:]):
            found.probation = "conditional"
        else:
            found.probation = "may" if _MAY.search(before[-20:]) else "recommended"
        low = term(match["low"]) if match["low"] else None
        high = term(match["high"]) if match["high"] else low
        if low and high:
            found.probation_min_months, found.probation_max_months = low.months, high.months
        return


def _fine(words: str, found: Recommendation) -> None:
    words = _FINE_LAST.sub(r"处罚金\g<amount>", words)
    for match in _FINE.finditer(words):
        low = yuan(match["low"]) if match["low"] else None
        high = yuan(match["high"]) if match["high"] else None
        unit = _UNIT.search(match["high"]) if match["high"] else None
        if low is not None and low < 10 and unit and match["low"].isalnum():
            low *= number("一" + unit.group()) or 1
        if low is None:
            found.fine = "unspecified" if found.fine == "none" else found.fine
        elif high is not None and high > low:
            found.fine, found.fine_min, found.fine_max = "range", low, high
        elif match["mark"] == "以下":
            found.fine, found.fine_min, found.fine_max = "range", None, low
        else:
            found.fine, found.fine_min, found.fine_max = "amount", low, low
