"""A single-page app in plain JavaScript, on an origin of its own: the smallest front end that does everything right."""
