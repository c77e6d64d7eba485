"""How much may be uploaded at all: decided before the first byte is kept, for every form and parser alike."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

from accounts.avatars import MAX_BYTES

_LIMIT = MAX_BYTES + 64 * 1024


class BoundedUploadHandler(FileUploadHandler):
    """Stands first in FILE_UPLOAD_HANDLERS. A body without a Content-Length is empty to Django."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 - Django calls it so
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        if content_length > _LIMIT:
            raise RequestDataTooBig("The upload is larger than any picture that is taken.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
