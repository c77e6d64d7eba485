"""A project that forgot the addresses of fairlead.web."""

urlpatterns: list[object] = []
