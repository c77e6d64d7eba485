"""The people of the project: Django's own users, one word added to the default."""

from oidc_login import people


class People(people.People):
    local_addresses_proven = False
