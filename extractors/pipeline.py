"""The whole way from text to record, on one page."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import metadata

from panjue.extractors import lexicon
from panjue.extractors.case import read_case
from panjue.extractors.checks import check
from panjue.extractors.confidence import weigh
from panjue.extractors.counsel import assign_counsel
from panjue.extractors.grounds import find_stranger, read_grounds
from panjue.extractors.groups import Roster
from panjue.extractors.parties import read_parties
from panjue.extractors.plea import read_pleas
from panjue.extractors.prosecution import read_prosecuted
from panjue.extractors.recommendation import read_recommendations
from panjue.extractors.record import Record, Toolkit
from panjue.extractors.sections import Sections, cut
from panjue.extractors.sentence import read_sentences
from panjue.extractors.speakers import sentences
from panjue.extractors.view import View
from panjue.extractors.writer import Writer


def extract(text: str, doc_id: str | None = None, sections: Sections | None = None) -> Record:
    """Read one judgment.

    Args:
        text: the judgment as obtained; it is never edited, and offsets in the record count its code points.
        doc_id: the document's identifier; without one, ``sha256-`` and the start of the text's hash.
        sections: of the view of ``text``, where another reader found them; else the grammar cuts it.

    Returns:
        The record. A text that is no criminal judgment gives ``status`` out_of_scope, one that is cut off gives
        partial, each with a flag that says why.

    >>> record = extract("云州市临溪县人民法院 刑事判决书 （2019）浙0199刑初7号 公诉机关云州市临溪县人民检察院。 被告人柳青禾，男，"
    ...     "1990年1月2日出生。 云州市临溪县人民检察院指控被告人柳青禾犯盗窃罪，于2019年3月1日向本院提起公诉。现已审理终结。 "
    ...     "本院认为，被告人柳青禾自愿认罪认罚。判决如下： 被告人柳青禾犯盗窃罪，判处拘役三个月，并处罚金二千元。 审判员 甲 二〇一九年三月九日 书记员 乙")
    >>> record.defendants[0].sentence.penalty, record.defendants[0].sentence.months, record.defendants[0].plea.status
    ('detention', 3, 'applied')
    """
    view = View(text)
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    record = Record(doc_id=doc_id or f"sha256-{digest[:16]}", text_sha256=digest, toolkit=_toolkit())
    write = Writer(view, record)

    sections = sections or cut(view)
    case = read_case(view, sections)
    write.case(case)
    if case.out_of_scope:
        write.out_of_scope(case.out_of_scope)
        weigh(record)
        return record

    parties = read_parties(view, sections)
    assign_counsel(view, sections, parties)
    roster = Roster(parties)
    masked = roster.mask(view.text)
    body = sentences(masked, sections, roster)
    sentenced = read_sentences(masked, sections, roster, record.case.instance)
    convicted = [one.convicted for one in sentenced]
    prosecuted = read_prosecuted(masked, sections, roster, convicted)
    charges = [one.charges for one in prosecuted]
    write.defendants(
        parties,
        prosecuted=prosecuted,
        pleas=read_pleas(masked, sections, roster, record.case, body, charges, convicted),
        recommendations=read_recommendations(masked, sections, roster, record.case, body),
        sentences=sentenced,
    )
    write.grounds(read_grounds(masked, sections, roster, parties, sentenced))
    if find_stranger(masked, sections):
        write.stranger()
    check(record, sections)
    weigh(record)
    return record


@cache
def _toolkit() -> Toolkit:
    return Toolkit(version=metadata.version("panjue"), lexicons=lexicon.lexicon_version())
