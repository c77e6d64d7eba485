"""What those calls take and answer, and what the OpenAPI document says about them."""
