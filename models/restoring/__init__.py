"""Characters that a scan or a typist got wrong, put right before the grammar reads: the text keeps its length."""
