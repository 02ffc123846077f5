"""What the judgment leaves standing for each defendant: the sentence assembled from the disposition.

On appeal and retrial the disposition may confirm, change or annul an earlier one, which the document quotes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from panjue.extractors import charges
from panjue.extractors.disposition import walk
from panjue.extractors.groups import NAME, Roster
from panjue.extractors.punishment import Punishment, Verdict, severity
from panjue.extractors.record import Count, Disposition, Instance, Sentence
from panjue.extractors.sections import Sections, Span

_DISMISSED = re.compile(
    r"驳回(?:[^，。；]{0,60})?(?:上诉|抗诉|申诉)|维持原[判裁]|(?:准许|准予)[^。；]{0,60}撤回(?:上诉|抗诉)|全案维持|维持[^。；]{2,60}(?:刑事)?(?:判决|裁定)。"
)
_REMANDED = re.compile(r"发回[^。；]{0,30}(?:重新审|重审)|由[^。；]{2,30}法院(?:重新审判|再审)|指令[^。；]{2,30}法院")
_TERMINATED = re.compile(
    r"终止审理|(?:准许|准予)[^。；]{0,40}撤回(?:起诉|自诉|对)|(?:准许|准予)[^。；]{0,40}撤诉|按撤诉处理|驳回[^。；]{0,30}(?:起诉|自诉|反诉)|本案终止|撤回(?:自诉|起诉)"
)
_KEPT_FINE = re.compile(r"维持[^。；]{0,120}(?:罚金|附加刑|财产刑)")


@dataclass(slots=True)
class Finding:
    """A sentence and the passages it was read from."""

    sentence: Sentence = field(default_factory=Sentence)
    convicted: list[str] = field(default_factory=list)
    disposition_span: Span | None = None
    charge_spans: list[Span] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    date_span: Span | None = None


def read_sentences(text: str, sections: Sections, roster: Roster, instance: Instance | None) -> list[Finding]:
    """One finding for each defendant, in the order of the roster."""
    area = sections.disposition
    if area.end <= area.start:
        return [Finding() for _ in roster.parties]
    own = walk(text, area, roster)
    for verdict in own:
        verdict.counts = _tried(verdict, text[sections.procedure.start : area.start])
    words = text[area.start : area.end]
    remanded, terminated = _REMANDED.search(words), _TERMINATED.search(words)
    dismissed = _DISMISSED.search(words)
    later = instance in ("second", "retrial", "death_review", "modification", "other")
    changed = any(verdict.said for verdict in own)
    # what an appeal does not touch stands as the first instance decided it
    stands = dismissed or re.search("维持|核准|撤销" if changed else "维持|核准", words)
    quoted = _quoted(text, sections, roster) if later and stands and not remanded else None
    findings = []
    for index, verdict in enumerate(own):
        earlier = quoted[index] if quoted else None
        if later and earlier is not None and _named_only(verdict) and earlier.said and not _named_only(earlier):
            # 维持…对甲犯盗窃罪的定罪量刑部分: the new disposition only names the charge
            findings.append(_confirmed(earlier, area, stands, punished=True))
        elif verdict.said:
            merged = _with_kept_fine(verdict, earlier, words) if earlier and _KEPT_FINE.search(words) else verdict
            findings.append(_assemble(merged))
        elif later and remanded:
            findings.append(_plain("remanded", area, remanded))
        elif terminated:
            findings.append(_plain("terminated", area, terminated))
        elif earlier is not None and earlier.said:
            findings.append(
                _confirmed(earlier, area, stands, punished=changed or dismissed is None or instance != "second")
            )
        elif remanded:
            findings.append(_plain("remanded", area, remanded))
        elif later and dismissed and not changed:
            findings.append(_plain("appeal_dismissed", area, dismissed))  # the sentence is not told
        else:
            findings.append(Finding())
    return findings


def _named_only(verdict: Verdict) -> bool:
    """Whether the words give a charge and nothing for it."""
    given = [*verdict.counts, verdict.combined]
    return (
        bool(verdict.counts)
        and not (verdict.acquitted or verdict.not_responsible)
        and not any(one and (one.penalty != "none" or one.fine is not None or one.exempt) for one in given)
    )


def _tried(verdict: Verdict, before: str) -> list[Punishment]:
    """The counts tried here: an earlier conviction that is combined with them is named only as one (曾因犯…罪)."""
    if verdict.combined is None or len(verdict.counts) < 2:
        return verdict.counts
    tried = [
        count
        for count in verdict.counts
        if count.charge is None
        or not charges.known(count.charge)
        or any(
            not _EARLIER.search(before, max(0, match.start() - 16), match.start())
            for match in re.finditer(re.escape(count.charge[:-1]), before)
        )
    ]
    return tried or verdict.counts


_EARLIER = re.compile("(?:曾|因|原|前|被告人所)[^，。；]*犯[^，。；]*$")


def _confirmed(earlier: Verdict, area: Span, stands: re.Match[str] | None, *, punished: bool) -> Finding:
    """The earlier sentence, which this document leaves as it is; its dates are not those of this document."""
    finding = _assemble(earlier)
    if not punished:
        finding.sentence.disposition = "appeal_dismissed"
    if stands:
        finding.disposition_span = Span(area.start + stands.start(), area.start + stands.end())
    finding.sentence.term_start = finding.sentence.term_end = None
    finding.date_span = None
    return finding


def _plain(disposition: Disposition, area: Span, match: re.Match[str]) -> Finding:
    span = Span(area.start + match.start(), area.start + match.end())
    return Finding(Sentence(disposition=disposition), disposition_span=span)


_QUOTED = re.compile(
    rf"{NAME}[^。；]{{0,6}}?犯(?!罪)[^，。；]{{2,40}}罪，?[^。；]{{0,30}}?(?:判处|免[予于]|单处|处)|以[^，。；]{{2,40}}罪[^。；]{{0,40}}?(?:判处|免[予于])|判处(?:原审|被告人|上诉人)*{NAME}"
)
_SENT_BACK = re.compile("发回[^，。；]{0,20}(?:重审|重新审[判理])(?=[。；，])")
_QUOTE_END = re.compile(
    rf"宣判后|(?:上诉人|原审被告人|辩护人|抗诉机关|检察院|{NAME})[^。，]{{0,40}}(?:上诉(?:称|提出|理由)|抗诉(?:称|提出)|辩护(?:意见|提出))|不服[，。]|提出上诉|经(?:本院)?(?:二审)?审理查明|经复核"
)


def _quoted(text: str, sections: Sections, roster: Roster) -> list[Verdict] | None:
    """The earlier disposition as this document tells it before its own opinion.

    Earlier convictions and the sentences of accomplices are told in the same words; the passage taken is the first
    that decides about most of the defendants.
    """
    best: list[Verdict] | None = None
    position, told = sections.header.end, 0
    for back in _SENT_BACK.finditer(text, position, sections.opinion.start):
        if _QUOTED.search(text, back.end(), sections.opinion.start):
            position = back.end()  # what was decided before was annulled
    while told < len(roster):
        first = _QUOTED.search(text, position, sections.opinion.start)
        if first is None:
            break
        # from the opening of the sentence, so that the name before 犯 is seen
        start = max(sections.header.end, position, first.start() - 60)
        limit = min(sections.opinion.start, first.start() + 400 + 260 * len(roster))
        stop = _QUOTE_END.search(text, first.end(), limit)
        position = stop.end() if stop else limit
        verdicts = walk(text, Span(start, stop.start() if stop else limit), roster)
        said = sum(verdict.said for verdict in verdicts)
        if said > told:
            best, told = verdicts, said
    return best


def _with_kept_fine(verdict: Verdict, earlier: Verdict, words: str) -> Verdict:
    for count in verdict.counts:
        old = next((c for c in earlier.counts if c.charge == count.charge), None)
        revoked = count.charge and re.search(rf"撤销[^；]*犯{count.charge}[^；，]*(?:罚金|附加刑|财产刑)", words)
        if old and count.fine is None and not revoked:
            count.fine = old.fine
    return verdict


def _assemble(verdict: Verdict) -> Finding:
    finding = Finding(charge_spans=verdict.charge_spans, spans=verdict.spans, date_span=verdict.date_span)
    sentence = finding.sentence
    if verdict.not_responsible and not verdict.counts:
        sentence.disposition, finding.disposition_span = "not_responsible", verdict.not_responsible
        return finding
    if verdict.acquitted and not any(c.penalty != "none" or c.fine for c in verdict.counts):
        sentence.disposition, finding.disposition_span = "acquitted", verdict.acquitted
        return finding
    if not verdict.counts and verdict.combined is None:
        return finding
    sentence.counts = [
        Count(
            charge=count.charge or "",
            penalty=count.penalty,
            months=count.term.months if count.term else None,
            days=count.term.days if count.term else 0,
            fine=count.fine,
        )
        for count in verdict.counts
    ]
    finding.convicted = [count.charge for count in verdict.counts if count.charge]
    finding.disposition_span = verdict.spans[0] if verdict.spans else None
    final = _final(verdict)
    sentence.disposition = "exempt" if _only_exempt(verdict) else "punished"
    sentence.penalty = final.penalty
    if final.term is not None:
        sentence.months, sentence.days = final.term
    sentence.probation_months = final.probation.months if final.probation else None
    sentence.fine = final.fine
    sentence.confiscation = final.confiscation
    sentence.political_rights_months = final.rights
    sentence.term_start, sentence.term_end = verdict.start, verdict.end
    return finding


def _only_exempt(verdict: Verdict) -> bool:
    punished = any(c.penalty != "none" or c.fine is not None for c in [*verdict.counts, verdict.combined] if c)
    return not punished and any(c.exempt for c in [*verdict.counts, verdict.combined] if c)


def _final(verdict: Verdict) -> Punishment:
    """The penalties to be served: those after 决定执行, completed by what the counts alone say."""
    counts, combined = verdict.counts, verdict.combined
    fines = [count.fine for count in counts if count.fine is not None]
    total = sum(fines) if fines else None
    if combined is None or (combined.penalty == "none" and combined.fine is None):
        if not counts:
            return combined or Punishment()
        heaviest = max(counts, key=lambda c: (severity(c.penalty), c.term or (0, 0)))
        final = Punishment(penalty=heaviest.penalty, term=heaviest.term, fine=total)
        sources = counts
    else:
        final = Punishment(penalty=combined.penalty, term=combined.term, fine=combined.fine)
        if combined.penalty == "none" and counts:
            heaviest = max(counts, key=lambda c: (severity(c.penalty), c.term or (0, 0)))
            final.penalty, final.term = heaviest.penalty, heaviest.term
        if combined.fine is None and combined.confiscation != "all":
            final.fine = total
        sources = [combined, *counts]
    final.probation = next((c.probation for c in sources if c.probation), None)
    final.confiscation = (
        "all"
        if any(c.confiscation == "all" for c in sources)
        else next((c.confiscation for c in sources if c.confiscation != "none"), "none")
    )
    rights = [c.rights for c in sources if c.rights is not None]
    final.rights = "life" if "life" in rights else rights[0] if rights else None
    if final.penalty in ("life", "death", "death_reprieve"):
        final.term = None
    return final
