"""Views of the host's own, behind our authentication classes. What they write is undone where they fail."""

from rest_framework.exceptions import NotFound
from rest_framework.response import Response
from rest_framework.views import APIView

from audit.models import Entry
from fairlead.orgs.authentication import ApiKeyAuthentication
from fairlead.orgs.permissions import InOrganization


class Keyed(APIView):
    """For whoever holds an API key of an organization."""

    authentication_classes = [ApiKeyAuthentication]
    permission_classes = [InOrganization]

    def get(self, request):
        return Response({"organization": str(request._request.organization.pk)})

    def post(self, request):
        Entry.objects.create(text="written before the view failed")
        raise NotFound
