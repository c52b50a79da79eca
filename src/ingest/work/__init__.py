"""Floor 3, the work: the stages that move articles from the world to the published warehouse."""
