"""`make tour`: the whole story over HTTP against the running service, told step by step. The exit status tells."""
