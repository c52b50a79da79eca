"""The Prefect flows: thin; remove the decorators and the code still works."""
