"""Sentences of a judgment and who speaks in them: the court, the prosecution, the defendant or counsel.

What a phrase is worth depends on the speaker: counsel's plea for leniency, the prosecution's recommendation and the
court's finding are said in the same words.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from panjue.extractors.groups import Roster
from panjue.extractors.sections import Sections, Span

Speaker = Literal["court", "prosecution", "defendant", "counsel", "other"]

_STOP = re.compile("。")
_COUNSEL = re.compile(r"辩护人|辩护律师|辩护意见|辩护观点|其辩护")
_PROSECUTION = re.compile(r"公诉机关|检察院|检察机关|公诉人|起诉书|该院(?:认为|建议)|检察员")
_DEFENDANT = re.compile(r"(?:被告人|上诉人|被告单位)[^，。]{0,40}?(?:辩称|辩解|提出|表示|对[^。]{0,40}?异议|认为|承认|称[，：:]|请求|上诉|自辩)")
_OTHER = re.compile(r"(?:诉讼代理人|被害人|附带民事诉讼原告人|司法局|社区矫正)[^，。]{0,20}(?:提出|认为|建议|请求|称)")


class Sentence(NamedTuple):
    """A sentence of the body, its section, its speaker and the defendants it speaks of."""

    span: Span
    section: str
    speaker: Speaker
    who: tuple[int, ...]


def sentences(text: str, sections: Sections, roster: Roster) -> list[Sentence]:
    """The sentences between the parties and the disposition."""
    found: list[Sentence] = []
    who: tuple[int, ...] = ()
    speaker: Speaker = "court"
    for section in ("procedure", "prosecution", "defence", "findings", "opinion"):
        area: Span = getattr(sections, section)
        position = area.start
        speaker = {"prosecution": "prosecution", "defence": "defendant"}.get(section, "court")  # type: ignore[assignment]
        while position < area.end:
            stop = _STOP.search(text, position, area.end)
            end = stop.end() if stop else area.end
            speaker = _speaker(text, position, end, section, speaker)
            named = roster.mentioned(text, position, end)
            who = named or who
            found.append(Sentence(Span(position, end), section, speaker, who or (roster.everyone if len(roster) == 1 else ())))
            position = end
    return found


def _speaker(text: str, start: int, end: int, section: str, before: Speaker) -> Speaker:
    marks: list[tuple[int, Speaker]] = []
    head = min(end, start + 60)
    for pattern, speaker in ((_COUNSEL, "counsel"), (_PROSECUTION, "prosecution"), (_DEFENDANT, "defendant"), (_OTHER, "other")):
        match = pattern.search(text, start, head)
        if match:
            marks.append((match.start(), speaker))  # type: ignore[arg-type]
    if section == "opinion":
        # the court reports what the sides say, and answers; it remains the speaker
        return "court"
    if section == "procedure" or not marks:
        return before if section != "procedure" else "court"
    return min(marks)[1]
