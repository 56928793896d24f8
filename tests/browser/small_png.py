"""Makes a screenshot small: a PNG of 256 colours; the browser chooses them, Python writes the file."""

import base64
import struct
import zlib

from playwright.sync_api import Page

REDUCE = """async (source) => {
  const image = new Image();
  image.src = source;
  await image.decode();
  const { width, height } = image;
  const context = Object.assign(document.createElement("canvas"), { width, height }).getContext("2d");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  const pixels = new Array(width * height);
  const counts = new Map();
  for (let at = 0; at < pixels.length; at++) {
    const colour = (data[4 * at] << 16) | (data[4 * at + 1] << 8) | data[4 * at + 2];
    pixels[at] = colour;
    counts.set(colour, (counts.get(colour) || 0) + 1);
  }
  const part = (colour, by) => (colour >> by) & 255;
  const far = (one, other) => [16, 8, 0].reduce((sum, by) => sum + (part(one, by) - part(other, by)) ** 2, 0);
  // A rare colour that is unlike all others must stay, as a small green tick on a grey page.
  const left = [...counts].map(([colour, count]) => ({ colour, weight: Math.sqrt(count), gap: Infinity }));
  const palette = [];
  while (palette.length < Math.min(256, left.length)) {
    const next = left.reduce((best, each) => (each.weight * each.gap > best.weight * best.gap ? each : best));
    palette.push(next.colour);
    for (const each of left) each.gap = Math.min(each.gap, far(each.colour, next.colour));
  }
  const places = new Map(palette.map((colour, index) => [colour, index]));
  const nearest = (colour) =>
    palette.reduce((best, each, at) => (far(each, colour) < far(palette[best], colour) ? at : best), 0);
  let text = "";
  for (const colour of pixels) {
    if (!places.has(colour)) places.set(colour, nearest(colour));
    text += String.fromCharCode(places.get(colour));
  }
  return { width, height, palette, pixels: btoa(text) };
}"""


def small_png(page: Page, png: bytes) -> bytes:
    """Return the picture with at most 256 colours; ``page`` is a blank page to work in."""
    reduced = page.evaluate(REDUCE, f"data:image/png;base64,{base64.b64encode(png).decode()}")
    width, height = reduced["width"], reduced["height"]
    pixels = base64.b64decode(reduced["pixels"])
    rows = b"".join(b"\0" + pixels[at : at + width] for at in range(0, len(pixels), width))
    palette = b"".join(colour.to_bytes(3, "big") for colour in reduced["palette"])
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = ((b"IHDR", header), (b"PLTE", palette), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    """Return one part of a PNG file: its length, name, data and checksum."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
