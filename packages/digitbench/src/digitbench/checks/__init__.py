"""What must hold of a recording besides its answer; a check is a class in `registry.CHECKS`."""
