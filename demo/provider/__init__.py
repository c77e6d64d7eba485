"""An OpenID provider on django-oauth-toolkit, for development and tests. Its issuer has a path: http://127.0.0.1:PORT/o.

A project of its own: own settings, database, cookies and secrets. It shares nothing with the service but the wire. It
signs anybody in who clicks on a name, so it listens on the loopback address only.
"""
