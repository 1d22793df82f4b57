"""A picture brought down to what a screen needs, without what the camera wrote in it."""

import io
import uuid
import warnings

from PIL import Image, ImageOps

from data.errors import InputError
from data.french import NNBSP
from data.model import Photo
from data.validate import LARGEST_PHOTO

_SIDE = 1280
_MOST_PIXELS = 60_000_000
_QUALITIES = (82, 70, 55, 40)


def photo_of(content: bytes) -> Photo:
    """Return a JPEG of at most 1 280 pixels a side; place and date of the shot are dropped.

    Raises:
        InputError: not a picture, or one too large to open.
    """
    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(content)) as opened:
            warnings.simplefilter("error")
            if opened.width * opened.height > _MOST_PIXELS:
                raise InputError(
                    f"Cette photo est trop grande{NNBSP}: réduisez-la à moins de 60 mégapixels.",
                    field="Photo",
                )
            picture = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Warning) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(
            f"Ce fichier n’est pas une photo lisible{NNBSP}: envoyez un JPEG, PNG ou WebP.",
            field="Photo",
        ) from error
    picture.thumbnail((_SIDE, _SIDE))
    for quality in _QUALITIES:
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=quality, optimize=True)
        if out.tell() <= LARGEST_PHOTO:
            break
    return Photo(id=uuid.uuid4().hex, media_type="image/jpeg", content=out.getvalue())
