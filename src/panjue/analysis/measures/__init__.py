"""The measures of the field over the tables: what each is, and how it is counted, bounded, corrected and compared."""
