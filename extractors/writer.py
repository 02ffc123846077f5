"""Write what the readers found into the record: values, and for each the passage it was read from."""

from __future__ import annotations

from panjue.extractors.case import CaseFinding
from panjue.extractors.grounds import Grounds
from panjue.extractors.parties import Party
from panjue.extractors.plea import PleaFinding
from panjue.extractors.prosecution import Accusation
from panjue.extractors.recommendation import RecommendationFinding
from panjue.extractors.record import Counsel, Defendant, Evidence, Flag, Record
from panjue.extractors.sections import Span
from panjue.extractors.sentence import Finding
from panjue.extractors.view import View


class Writer:
    """Fills one record; spans of the view become spans of the text as obtained."""

    def __init__(self, view: View, record: Record) -> None:
        """Write into ``record`` what was read from ``view``."""
        self._view = view
        self._record = record

    def case(self, found: CaseFinding) -> None:
        """The case and where its fields stand."""
        self._record.case = found.case
        for name, (span, source) in found.spans.items():
            self._evidence(f"/case/{name}", span, source)

    def out_of_scope(self, reason: str) -> None:
        """Mark the document as one this record is not made for."""
        self._record.status = "out_of_scope"
        self._record.flags.append(Flag(code="out_of_scope", path="", message=reason))

    def defendants(
        self,
        parties: list[Party],
        *,
        prosecuted: list[Accusation],
        pleas: list[PleaFinding],
        recommendations: list[RecommendationFinding],
        sentences: list[Finding],
    ) -> None:
        """One defendant of the record for each party."""
        for index, party in enumerate(parties):
            path = f"/defendants/{index}"
            plea, recommendation, sentence = pleas[index], recommendations[index], sentences[index]
            accusation = prosecuted[index]
            defendant = Defendant(
                name=party.name,
                kind=party.kind,
                charges_prosecuted=accusation.charges,
                charges_convicted=sentence.convicted,
                plea=plea.plea,
                recommendation=recommendation.recommendation,
                sentence=sentence.sentence,
                counsel_at_signing=plea.counsel_at_signing,
            )
            self._record.defendants.append(defendant)
            self._evidence(f"{path}/name", party.span, "header.party")
            for span in accusation.spans:
                self._evidence(f"{path}/charges_prosecuted", span, accusation.rule)
            for span in sentence.charge_spans:
                self._evidence(f"{path}/charges_convicted", span, "disposition.charge")
            self._evidence(f"{path}/plea/status", plea.status_span, plea.rule)
            for span in plea.support:
                self._evidence(f"{path}/plea/status", span, plea.rule)
            self._evidence(
                f"{path}/plea/stage", plea.stage_span or (plea.status_span if plea.plea.stage else None), "plea.stage"
            )
            self._evidence(f"{path}/plea/recognizance", plea.signed_span, "plea.signed")
            self._evidence(f"{path}/recommendation", recommendation.span, "recommendation.content")
            for span in recommendation.support:
                if span != recommendation.span:
                    self._evidence(f"{path}/recommendation", span, "recommendation.version")
            self._evidence(f"{path}/recommendation/court_response", recommendation.response_span, "opinion.response")
            self._evidence(f"{path}/sentence/disposition", sentence.disposition_span, "disposition.outcome")
            for span in sentence.spans:
                self._evidence(f"{path}/sentence", span, "disposition.penalty")
            self._evidence(f"{path}/sentence/term_start", sentence.date_span, "disposition.dates")
            self._evidence(f"{path}/sentence/term_end", sentence.date_span, "disposition.dates")
            self._counsel(path, defendant, party, plea)

    def grounds(self, found: list[Grounds]) -> None:
        """What explains the sentences, as evidence of the values explained."""
        for index, grounds in enumerate(found):
            path = f"/defendants/{index}/sentence"
            self._evidence(f"{path}/term_end", grounds.custody, "disposition.custody")
            self._evidence(path, grounds.earlier, "disposition.earlier_sentence")
            self._evidence(path, grounds.recidivist, "opinion.recidivist")

    def stranger(self) -> None:
        """Mark that the disposition convicts somebody who is none of the defendants."""
        self._record.flags.append(Flag(code="unknown_defendant", path="/defendants", message=""))

    def _counsel(self, path: str, defendant: Defendant, party: Party, plea: PleaFinding) -> None:
        known: set[str | None] = set()
        for defender in party.defenders:
            if defender.name in known:
                continue
            known.add(defender.name)
            for span in (defender.span, *defender.support):
                self._evidence(f"{path}/counsel/{len(defendant.counsel)}", span, defender.source)
            defendant.counsel.append(Counsel(name=defender.name, kind=defender.kind))
        # who stands by at the signing for a defendant without defender does a duty lawyer's work
        helper = plea.duty_lawyer or (plea.witness if not party.defenders else None)
        if helper and not any(counsel.kind == "duty_lawyer" for counsel in defendant.counsel):
            name, span = helper
            if name is None or name not in known:
                self._evidence(f"{path}/counsel/{len(defendant.counsel)}", span, "plea.duty_lawyer")
                defendant.counsel.append(Counsel(name=name, kind="duty_lawyer"))
        if defendant.counsel_at_signing != "not_stated":
            self._evidence(f"{path}/counsel_at_signing", plea.signing_span, "plea.signing")

    def _evidence(self, path: str, span: Span | None, source: str) -> None:
        if span is None or span.end <= span.start:
            return
        start, end = self._view.original(span.start, span.end)
        # how sure it is can only be told when the record is whole: see panjue.extractors.confidence
        self._record.evidence.append(Evidence(path=path, start=start, end=end, source=f"rule:{source}"))
