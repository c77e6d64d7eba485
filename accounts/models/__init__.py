"""The tables of people: who they are, where they are signed in, what was mailed to them, who may come in."""

from accounts.models.link import MailedLink
from accounts.models.policy import SignInPolicy
from accounts.models.session import RefreshToken, Session
from accounts.models.user import User, UserManager

__all__ = ["MailedLink", "RefreshToken", "Session", "SignInPolicy", "User", "UserManager"]
