"""Use cases of procurement, one module per thing done."""
