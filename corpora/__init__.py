"""From files to judgments: formats, encodings, markup, and the fields in which a text and its identifier stand."""
