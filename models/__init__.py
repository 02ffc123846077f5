"""Words, entities and taggers over the record: what other tools for language take from a judgment.

``tokens`` cuts a text into words by jieba and the law's dictionary, ``entities`` marks passages, ``spacy_pipe`` offers
both as a component of spaCy, ``spacy_tagger`` a trained tagger. Only these two, and what is written for spaCy's trainer,
need spaCy, and nothing here is needed to extract a record.
"""
