"""Records compared with gold.

``records`` reads them, ``fields`` says what is compared, ``score`` compares and counts; ``passages`` finds the words
a value rests on, ``display`` prints for people, ``confidence`` asks how far a confidence can be trusted. ``command``
is ``panjue eval``, ``gate`` is ``panjue gate`` with its pinned ``floors.json``. ``comparison`` sets several readers side
by side (``panjue compare-readers``), ``baselines`` are public ones.
"""
