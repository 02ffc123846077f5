"""Whether words deny: that there is a crime at all, or the conduct that is charged.

What denies the conduct depends on the charge: 没有卖过 denies the sale of drugs, 没有打过 an assault. The words that name
the conduct of a charge are listed here once; a denial is a negation of one of them by the defendant himself, of the
whole and not of a circumstance, an amount or one act of several.
"""

from __future__ import annotations

import re
from functools import lru_cache

#: parts of the names of charges, and the words for their conduct
_CONDUCT = (
    ("盗窃", "盗窃|偷|行窃|窃取"),
    ("抢", "抢"),
    ("诈骗|骗取|招摇撞骗", "诈骗|骗"),
    ("敲诈", "敲诈|勒索|索要|索取"),
    (
        "杀人|伤害|斗殴|寻衅|妨害公务|袭警|虐待",
        "殴打|动手|打(?=人|他|她|我|被害|自诉|警|过|着|到|伤|死|[，。；])|伤害|杀|砍|捅|刺|踢|斗殴|寻衅滋事|滋事",
    ),
    ("强奸|猥亵", "强奸|奸淫|猥亵|强行|强迫|性关系|性行为|摸"),
    ("卖淫|嫖", "强迫|组织|卖淫|介绍|容留|逼"),
    ("毒品", "贩卖|贩毒|卖|出售|运输|制造|制毒|走私|持有|交易"),
    ("吸毒", "容留"),
    ("受贿", "受贿|收受|收过|收取|收(?=[^，。；]{0,6}(?:钱|财物))"),
    ("行贿", "行贿|送(?=[^，。；]{0,8}(?:钱|财物|万|元))"),
    ("贪污|侵占", "贪污|侵占|侵吞|占为己有|据为己有|占有|套取|骗取"),
    ("挪用", "挪用"),
    ("枪支|弹药|爆炸物", "持有|购买|买卖|出售|贩卖|卖|制造|私藏|储存"),
    ("拘禁|绑架", "拘禁|绑架|限制|关押"),
    ("伐", "盗伐|滥伐|砍伐|采伐|砍"),
    ("赌", "赌场|赌博"),
    ("放火|失火", "放火|点火|纵火"),
    ("毁坏|破坏", "毁坏|破坏|打砸|砸"),
    ("传销", "传销|组织|领导"),
    ("采矿", "采矿|开采|采挖"),
    ("假药|劣药|伪劣|有毒|商品|假冒|食品|烟草", "销售|生产|制造|卖"),
    ("非法经营", "非法经营|经营|销售"),
    ("掩饰|隐瞒", "收购|收赃|销赃|窝藏|隐瞒"),
    ("伪造|变造", "伪造|变造"),
    ("虚开", "虚开"),
    ("串通投标", "串通|围标"),
    ("诬告|伪证", "诬告|诬陷|作伪证|作假证"),
    ("吸收公众|集资", "吸收|集资|骗"),
    ("黑社会", "黑社会"),
    ("肇事|危险驾驶", "肇事(?=车|司机|者|人)|驾驶|开车|撞(?=人|他|她|到|了|被害|过|[，。；]|$)"),
    ("拐卖|收买", "拐卖|收买|拐骗"),
    ("滥用职权|玩忽职守", "滥用职权|玩忽职守"),
    ("走私", "走私"),
    ("强迫交易", "强迫|威胁"),
    ("聚众", "聚众"),
    ("诽谤|侮辱", "诽谤|侮辱"),
    ("拒不执行", "拒不执行|隐匿|转移"),
    ("侵入住宅", "侵入|进入"),
    ("个人信息", "购买|出售|提供|获取"),
)
_BEARS = tuple((re.compile(charge), words) for charge, words in _CONDUCT)

