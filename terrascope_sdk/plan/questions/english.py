"""The English that asks for something and names things, as tables: what each phrase is a sign of.

Phrases are in lower case, hyphens are spaces, commas separate them; the longest phrase wins. A word that stands in no
table, in no list of words that carry no meaning, and in no vocabulary is asked back.
"""

from collections.abc import Mapping

__all__ = ["asking", "things"]

things: Mapping[str, str] = {
    "water": """
        under water, underwater, water surface, water surfaces, waters, flood waters, flood, floods, brook,
        brooks, creeks, standing water, open waters, inundated land, open water surface, flood plain water,
        watercourse, watercourses, reservoirs, pond, ponds, wet area, watter, wather""",
    "tree": """
        forests, trees cover, tree cover, tree covered, woods, tree canopy, canopy cover, wooded land, forest
        land, forested land, forest cover, woodlands, forest stand, forest stands, tree stand, tree stands,
        grove, groves""",
    "shrub": "shrubs, scrubs, bushes, brush, brushland, shrub land, scrub land",
    "grass": "grasses, grass land, grasslands, pasture land, pastureland, grazing land, pastures, meadows, rangeland",
    "crop": """
        farming, agricultural use, under agricultural use, in agricultural use, planted with crops, planted,
        sown, sown fields, agricultural fields, agriculturally used, farmed fields, tillage, crops land, used
        for farming, used for agriculture, farmed area, farming area, worked fields, crops, croplands, crop
        land, agricultural land, agricultural area, agricultural field, farm fields, farm field, crop field,
        crop fields, arable land, cultivated land, farming land, farmed land, farmed, tilled land, cultivation,
        plough land, plowed land, planted fields, under crops, under cultivation, under the plough""",
    "developed": """
        urban zones, city area, inhabited area, residential area, residential areas, built up fabric, built up
        zones, houses and roads, urban surfaces, urban land cover, town area, urban development, urban tissue,
        townland, built up land, built up area, built up areas, built land, built over, developed land, urban
        land, urban area, urban areas, settlements, cities, towns, villages, urban fabric, sealed, sealed
        surface, sealed surfaces, paved, paved surface, settled area, settled land, urban zone, suburban,
        urbanised land, urbanized land, urbanised area, urbanized area, built environment, human settlement,
        human settlements, populated area, populated areas""",
    "bare": """
        bare land, bare soil, bare ground, bare earth, bare rock, barren land, exposed soil, open soil, sands,
        unvegetated land""",
    "wetland": "wetlands, wet land, marshes, bogs, fens, herbaceous wetland, peat bog, peat bogs",
    "snow": """
        glaciated, glacierised, glacierized, frozen, snowed in, snow and glaciers, ice covered area, frozen
        over, snow cover, snow and ice, ice cover, snow covered, under snow, glaciers, snowpack, snow pack,
        snowfields, snowfield, icy""",
    "vegetation": """
        greenness, green vegetation cover, plant life, plants cover, vegetation cover, plants, greens, green
        cover, green areas, green area, green land, green spaces""",
    "building": "dwelling, dwellings, roof area, roof areas",
    "road": "road network, road surface, carriageway, carriageways, roadway, roadways, lane, lanes, tarmac",
    "burned": """
        burn, burns, burning, burned, burnt, burned area, burnt area, burn scars, fire scar, fire scars, burned
        land, scorched, charred, wildfire, wildfires, forest fire, forest fires, fire, fires, bushfire,
        bushfires, burned down, burnt down, burned over, blaze, went up in flames, fire damage""",
    "cloud": "cloud cover, clouds and shadows, cloudiness, cloud covered",
}
"""More names of concepts than the vocabulary has."""

