"""Parts of the workshop page: prepare a workshop, project it, decide on its ideas, close it."""
