"""Forms given to others: templates of case returns with their dictionary, and vocabularies."""
