"""The pages people see, one module per noun. Each works without JavaScript; each says what happened and what to do
next."""
