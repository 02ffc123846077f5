"""From records to what a study needs: derived variables, tables with their dictionary, measures, a report."""
