"""Code names: two words from two lists of 256, the only name of a case in lists, notices and file names.

The lists are our own: colours, materials, patterns, weather and places; household things, plants, tools and
instruments.  Nothing in them names a person, a body, food or drink that serves as an insult, or a feeling, so that
no pair can mock anybody; no word is the beginning of another or one letter away from it, so that a misheard or
mistyped name is noticed.  Which case gets which name is drawn elsewhere: this module only counts and spells.
"""

from __future__ import annotations

import re
from typing import Final

from policies.errors import WrongUsage


def _listed(words: str) -> tuple[str, ...]:
    return tuple(words.split())


ADJECTIVES: Final[tuple[str, ...]] = _listed(
    """
    acoustic acrylic aerial agate alpine amber angular annual antique apricot aquatic arched arctic atomic
    autumnal azure bamboo basalt beaded beige boreal botanic braided brass breezy brisk bronze brushed bubbling
    burnished calico canvas carved cedar ceramic cerulean charcoal chiffon chiming chrome cinnamon circular
    citrus classic coastal cobalt cobbled coiled compact concrete conical copper corduroy cork cosmic cotton
    crimson cubic curled cyan dappled denim domed dotted double drifting drizzly earthen elastic electric
    embossed emerald enamel engraved etched evening feathery felt flannel floating floral fluted foggy folded
    fresh fringed frosted gabled garnet gilded glazed gleaming glittering glowing golden gossamer granite grassy
    grooved gusty herbal hexagonal hillside hovering humming indigo indoor knitted lacquered lakeside lavender
    layered leafy lilac limestone linen lofty lowland luminous lunar magenta maple marble matte mauve mellow
    melodic midday minty modular mohair moonlit morning mosaic mossy musical muslin nautical neon nested nickel
    nimble nylon oaken obsidian oceanic ochre octagonal onyx opaline orbital outdoor oval overcast painted
    panoramic paper pastel patterned paved pewter plaid platinum pleated plywood polished porcelain portable
    powdery purple quartz radiant raffia rainy rattan ringing rippling riverside riveted rolling rooftop rounded
    ruffled rugged russet rustic rustling sandstone sapphire satin seaside seasonal sepia serene sheltered
    shimmering silken silver slate sliding smooth snowy solar spacious speckled spiral spotted starlit starry
    steady steel stellar stitched striped sturdy suede sunlit tapered tartan teak temperate terracotta thatched
    thundery tidal tidy tiled timber titanium topaz tranquil translucent triple tropical turquoise tweed
    twilight twinkling upland varnished vaulted velvet verdant vertical vivid volcanic walnut whistling wicker
    windy wintry wooden woodland woven zigzag zinc
    """
)

NOUNS: Final[tuple[str, ...]] = _listed(
    """
    abacus accordion acorn almanac anchor antenna aquarium aqueduct archway armchair asteroid atlas atoll attic
    axle backpack bakery balcony balloon banjo barn barometer basket bassoon beaker bench bicycle birdhouse
    bluebell bobbin bookmark bookshelf boulder bracken bridge bucket buckle bugle buttercup button cabinet
    calculator calendar camera canal candle canoe canyon caravan carpet carriage cavern cello chestnut chimney
    clarinet clock cloud clover cogwheel colander comet compass corridor cottage courtyard crayon creek cupboard
    curtain cushion daffodil dandelion delta desk domino doorbell drawbridge dune easel engine envelope estuary
    fence fjord flowerpot flywheel footpath fountain foxglove galaxy gateway gazebo gearbox geranium glacier
    glider globe gondola greenhouse grotto guitar hammock hedge hinge horizon hourglass hydrangea iceberg icicle
    island jacket jetty jigsaw kayak kettle keyboard kite ladder ladle lagoon lamp lantern letterbox lever
    library lichen lighthouse loom lotus magnet magnolia mandolin meadow meteor metronome microscope milestone
    mirror mitten moonbeam museum napkin nebula notebook orchard orchid paintbrush palette pantry parachute
    parasol parcel pavilion pebble pencil pendulum peony piano piccolo pinboard pinecone pinwheel planet plateau
    platform pond postcard prairie prism projector propeller protractor puddle pulley puzzle quilt radio raft
    rainbow raincoat raindrop ravine reef ribbon roundabout rudder sailboat sandbox sapling satchel satellite
    saucer saxophone scarf scooter seedling seesaw shovel signpost skateboard snowdrop spanner spindle sprinkler
    staircase stapler station stream studio suitcase summit sundial sunflower sunrise sunset sweater table
    tambourine teapot telegraph telescope terrace thimble thistle thread toolbox trampoline tray trellis
    triangle tricycle tripod trivet trowel tuba tugboat tulip tundra tunnel turbine turnstile umbrella valley
    veranda viaduct violin wardrobe waterfall waterwheel whisk windmill window windsock workbench workshop
    """
)

_BETWEEN: Final = re.compile(r"[\s\-_\u2010-\u2015]+")  # mail programs turn hyphens into dashes
_MAX_LENGTH: Final = 64


def possible() -> int:
    """How many code names there are."""
    return len(ADJECTIVES) * len(NOUNS)


def code_name(index: int) -> str:
    """The code name with this number, from 0 to ``possible() - 1``.

    >>> code_name(0), code_name(possible() - 1)
    ('acoustic abacus', 'zinc workshop')
    """
    if not 0 <= index < possible():
        raise ValueError(index)
    row, column = divmod(index, len(NOUNS))
    return f"{ADJECTIVES[row]} {NOUNS[column]}"


def parse(text: str) -> str:
    """The code name as it is kept, from how a person typed it: capitals, blanks, hyphens make no difference.

    Whether a case has this name, the store knows.  Raises WrongUsage ``bad-code-name``.

    >>> parse(" Amber-Kettle ")
    'amber kettle'
    """
    words = typed(text).split(" ")
    if len(text) > _MAX_LENGTH or len(words) != 2:  # noqa: PLR2004, two words make the name
        raise WrongUsage("bad-code-name", "A case is named by two words.", "For example: amber kettle")
    if words[0] not in ADJECTIVES or words[1] not in NOUNS:
        raise WrongUsage("bad-code-name", "There is no such code name.", _suggestion(words[0], words[1]))
    return " ".join(words)


def typed(text: str) -> str:
    """What a person typed of a code name, perhaps its beginning only, in the form in which code names are kept.

    >>> typed("AMBER-ke")
    'amber ke'
    """
    return " ".join(_BETWEEN.split(text[: _MAX_LENGTH + 1].casefold().strip(" \t\r\n-_")))


def _suggestion(first: str, second: str) -> str:
    import difflib  # noqa: PLC0415 - names are seldom mistyped, and a hook's time is a person's time

    nearest = [difflib.get_close_matches(word, words, 1, 0.7) for word, words in ((first, ADJECTIVES), (second, NOUNS))]
    if all(nearest):
        return f"Did you mean {nearest[0][0]} {nearest[1][0]}?"
    return "`conduct case list` shows the names in use."
