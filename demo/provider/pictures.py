"""A portrait for each person who has one: drawn, never stored."""

import io
import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from PIL import Image, ImageDraw

from demo.provider.models import Person

SIDE = 320


def picture(request: HttpRequest, subject: uuid.UUID) -> HttpResponse:
    person = get_object_or_404(Person, pk=subject, has_picture=True)
    response = HttpResponse(draw(person.pk), content_type="image/png")
    response["Cache-Control"] = "public, max-age=300"
    return response


def draw(subject: uuid.UUID) -> bytes:
    """Head and shoulders on a ground whose colour follows from the subject."""
    hue = subject.int % 360
    image = Image.new("HSV", (SIDE, SIDE), (hue * 255 // 360, 90, 225)).convert("RGB")
    pen = ImageDraw.Draw(image)
    dark = Image.new("HSV", (1, 1), (hue * 255 // 360, 170, 110)).convert("RGB").getpixel((0, 0))
    pen.ellipse((SIDE * 0.33, SIDE * 0.2, SIDE * 0.67, SIDE * 0.54), fill=dark)
    pen.ellipse((SIDE * 0.18, SIDE * 0.6, SIDE * 0.82, SIDE * 1.3), fill=dark)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
