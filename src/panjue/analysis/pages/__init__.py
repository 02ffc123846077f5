"""Pages for people: self-contained, printable, opened from disk; whatever a record holds stays text."""
