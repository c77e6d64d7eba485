"""What the OpenAPI document says about accounts: `sign_in` for who comes in, `account` for who is in."""
