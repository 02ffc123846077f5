"""Whatever is within the law trips no self-check."""

from __future__ import annotations

import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from panjue.extractors.checks import flags
from panjue.extractors.quantities import last_day
from panjue.extractors.record import Case, Count, Defendant, Penalty, Record, Sentence

DATES = st.dates(min_value=datetime.date(2012, 1, 1), max_value=datetime.date(2022, 12, 31))
KINDS: list[tuple[Penalty, int, int]] = [("imprisonment", 6, 180), ("detention", 1, 6), ("surveillance", 3, 24)]


@st.composite
def sentences(draw: st.DrawFn) -> Sentence:
    """A sentence within the law: one to three counts, combined as article 69 says, now and then suspended."""
    charges = draw(
        st.lists(st.sampled_from(["盗窃罪", "诈骗罪", "抢劫罪", "寻衅滋事罪"]), min_size=1, max_size=3, unique=True)
    )
    penalty, low, high = draw(st.sampled_from(KINDS))
    counted = [
        Count(
            charge=charge,
            penalty=penalty,
            months=draw(st.integers(low, high)),
            fine=draw(st.integers(500, 10**6) if charge != "寻衅滋事罪" else st.none() | st.integers(500, 10**6)),
        )
        for charge in charges
    ]
    terms = [count.months or 0 for count in counted]
    total, most = sum(terms), {"imprisonment": 300 if sum(terms) >= 420 else 240, "detention": 12, "surveillance": 36}
    months = terms[0]
    if len(terms) > 1:
        months = draw(st.integers(max(terms) + 1, max(max(terms) + 1, min(total, most[penalty]))))
    fines = [count.fine for count in counted if count.fine is not None]
    sentence = Sentence(
        disposition="punished", counts=counted, penalty=penalty, months=months, fine=sum(fines) if fines else None
    )
    if penalty != "surveillance" and months <= (36 if penalty == "imprisonment" else 12) and draw(st.booleans()):
        shortest, longest = (12, 60) if penalty == "imprisonment" else (2, 12)
        sentence.probation_months = draw(st.integers(max(shortest, months), longest))
    else:
        sentence.term_start = draw(DATES).isoformat()
        sentence.term_end = last_day(sentence.term_start, months)
    return sentence


@settings(max_examples=200, deadline=None)
@given(st.lists(sentences(), min_size=1, max_size=3), DATES)
def test_lawful_records_trip_no_check(drawn: list[Sentence], judged: datetime.date) -> None:
    record = Record(
        doc_id="drawn",
        text_sha256="0" * 64,
        case=Case(
            case_number=f"（{judged.year}）云0199刑初7号",
            court="云州市临溪县人民法院",
            instance="first",
            procedure="ordinary",
            judgment_date=judged.isoformat(),
        ),
        defendants=[
            Defendant(
                name=name,
                charges_prosecuted=[count.charge for count in sentence.counts],
                charges_convicted=[count.charge for count in sentence.counts],
                sentence=sentence,
            )
            for name, sentence in zip(("柳青禾", "岑若谷", "桑远舟"), drawn, strict=False)
        ],
    )
    assert list(flags(record)) == []