asking: Mapping[str, str] = {
    "share": """
        share, shares, percentage, percentages, percent, per cent, pct, %, proportion, proportions, fraction,
        fractions, fractional, ratio, portion, what part, which part, relative cover, relative coverage,
        relative extent, relative area, how big a share, how large a share, how big a part, how large a part,
        how large a fraction, how large a proportion, how big a fraction, how great a share, how large a
        portion, percentage coverage, percent coverage, coverage percentage, coverage rate, fractional cover,
        fractional coverage, percentage wise, share in percent""",
    "share:of": """
        how much of, how many percent of, half of, what part of, more than half of, less than half of, which
        part of, most of, majority of, how great a part of, how big a part of, a third of, what amount of""",
    "cover": """
        cover, covers, covered, covering, coverage, occupy, occupies, occupied, occupying, take up, takes up,
        taken up, taking up, fill, fills, filled, hide, hides, hidden by, obscure, obscures, obscured by,
        account for, accounts for, accounted for, constitute, constitutes, represent, represents, comprise,
        comprises, make up, makes up, extend over, extends over, stretch over, stretches over, belong to,
        belongs to, fall into, falls into, claim, claims, obscured, hidden, cloaked, blanketed""",
    "size": """
        how big, how large, how extensive, size, sizes, extent, extents, what area, which area, areal extent,
        spatial extent, how much area, how much land, how much ground, how much space, how much terrain, how
        much surface, how much room, footprint, how large an area, how big an area, how much acreage, how wide
        an area, what surface, what surface area, surface extent, dimension, dimensions, how vast, how much area
        in total, what total area, which total area, what land area, how great an area, how great, area size,
        areal coverage, how much territory, areal size""",
    "howmuch": "how much, amount, amounts, quantity, how much exactly",
    "area": "area, areas, surface, surfaces, surface area, surface areas, land area",
    "many": "how many, number, numbers, number of, total number, total number of, how numerous, amount of individual",
    "count": "count, counts, tally, counting, enumerate, count up",
    "length": """
        length, lengths, how long, perimeter, circumference, total length, how many running metres, outline
        length, overall length, combined length""",
    "edge": """
        edge, edges, margin, margins, outer edge, outer edges, fringe, border line, borderline, boundary line,
        rim""",
    "shore": """
        shoreline, shorelines, shore, shores, coastline, coast, coastlines, riverbank, riverbanks, bank, banks,
        river bank, river banks, lakeshore, waterline, water line, lakefront, waterfront, waterside, lakeside,
        water edge, water's edge, edge of the water""",
    "touch": """
        touch, touches, touched, touching, border, borders, bordered, bordering, bordered by, adjacent,
        adjacency, adjoin, adjoins, adjoined, adjoining, abut, abuts, abutting, boundary, boundaries, next to,
        neighbour, neighbours, neighbouring, neighbor, neighbors, neighboring, contact, contiguous, meet, meets,
        meeting, met, beside, edge to edge, common edge, shared edge, common border, shared border, right up to,
        alongside, right next to, right beside, directly next to, share an edge, shares an edge, sharing an
        edge, share a border, shares a border, sharing a border, share borders, share a boundary, shares a
        boundary, sharing a boundary, share a common border, share a common boundary, share a common edge,
        shares a common border, shares a common boundary, shares a common edge, share any border, share any
        boundary, share any edge, come into contact, comes into contact, in contact, lie next to, lies next to,
        run along, runs along, abutted by, touched by, share any common border, directly adjacent, immediately
        adjacent, in direct contact, direct contact, adjoined by, share its border, directly borders, directly
        border, reach right up to, come up to, reach up to, extend up to, extends up to, reaches up to, border
        on, borders on, bordered on, direct boundary, common boundary, shared boundary, connected to, have a
        common border, lie directly next to""",
    "reach": "reach, reaches, reached",
    "distance": """
        distance, distances, smallest distance, smallest gap, smallest separation, closest distance, nearest
        distance, least distance, shortest path length, how far, how close, how near, apart, separates,
        separated, separating, separation, gap, spacing, nearest, closest, shortest path, shortest line, how
        distant, shortest connection, closest approach, how far away, how far apart, how close together, far
        away, far from, how remote, come closest, comes closest, came closest, minimum distance, minimal
        distance, straight line distance, min distance""",
    "rank:largest": """
        larger, largest, bigger, biggest, greater, greatest, more, most, more extensive, more widespread, more
        common, more abundant, larger part, bigger part, greater part, larger portion, bigger portion, more of,
        larger share, bigger share, larger area, outweigh, outweighs, exceed, exceeds, exceeded, predominates
        over, larger extent, greater extent, greater area, outnumber, wins, who wins, more land, more area, more
        space, more room, more ground, bigger area, larger one, bigger one, larger surface, from largest to
        smallest, larger percentage, higher share, larger proportion, greater share, greater proportion, highest
        share, largest share, most area, largest area, largest surface, ranks first, higher, highest, tops, in
        descending order, descending, largest first, biggest first, from biggest to smallest, most land""",
    "rank:smallest": """
        smaller, smallest, less, least, less extensive, less widespread, less common, least common, least
        widespread, least extensive, from smallest to largest, smallest first, least of, less of, in ascending
        order, fewest, smaller area, least area, smallest area, smaller one, less area, less land, smaller
        share, smallest share, lowest share, lower, lowest, ascending""",
    "rank": """
        rank, ranks, ranking, order, sort, sorted, ranked, sort by, order by size, put in order, by size, by
        area, in order of size, in order of area, arrange, by extent, ordered""",
    "dominant": """
        dominant, dominates, dominate, dominating, predominant, predominates, prevailing, prevails, prevalent,
        most common, most widespread, most extensive, most prevalent, most frequent, most abundant, most
        dominant, most plentiful, main, most of the scene, most of the image, most of the picture, most of the
        area, biggest land cover, largest land cover, predominant land cover, mostly""",
    "classes": """
        class, classes, land cover, landcover, land cover class, land cover classes, land cover type, land cover
        types, land cover category, cover type, cover types, type of land cover, kind of land cover, type of
        cover, land use, surface type, category, categories, kind of cover, land covers, surface types""",
    "map": """
        create, identify, detect, find, make, produce, generate, spot, indicate, which pixels, want to see, i
        want to see, would like to see, like to see, need to see, i would like to see, i'd like to see, which
        areas, what areas, which places, which spots, which regions, where, map, locate, highlight, outline,
        segment, delineate, mark, draw, show, show me, display, mask, visualise, visualize, plot, trace, paint,
        colour, color, whereabouts, in which places, which parts, location, locations, extract, digitise,
        digitize, a map, map out, draw a map, make a map, create a map, produce a map, pinpoint, in what places,
        at which places, map of, give me a map, mask of, show me where, let me see, render, point out, overlay,
        find all, outlines""",
    "any": """
        is there, are there, was there, were there, is there any, are there any, was there any, were there any,
        any, contain, contains, contained, visible, present, exist, exists, existed, can you see, do you see,
        can be seen, do we see, does one see, do we have, do you find, feature, features, include, includes,
        hold, holds, have any, has any, does it have, find any, can you find, did you find, presence, is any,
        are any, was any, were any, detectable, occur, occurs, occurred, had any, there any, traces of, has
        there been, have there been, any sign of, any signs of, signs of, at all any""",
    "export:geotiff": "geotiff, geo tiff, tiff, tif, cog, as a raster, raster file",
    "export:geojson": "geojson, geo json, polygons as geojson, vector file, as vector, as vectors",
    "export:csv": "csv, spreadsheet, excel, table file",
    "export:json": "json",
    "exporting": "export, save, download, write, exported, store, saved as",
}
"""What a phrase asks for: ``kind`` or ``kind:value``."""