#: he asks to be found not guilty; this stands even where the facts are granted
INNOCENT = re.compile(
    r"不认罪|拒不认罪|否认(?:犯罪|控罪)|(?<!宣告缓)无罪(?!过|推定)|(?:不(?:能|应当?)?(?:构成|成立)|构不成)(?:犯罪|[\u4e00-\u9fff、]{2,14}罪)|(?:属于?|系|是)自卫(?!过当)|属?(?:于|系|是)?正当防卫(?!明显超过|人|的?时间)|不应(?:当)?(?:被)?认定为[\u4e00-\u9fff、]{2,14}(?<!犯)罪|不(?:符合|具备)[^，。；]{2,14}罪的?(?:主[观体]|客[观体])?构成要件|(?<!元，)不应(?:当)?(?:被)?认定为?犯罪(?![\u4e00-\u9fff])|(?:自己|其|我)(?:的行为)?不(?:认为)?是犯罪(?=[，。；])|不认为(?:自己|其)?(?:的行为)?(?:是|构成)犯罪(?=[，。；])|没有任何罪|没有犯罪(?!故意|目的|动机|前科|记录)|没有犯[\u4e00-\u9fff、]{2,14}罪|"
    r"(?:不|无需|不应|不应当)(?:应|该|当)?(?:承担|负|追究|受)[^，。；]{0,6}刑事责任"
)
#: he did not know what made it a crime: that it was drugs, that it was stolen
UNAWARE = re.compile(
    r"(?P<conduct>(?:其|我|他|她|本人|自己|对此)(?:对此|对[^，。；]{2,12}?|并|也|均|完全|根本|都|事先)*不知情(?=[，。；]))|(?:不知道|不知情|不知悉|不知晓|不明知|不知(?!悔|所措))(?=[^，。；]{0,24}(?:毒品|赃|盗|偷|假|伪|变造|枪|犯罪|违法|诈骗|骗|赌|病死|农用地|精神病|十四|斗殴))"
)
_NOT = "(?:并?没有?|并?未|从未|不曾|未曾)"
_GENERAL = (
    r"否认(?:指控|公诉|起诉书|自己|其|有(?![0-9])|实施|参与)|没有(?:非法占有|诈骗|犯罪|杀人|伤害|贩卖|主观)[^，。；]{0,8}(?:目的|故意)|"
    r"(?:没有|并?未)与[^，。；]{1,12}(?:实施|参与)|没有(?:实施|指使)|(?<!直接)未实施|(?P<part>没有?参与|没有?参加(?!工作|过工作)|(?<!直接)(?<!基本)未参与(?!犯罪所得))|不是(?:我|他|其)(?:干|做|偷|打)的|(?:是|系|属)被(?:人|他人|告发人)?(?:陷害|诬告|诬陷|栽赃|冤枉)|拒不供认|均予以否认|不承认"
)
# he objects to the facts and to the charge
_OBJECTS = (
    r"对[^。；，]{0,30}(?:指控|起诉)[^。；，]{0,20}(?:事实(?:和|及|、|与|以及)(?:罪名|定性)|(?:罪名|定性)(?:和|及|、|与|以及)(?:犯罪)?事实)"
    "(?:均|都)?(?:(?<!没)有|(?<!未)提出了?|(?<!不)持有?)异议"
)
# the whole of what is charged
_WHOLE = (
    r"对[^。；，]{0,40}?(?:指控|起诉)(?:(?!第|部分|数额|金额|数量)[^。；，]){0,30}，?[^。；，]{0,12}?(?:予以否认|不予认可|不予供认|全部否认|均否认|均不认可|不承认)|"
    r"(?:(?:公诉机关|检察院|检察机关|起诉书|自诉人)(?:对[^，。；]{0,6})?的?指控|(?<=[，；：称])指控(?=其|的))(?:其[^。；]{0,40}?)?的?(?:犯罪)?(?:事实|罪名)?(?:和罪名|及罪名)?(?:均|都|全部|完全|并)?(?:不属实|不是事实|违背(?:客观)?事实|与(?:客观)?事实不(?:符|相符)|不存在|系捏造)"
)
_LOAN = r"(?:是|系|属于?)(?:正常的?|民间|普通)*(?:借款|借贷)(?:关系|纠纷)?(?=[，。；并])"
_CONSENT = r"性(?:关系|行为)[^，。；]{0,6}(?:她|其|对方|被害人)?[^，。；]{0,3}(?:是|系)自愿|(?<!不)(?:自愿|同意|愿意|主动)[^，。；不]{0,12}(?:发生)?的?性(?:关系|行为)"
# what the clause says besides is a circumstance, one act of several, or a share in the whole
_CIRCUMSTANCE = re.compile(
    r"第[一二三四五六七八九十0-9]|[0-9一二三四五六七八九十两]+(?:起|次|笔|宗|节|元|万|克|刀|部|辆|箱|名)|部分|其[他它余]|另外?|那么|这么|全部|直接|背部?|头部?|[手腿]部|脸|部位|要害|持[刀枪械]|用刀|"
    r"工具|凶器|[预策谋]划|预谋|商量|合谋|共谋|分赃|分红|分得|获利|管理|具体|主动|积极|多次|纠集|继续|全程|一直|开庭|首先|先动手|先打|前期|后期|当场|打算|现场|想|提供|[用追再]|几[下次]|公安|警方|侦查|造成|制造出|被打|挨打|[0-9]月[0-9]"
)
# in the sentence around: one act of several is denied, or a share in the whole; or he pleads for a lighter sentence
_NO_HEARING = "(?!(?:有罪)?(?:供述|讯问|笔录|开庭|庭审))"
_PART = rf"第[一二三四五六七八九十0-9、]+[起笔次节宗项]{_NO_HEARING}|只[收拿打偷卖参贩有]|部分|从犯|次要|作用|从轻|减轻|[轻过畸偏]重|认罪|自首|坦白|供认|数额|数量"
_OTHER_ACTS = "其[他它余]的?(?:[几数]?[起笔次节宗]|犯罪|事实|指控|没有|工作|事)"
_OTHERS_NEXT = re.compile(f"[^，。；]{{0,14}}?{_OTHER_ACTS}")
_PARTLY = re.compile(rf"{_PART}|{_OTHER_ACTS}|其[他它余](?:人|被告|[，。；、是均都])")
# the same where only taking part is denied: others' deeds he may speak of
_SHARE = re.compile(rf"{_PART}|{_OTHER_ACTS}|环节|管理|分红")
_ACT = re.compile(f"(?:第|其[他它余])[一二三四五六七八九十0-9、]+[起笔次节宗项桩单]{_NO_HEARING}|该[起笔次宗]")
# the defendant's words, not those of the evidence
_TOLD = re.compile("辩称|辩解|自辩|否认|提出|上诉|申诉|所提|表示|异议")
_EVIDENCE = re.compile("证实|证明|(?<!有罪)供述(?!.{0,4}辩解)|证言|经查|查明")
# said of the deed or of the other, not of himself
_CONSENTED = re.compile(_CONSENT)
_STATES = re.compile(f"{_CONSENT}|{_LOAN}")
_OTHER_CHARGE = "(?:非法|职务|侵占|挪用|抢夺|盗窃|诈骗|赌博|寻衅|伤害|容留|持有|代购|猥亵|失火|过失|罪)"
_RELABELLED = re.compile(rf"[^。；]{{0,30}}?(?:而是|应|[只仅]是|构成|涉嫌)[^。；，]{{0,10}}{_OTHER_CHARGE}")
_RELABELLED_BY = re.compile(rf"(?:而是|应(?:当)?(?:[是为属以]|构成)|[只仅](?:是|构成))[^。；，]{{0,10}}{_OTHER_CHARGE}")
_CALLED = re.compile(rf"(?:属于|应属|应[为是系])[^，。；]{{0,6}}{_OTHER_CHARGE}[^，。；]{{0,4}}，[^，。；]{{0,4}}$")
_LABELLED = re.compile(
    rf"(?:[是属]|构成)[^，。；]{{0,6}}{_OTHER_CHARGE}，[^，。；]{{0,4}}$|吸食[^，。；]{{0,4}}，[^，。；]{{0,4}}$"
)
_OWN_SUBJECT = re.compile(
    r"(?:[（(]?[0-9一二三四五六七八九十][、.）)])?(?:但|且|而|并且|因为|故|认为)?(?:其|我|他|她|自己|本人|二人|三人|均|都|们|等|人|也|亦|并|从来|从|根本|确实|当时|主观上|客观上|案发|当[天日晚]|在本案中|[二两三四五六七八九十]人|的?行为|只是|又|更|就|实际|被告|上诉|[\ue000-\uefff]\uf000*)*"
)
_STOP = re.compile("[，。；：、]")
_SAYS = re.compile(r"(?:意见|理由)[是为]|辩称|辩解|自辩|当庭称|上诉称|提出|认为|表示|坚称|否认|供称|称|[：，；。“]")


