"""Records exchanged with the annotation tools that exist: one module for each format, all over one shape."""
