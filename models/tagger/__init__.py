"""The tagger: finds passages by a trained model, through the same interface as a rule."""
