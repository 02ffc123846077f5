"""Public reference points: what a judgment gives to somebody who has no panjue.

They are not ours to win with, and not improved by looking at gold's texts. ``regex`` is what a careful person writes in
half an hour, ``cutword`` puts the names that a public model for named entities finds in the place of its. Both give
records without evidence, which ``panjue eval`` and ``panjue compare-readers`` score by the same rules, on the same
judgments, as any others.

    python -m panjue.eval.baselines regex TEXTS.jsonl -o regex.jsonl
    python -m panjue.eval.baselines cutword TEXTS.jsonl -o cutword.jsonl
"""
