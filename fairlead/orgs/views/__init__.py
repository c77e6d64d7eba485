"""The organization API's calls about the organization itself: its members, invitations and keys, and its record."""
