"""`manage.py reencrypt`: writes every stored secret anew with the first encryption key, so that older keys can go."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fairlead.conf import source
from fairlead.credentials import reencryption


class Command(BaseCommand):
    help = "Encrypt every stored secret with the first encryption key. Then the others can be taken away."

    def handle(self, *args: Any, **options: Any) -> None:
        name, lost = source("ENCRYPTION_KEYS").name, 0
        for model, field in reencryption.columns():
            self.stdout.write(f"{model._meta.label}.{field.name}: ", ending="")
            self.stdout.flush()
            written = reencryption.write_anew(model, field)
            lost += len(written.lost)
            self.stdout.write(f"{written.anew} written anew, {written.current} current, {len(written.lost)} lost")
            for key in written.lost:
                self.stderr.write(f"  {model._meta.label} {key}: none of {name} decrypts it")
        if lost:
            raise CommandError(
                f"{lost} secrets cannot be decrypted. Put the key that they were written with back into {name} and run "
                "this again, or enter them anew in the admin."
            )
        self.stdout.write(self.style.SUCCESS(f"The first of {name} decrypts everything: the others can be taken away."))
