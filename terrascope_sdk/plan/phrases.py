"""The English that the rule-based planner reads, as tables: what each phrase is a sign of.

Every word of a question must be found here or in the vocabulary of concepts, or the question is not answered. Phrases
are in lower case, with spaces for hyphens, separated by commas; the longest phrase wins. Each stands in one table only.
"""

from collections.abc import Mapping

__all__ = ["changes", "compounds", "glue", "quantities", "rankings", "sensors", "structure", "units", "weak"]

quantities: Mapping[str, str] = {
    "share": """
        share, shares, percentage, percentages, percent, per cent, pct, %, proportion, proportions, fraction,
        fractions, ratio, portion, what part, which part, relative, coverage percentage, percentage coverage,
        percent coverage, relative cover, relative coverage, relative extent, relative area, how big a share, how
        large a share, how big a part, how large a part, how large a fraction, how large a proportion, how big a
        fraction, how great a share""",
    "size": """
        how big, how large, how extensive, size, sizes, extent, extents, surface area, what area, areal extent,
        spatial extent, how much area, how much land, how much ground, how much space, how much terrain, how much
        surface, how much room, footprint""",
    "count": "count, counts, tally, how numerous",
    "many": "how many, number, numbers",
    "touches": """
        touch, touches, touched, touching, border, borders, bordered, bordering, bordered by, adjacent, adjacency,
        adjoin, adjoins, adjoined, adjoining, abut, abuts, abutting, boundary, boundaries, next to, neighbour,
        neighbours, neighbouring, neighbor, neighbors, neighboring, contact, contiguous, meet, meets, meeting,
        beside, side by side, edge to edge, common edge, shared edge, common border, shared border, right up to,
        reach, reaches, alongside, right next to, right beside, directly next to, share an edge, shares an edge,
        sharing an edge, share a border, shares a border, sharing a border, share borders, share a boundary, shares
        a boundary, sharing a boundary, share a common border, share a common boundary, share a common edge, shares
        a common border, shares a common boundary, shares a common edge, share any border, share any boundary, share
        any edge, come into contact, comes into contact, in contact, lie next to, lies next to, run along, runs
        along, abutted by, touched by, share any common border""",
    "distance": """
        distance, distances, smallest distance, smallest gap, smallest separation, closest distance, nearest
        distance, least distance, shortest path length, how far, how close, how near, apart, separates, separated,
        separating, separation, gap, spacing, nearest, closest, shortest path, shortest line, how distant, shortest
        connection, closest approach""",
    "rank": """
        wins, who wins, compare, compares, comparing, comparison, rank, ranks, ranking, order, sort, exceed,
        exceeds, outweigh, outweighs""",
    "dominant": """
        dominant, dominates, dominate, dominating, predominant, predominates, prevailing, prevails, prevalent, most
        common, most widespread, most extensive, most prevalent, most frequent, most abundant, most dominant, main,
        most of the scene, most of the image, most of the picture, most of the area, biggest land cover, largest
        land cover, predominant land cover""",
}
"""What is asked for."""

rankings: Mapping[str, str] = {
    "largest": """
        larger, largest, bigger, biggest, greater, greatest, more, most, more extensive, more widespread, more
        common, more abundant, larger part, bigger part, greater part, larger portion, bigger portion, more of""",
    "smallest": """
        smaller, smallest, less, least, less extensive, less widespread, less common, least common, least
        widespread, least extensive, from smallest to largest, smallest first, least of, less of, in ascending order""",
}
"""Comparatives and superlatives, with the end of the order they ask for."""

weak: Mapping[str, str] = {
    "amount": "how much, amount, amounts",
    "area": "area, areas, surface, surfaces",
    "cover": """
        cover, covers, covered, covering, coverage, occupy, occupies, occupied, occupying, take up, takes up, taken
        up, taking up, fill, fills, filled, hide, hides, hidden by, obscure, obscures, obscured by, account for,
        accounts for, accounted for by, constitute, constitutes, represent, represents, comprise, comprises, make
        up, makes up, extend over, extends over, stretch over, stretches over, belong to, belongs to, fall into,
        falls into, claim, claims""",
    "map": "where, map, locate, highlight, outline, segment, delineate",
    "any": """
        is there, are there, was there, were there, is there any, are there any, was there any, were there any, any,
        contain, contains, visible, present, exist, exists, can you see, do you see, can be seen, do we see, does
        one see, do we have, do you find, feature, features, include, includes, hold, holds, have any, has any""",
}
"""Signs that count only where nothing stronger is said; the first of these that occurs decides."""

