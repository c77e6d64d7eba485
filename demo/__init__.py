"""Trying Fairlead on one machine: an identity provider of its own, demo people and data, and a tour.

Development only. Nothing in the service imports this package.
"""
