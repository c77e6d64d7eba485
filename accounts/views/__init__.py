"""The API's doors, one module per noun. Each view: validated input, one call, one serializer."""
