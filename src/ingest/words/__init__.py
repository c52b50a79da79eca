"""Floor 0, the words: the nouns, the closed lists, the errors and the shapes of the tables."""
