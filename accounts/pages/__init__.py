"""The pages people see. Each works without JavaScript; each says what happened and what to do next."""

from accounts.pages.sign_in import RegisterPage, SignInPage, sign_out

__all__ = ["RegisterPage", "SignInPage", "sign_out"]