@lru_cache(maxsize=256)
def disputing(charges: tuple[str, ...]) -> re.Pattern[str]:
    """What denies the conduct of ``charges``; what matches as ``conduct`` may still be about a part of it."""
    names = "、".join(charges)
    named = [part for part in re.split("、|罪", names.replace("非法", "").replace("故意", "")) if len(part) > 1]
    words = "|".join([*map(re.escape, named), *(words for bears, words in _BEARS if bears.search(names))])
    conduct = [_negated(words)] if words else []
    if "强奸" in names:
        conduct.append(_CONSENT)
    if re.search("受贿|诈骗|挪用|侵占|敲诈|集资", names):
        conduct.append(_LOAN)
    return re.compile(f"{_WHOLE}|(?P<objects>{_OBJECTS})|{_GENERAL}|(?P<conduct>{'|'.join(conduct) or '(?!)'})")


def _negated(words: str) -> str:
    return rf"(?:{_NOT}|否认(?:有过?|曾)?)[^，。；：、]{{0,14}}?(?:{words})(?!罪)|(?:不是|并非|不属于?)(?:在|去|为了?|是|[其我他她]所?|自己所?)?(?:{words})(?!罪)|不存在[^，。；：、]{{0,10}}?(?:{words})(?!罪)"


def of_one_act(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether what is denied is one act of several (对第二起事实，其没有参与), as said up to there in this part of the sentence."""
    part = max(text.rfind("；", start, match.start()) + 1, start)
    if match.group().endswith("犯罪"):
        # 否认其他事实，并认为其不构成犯罪: what he then says is of the whole
        part = max(text.rfind("认为", part, match.start()), part)
    stop = _STOP.search(text, match.end(), match.end() + 6)
    return _ACT.search(text, part, stop.start() if stop else match.end() + 6) is not None


def in_part(text: str, start: int, end: int, match: re.Match[str]) -> bool:
    """Whether a denial in the sentence given is of a share in the deed, or of one act; counsel's words aside."""
    return (
        _OTHERS_NEXT.match(text, match.end()) is not None
        or _SHARE.search(text, start, _his_words(text, start, end)) is not None
    )


def relabelled(text: str, start: int, end: int) -> bool:
    """Whether he calls the deed by another charge in the sentence given; counsel's words aside."""
    return _RELABELLED_BY.search(text, start, _his_words(text, start, end)) is not None


def called_otherwise(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether he has just called the deed by another charge: 其行为属于侵占，不构成盗窃罪."""
    return _CALLED.search(text, start, match.start()) is not None


def _his_words(text: str, start: int, end: int) -> int:
    counsel = text.find("辩护人", start, end)
    return counsel if counsel >= 0 else end


def of_the_whole(text: str, start: int, end: int, match: re.Match[str]) -> bool:
    """Whether he denies, in the sentence given, the whole of his own conduct: no circumstance, no amount, no label."""
    said = max((found.end() for found in _SAYS.finditer(text, start, match.start())), default=start)
    stop = _STOP.search(text, match.end(), end)
    return (
        (_STATES.match(text, match.start()) or _OWN_SUBJECT.fullmatch(text, said, match.start())) is not None
        and (
            _CONSENTED.match(text, match.start()) is not None
            or not _CIRCUMSTANCE.search(text, said, stop.start() if stop else end)
        )
        and not _PARTLY.search(text, start, _his_words(text, match.end(), end))
        and _TOLD.search(text, start, match.end()) is not None
        and not _EVIDENCE.search(text, start, match.start())
        and not _RELABELLED.match(text, match.end(), end)
        and not _LABELLED.search(text, start, match.start())
    )
