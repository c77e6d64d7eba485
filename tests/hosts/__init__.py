"""Projects that are not ours, with Fairlead installed from its wheels into environments of their own."""
