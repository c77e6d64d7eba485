"""The outbox in the admin: which mails wait or were given up, and why. What a mail says is nobody's to read there.

The Health page has its address here.
"""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path

from fairlead.read_only_rows import ReadOnlyRows
from fairlead.web.health import page
from fairlead.web.models import OutgoingMail


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ReadOnlyRows, admin.ModelAdmin):
    list_display = ["created_at", "kind", "state", "tries", "cause", "next_try_at", "ended_at"]
    list_filter = ["state", "kind"]
    fields = ["kind", "state", "created_at", "tries", "cause", "next_try_at", "give_up_at", "ended_at"]
    show_full_result_count = False

    def get_urls(self) -> list[URLPattern]:
        # Before the rows' own paths: `health` would be a primary key there.
        return [path("health/", self.admin_site.admin_view(page.show), name="fairlead_health"), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[OutgoingMail]:
        # One that cannot be decrypted is to be seen here too.
        return super().get_queryset(request).defer("message")