changes: Mapping[str, str] = {
    "net": """
        change, changes, changed, changing, difference, differences, differ, differs, net change, evolve, evolved,
        develop""",
    "net loss": """
        shrink, shrinks, shrank, shrunk, shrinking, shrinkage, decline, declines, declined, declining, decrease,
        decreases, decreased, decreasing, reduce, reduces, reduced, reduction, recede, recedes, receded, receding,
        retreat, retreats, retreated, retreating, contract, contracted, contraction, diminish, diminished, dropped,
        fell, fallen, dwindle, dwindled, go down, goes down, went down, gone down, lessened, lessen, got smaller,
        become smaller, became smaller, shrunken""",
    "net gain": """
        grow, grows, grew, grown, growing, growth, expand, expands, expanded, expanding, expansion, increase,
        increases, increased, increasing, spread, spreading, enlarge, enlarged, advance, advanced, rose, risen, go
        up, goes up, went up, gone up, got bigger, got larger, become larger, became larger, become bigger, became
        bigger""",
    "loss loss": """
        lose, loses, losing, lost, loss, losses, disappear, disappears, disappeared, disappearing, disappearance,
        vanish, vanished, cleared, removed, gross loss, gone, dried up, dried out, dry up, dry out, melted, melted
        away, destroyed, wiped out, cut down, felled, eliminated""",
    "gain gain": """
        gain, gains, gained, gaining, appeared, new, newly, added, gross gain, emerged, regrown, regrew, created""",
}
"""Words of change: which change they mean, and which way they take it to have gone."""

units: Mapping[str, str] = {
    "ha": "hectare, hectares, ha",
    "m2": """
        m2, m², m^2, sqm, sq m, sq metre, sq metres, sq meter, sq meters, square metre, square metres, square meter,
        square meters, square m, metres squared, meters squared""",
    "km2": """
        km2, km², km^2, sqkm, sq km, sq kilometre, sq kilometres, sq kilometer, sq kilometers, square kilometre,
        square kilometres, square kilometer, square kilometers, square km""",
    "acre": "acre, acres",
    "mi2": "square mile, square miles, sq mi, sq mile, sq miles, sqmi, mi2, mi²",
    "ft2": "square foot, square feet, sq ft, sqft, ft2, ft²",
    "m": "m, metre, metres, meter, meters",
    "km": "km, kms, kilometre, kilometres, kilometer, kilometers",
    "mi": "mile, miles, mi",
    "ft": "foot, feet, ft, yard, yards",
}
"""Units of area and length."""

sensors: Mapping[str, str] = {
    "optical": "optical, sentinel 2, sentinel2, s2, multispectral, landsat",
    "sar": "radar, sar, sentinel 1, sentinel1, s1, synthetic aperture radar",
    "both": """
        both sensors, using both, with both, both optical and radar, both radar and optical, both sar and optical,
        both optical and sar""",
}
"""Names of sensors."""

structure: Mapping[str, str] = {
    "and": "and, &, as well as, along with, together with, and also",
    "or": "or",
    "comma": ",",
    "stop": "., ;, ?, !",
    "without": """
        without, except, except for, excluding, but not, minus, other than, apart from, not counting, leaving out""",
    "not": "not, non, neither, nor, no",
    "rest": "everything else, all else, the rest, rest, the remainder, remainder, anything else, everything",
    "land": "land",
    "classes": """
        class, classes, land cover, landcover, land cover class, land cover classes, land cover type, land cover
        types, land cover category, cover type, cover types, type of land cover, kind of land cover, type of cover,
        land use, surface type, category, categories""",
    "together": "together, combined, taken together, jointly, all together, altogether",
    "total": "total, in total, overall, sum",
    "each": "each, every, both, respectively, separately, individually, each of them",
    "pieces": """
        patch, patches, pieces, regions, components, clusters, blobs, polygons, bodies, connected components,
        connected regions, connected region, connected patches""",
    "pair": "two largest, 2 largest, two biggest, 2 biggest, largest two, biggest two",
    "link": """
        is, are, was, were, been, being, be, lies, lie, covered by, covered with, covered in, occupied by, taken up
        by, taken up with, filled with, made up of, classified as, mapped as, classed as, consists of, consist of,
        composed of, remain, remains, stands, stand, sit, sits, counts as, count as, turns out to be, considered,
        termed, identified as, taken by, shown as, marked as, being covered by, consisting of, made of, amounts to,
        amount to, represented by, given over to, devoted to""",
    "of": "of",
    "as": "as",
    "prep": """
        according to, based on, as seen by, as seen with, seen by, seen with,
        to, from, with, in, on, at, by, for, than, versus, vs, against, compared to, compared with, inside, within,
        into""",
    "pronoun": "it, that, this, they, them, those, these, its, their, one",
    "opener": """
        what, which, how, does, do, did, has, have, had, give, tell, measure, compute, calculate, estimate, report,
        show, find, determine, state""",
    "only": "only, use",
    "edge": "edge, edges",
    "pixels": "pixel, pixels",
    "shortest": """
        shortest, minimum, minimal, min, straight line, closest point, closest points, nearest point, nearest points""",
    "direct": "direct, directly, immediate, immediately, shared, common, physical, physically",
    "single": "separate, distinct, individual, single, different",
    "between": "between",
}
"""How a question hangs together."""

compounds: Mapping[str, tuple[tuple[str, str], ...]] = {
    "dry land": (("negated", "water"),),
    "how much of": (("share", ""), ("of", "")),
    "half of": (("share", ""), ("of", "")),
    "more than half of": (("share", ""), ("of", "")),
    "less than half of": (("share", ""), ("of", "")),
    "plus": (("and", ""), ("together", "")),
    "sum of": (("total", ""), ("of", "")),
    "acreage": (("size", ""), ("unit", "acre")),
    "to what extent": (("weak", "cover"),),
    "dry ground": (("negated", "water"),),
    "total area": (("total", ""), ("size", "")),
    "total surface": (("total", ""), ("size", "")),
    "combined area": (("together", ""), ("size", "")),
    "everything but": (("rest", ""), ("without", "")),
    "anything but": (("rest", ""), ("without", "")),
    "all but": (("rest", ""), ("without", "")),
    "all except": (("rest", ""), ("without", "")),
    "net loss": (("change", "net loss"),),
    "net gain": (("change", "net gain"),),
    "deforestation": (("change", "loss loss"), ("concept", "tree")),
    "deforested": (("change", "loss loss"), ("concept", "tree")),
    "afforestation": (("change", "gain gain"), ("concept", "tree")),
    "reforestation": (("change", "gain gain"), ("concept", "tree")),
    "urbanisation": (("change", "net gain"), ("concept", "developed")),
    "urbanization": (("change", "net gain"), ("concept", "developed")),
    "urban sprawl": (("change", "net gain"), ("concept", "developed")),
}
"""Phrases that say several things at once."""

glue = """
        a, an, the, i, me, my, we, us, our, you, your, there, here, please, kindly, let, like, want, need, to know,
        know, if so, if not, so, just, also, then, exactly, approximately, roughly, about, hi, hello, hey, thanks,
        by how much, work out, figure out, assess, evaluate, quantify, provide, return, list, display, check, see,
        look at, say, whether, express, expressed, given, entire, whole, full, complete, all, some, anywhere,
        somewhere, at all, actual, image, images, imagery, scene, scenes, picture, pictures, photo, photograph,
        tile, chip, frame, place, location, landscape, space, room, places, region, ground, terrain, territory, aoi,
        area of interest, study area, study site, study region, this area, our area, whole area, entire area, in the
        area, across the area, satellite, data, observation, sensor, valid, observed, mapped, this map, the map, on
        the map, mask, layer, outlined, detected, away, most pixels, touch the image, touch the scene, touch the
        picture, touch the frame, touching the image, over, across, date, dates, using, taken, happened, happen, up,
        lying, located, found, situated, each other, one another, during, tell me if, check if, see if, know if,
        determine if, find out if, tell me whether, places where, place where, any place where, find out, find out
        whether, can be counted, can be made out, can be found, can be observed, two dates, both dates, both years,
        two years, both images, two images, cloud free image, cloud free images, cloud free scene, still, yet, seen,
        come, comes, down, down to, point, at any point, have to go, has to go, to go, to reach, from largest to
        smallest, largest first, in descending order, in order of, okay, ok, again, precisely, accurately, briefly,
        quickly, simply, basically, spot, spotted, notice, shown, shows, depicted, pictured, captured, displayed,
        acquired, recorded, found here, here now, for me, to me, for us, help, help me, tell us, give us, inform me,
        interested in, curious, curious about, wonder, wondering, looking for, good morning, good day, dear,
        question, my question, quick question, roughly speaking, approximate, estimation, estimated, computed,
        measurement, measurements, measuring, calculation, let us, let's, lets, expanse, expanse of, within the
        scene, within the image, within the picture, within the area, inside the scene, inside the image, in this
        area, in the region, in this region, somewhere here, could you, can you, would you, can we, could we, can i,
        could i, you can, you could, we can, i can, would like, can one, could one, would you mind, get me, get to,
        gets to, need to know, want to know, can be, in the image"""
"""Words that may stand anywhere and change nothing."""
