"""The English of changes, amounts, and of how a question hangs together, as tables."""

from collections.abc import Mapping

__all__ = ["structure"]

structure: Mapping[str, str] = {
    "change:net": """
        change, changes, changed, changing, difference, differences, differ, differs, differed, net change,
        altered, alter, alteration, net, net difference, vary, varied, shift, shifted""",
    "change:net loss": """
        shrink, shrinks, shrank, shrunk, shrinking, shrinkage, decline, declines, declined, declining, decrease,
        decreases, decreased, decreasing, reduce, reduces, reduced, reduction, recede, recedes, receded,
        receding, retreat, retreats, retreated, retreating, contract, contracted, contraction, diminish,
        diminished, dropped, drop, fell, fallen, dwindle, dwindled, go down, goes down, went down, gone down,
        lessened, lessen, got smaller, become smaller, became smaller, shrunken, net loss, get smaller, pulled
        back, drew back, thinned out, melt, melted, melted away, regress, lost extent""",
    "change:net gain": """
        grow, grows, grew, grown, growing, growth, expand, expands, expanded, expanding, expansion, increase,
        increases, increased, increasing, spread, spreading, enlarge, enlarged, advance, advanced, rose, risen,
        rise, go up, goes up, went up, gone up, got bigger, got larger, become larger, became larger, become
        bigger, became bigger, net gain, swell, swelled, swollen, sprawl, sprawled, get bigger, get larger,
        extended, increment, grow by, widen, widened, gain ground, gained ground""",
    "change:loss loss": """
        lose, loses, losing, lost, loss, losses, disappear, disappears, disappeared, disappearing,
        disappearance, vanish, vanished, cleared, removed, gross loss, dried up, dried out, dry up, dry out,
        destroyed, wiped out, cut down, felled, eliminated, clearing, clearance, destruction, get lost, got
        lost, been lost, were lost, was lost, gave way, cleared away, logged, cut, demolished, drained""",
    "change:gain gain": """
        gain, gains, gained, gaining, appeared, appear, new, newly, added, gross gain, emerged, regrown, regrew,
        created, emerge, come into being, sprang up, regrowth, reforested, additional, won, newly built, newly
        appeared, newly formed""",
    "turn": """
        replace, replaces, supplanted by, supplanted, turned into, turn into, turns into, turning into, became,
        become, becoming, converted, converted to, converted into, conversion, conversion to, replaced, replaced
        by, transformed, transformed into, transition, transitions, transitioned, transitioned to, changed into,
        changed to, change into, change to, changed from, change from, went from, switched to, switched from,
        gave way to, give way to, made way for, make way for, was turned into, transition to, transition from,
        conversion of, conversions, lost to, taken over by, overtaken by, switch from, ended up as, go from,
        cleared for, turned to, turn to, passed from, gone from, built over with, convert, convert to, convert
        into, converts, changes into, turned over to, shifted from, shifted to, overgrown by, flipped to,
        flipped from, transform into, succeeded by, swallowed by, lost out to, displaced by, displaced""",
    "closer": "closer, nearer",
    "since": "since, ever since, starting in, starting from, beginning in, onwards from",
    "gone": """
        no longer, gone, not any more, not anymore, any more, anymore, ceased to be, missing, not any longer,
        had gone, no more""",
    "still": """
        still, remained, stayed, remain, remains, persisted, unchanged, stay, stable, kept, survived,
        persistently, left, left over, standing""",
    "before": "before, previously, earlier, formerly, used to be, prior, beforehand, had been, originally, once",
    "alltimes": """
        in both, both in, on both, at both, both dates, both years, at both times, on both dates, in both years,
        both times, in either, permanently""",
    "trend": """
        changed from year to year, change from year to year, changes from year to year, track, tracks, follow,
        followed, follows, shifted over time, grown over time, shrunk over time, grow over time, shrink over
        time, fluctuate, fluctuated, changed over the course, changed year by year, change year by year, trend,
        trends, trended, trending, develop, develops, developed over, development, evolve, evolved, evolution,
        evolves, time series, timeseries, over time, over the years, trajectory, over the period, through time,
        through the years, course over time, long term, progression, progress, history, temporal, progressed,
        rate of change, slope, chronology, dynamics, fare, fared, behave, behaved, go over time, over the
        decades, long term development, long run, across the years, with time, dynamic, temporal development,
        develop over time, change over time, changed over time, changes over time, change over the years,
        changed over the years, temporal evolution, year on year""",
    "yearly": """
        yearly, annual, annually, each year, every year, per year, year by year, for each year, for every year,
        a year, in each year, in every year, from year to year, one value a year, year after year, by year, in
        each of the years, per annum, yearly values, annual values, one value per year, for all years, in each
        single year""",
    "compare": """
        compare, compares, compared to, compared with, comparing, comparison, comparison of, side by side,
        contrast, contrasted with, in comparison with, in comparison to, compared, compare with, compare to, as
        against, versus, vs, relative to, against, set against, next to that of, contrast with, as opposed to,
        comparisons, juxtapose, alongside that, side by side, next to one another, put side by side""",
    "near": """
        within, inside, closer than, nearer than, no farther than, no further than, not farther than, not
        further than, in a radius of, within a radius of, within a distance of, in a distance of, not more
        distant than, within reach of, less distant than, buffer of, buffer, inside a radius of, in a buffer of,
        zone of, in a belt of, within a buffer of, no further away than, no farther away than, within a zone of,
        in a strip of, within a belt of, inside a buffer of, inside a distance of, out to, radius, in the
        surrounding, buffer zone of, a strip of, not beyond, strip of, belt of, corridor of, within walking
        distance of, at a distance of less than, at a distance of at most, at a distance of up to""",
    "far": """
        farther than, further than, beyond, farther away than, further away than, more distant than, outside,
        not within, not closer than, no closer than, outside a radius of, outside a distance of, at a distance
        of more than, at a distance of at least, no nearer than, not nearer than, further away, farther away,
        outside a buffer of, not inside, at a distance greater than, at a distance exceeding, farther, further,
        not in a radius of""",
    "least": """
        at least, larger than, bigger than, more than, over, above, greater than, no smaller than, not smaller
        than, no less than, not less than, a minimum of, minimum, minimum size, minimum area, minimum size of,
        minimum area of, exceeding, upwards of, or more, or larger, or bigger, and more, and larger, at minimum,
        min, in excess of, and above, or above, upward, a minimum area of, a minimum size of, larger or equal
        to, whose area exceeds, minimum mapping unit, minimum mapping unit of, minimum patch size, minimum patch
        size of, and up, at the least, of no less than, ≥, >=, >, larger or equal""",
    "atmost": """
        at most, less than, under, below, no more than, not more than, fewer than, smaller than, up to, a
        maximum of, maximum, max, or less, or smaller, maximally, not exceeding, a maximum cloud cover of, and
        less, not over, lower than, at maximum, up to a maximum of, not larger than, no larger than, not above,
        at the most""",
    "ignore": """
        left out, are left out, is left out, not considered, disregarded, ignored, filtered out, removed from
        the count, ignoring, ignore, leaving aside, disregarding, disregard, skip, skipping, leave out, leaving
        out, drop anything, discard, discarding, neglecting, omit, omitting, excluding, exclude, without
        counting, not counting, dropping""",
    "smaller": "smaller",
    "away": "away, away from, distant, off, or closer, or nearer, or farther, or further, or closer to, or nearer to",
    "around": "around, surrounding, round, about the, on either side of, on both sides of, along",
    "unit:ha": "hectare, hectares, ha, hectars, hectar",
    "unit:m2": """
        m2, m², m^2, sqm, sq m, sq metre, sq metres, sq meter, sq meters, square metre, square metres, square
        meter, square meters, square m, metres squared, meters squared""",
    "unit:km2": """
        km2, km², km^2, sqkm, sq km, sq kilometre, sq kilometres, sq kilometer, sq kilometers, square kilometre,
        square kilometres, square kilometer, square kilometers, square km, sq. km""",
    "unit:acre": "acre, acres, ac",
    "unit:mi2": "square mile, square miles, sq mi, sq mile, sq miles, sqmi, mi2, mi²",
    "unit:ft2": "square foot, square feet, sq ft, sqft, ft2, ft²",
    "unit:m": "m, metre, metres, meter, meters, mtr",
    "unit:km": "km, kms, kilometre, kilometres, kilometer, kilometers",
    "unit:mi": "mile, miles, mi",
    "unit:nmi": "nautical mile, nautical miles, nmi, sea mile, sea miles",
    "unit:ft": "foot, feet, ft",
    "unit:yd": "yard, yards, yd, yds",
    "patch": """
        patch, patches, pieces, piece, regions, components, component, clusters, blobs, blob, polygons, polygon,
        bodies, connected components, connected regions, connected region, connected patches, connected patch,
        parcel, parcels, fragment, fragments, block, blocks, islands of, plots, plot, contiguous patches,
        separate areas, contiguous areas, lots, connected areas, isolated patches, objects, object, individual
        areas, tract, tracts, spots, spot, units""",
    "pair": """
        the two largest, the two biggest, the 2 largest, two largest, 2 largest, two biggest, 2 biggest, largest
        two, biggest two""",
    "single": "separate, distinct, individual, single, different, isolated, discrete",
    "and": "and, &, as well as, along with, together with, and also, plus also, and then, and of",
    "or": "or, or else, and or",
    "comma": ",",
    "without": """
        without, except, except for, but not, minus, other than, apart from, but without, and not, which is not,
        that is not, that are not, which are not, that was not, that were not, which was not, but neither, but
        is not, but are not, but was not, but were not, outside of, excepting, aside from, save for, rather
        than, instead of""",
    "not": "not, non, nor, no, never, isn't, wasn't, aren't, weren't, didn't, hadn't, hasn't, neither, without any",
    "rest": """
        everything else, all else, the rest, rest, the remainder, remainder, anything else, everything, anything""",
    "butnot": "all but, all except, everything but, anything but, everything except, anything except",
    "together": """
        together, combined, taken together, jointly, all together, altogether, put together, sum of, in sum,
        collectively, union of, the union of, union, in union""",
    "total": "total, in total, overall, sum, in all, all in all",
    "each": """
        each, every, respectively, separately, individually, each of them, each by itself, for each, for each of""",
    "both": "both",
    "link": """
        is, are, was, were, been, being, be, lies, lie, lay, lain, located, covered by, covered with, covered
        in, occupied by, taken up by, taken up with, filled with, made up of, classified as, mapped as, classed
        as, consists of, consist of, is covered with, composed of, stands, sit, sits, sat, stood, counts as,
        count as, turns out to be, considered, used as, used for, termed, identified as, taken by, shown as,
        marked as, being covered by, consisting of, made of, amounts to, amount to, represented by, given over
        to, devoted to, classified, fall, falls, situated, found, lying, had been, have been, has been, under,
        covered under, hidden under, buried under, fell, happen to be, used to be, get, got, gets, turns out as,
        belong, belongs, standing as, holding, whose""",
    "of": "of, from among, among, out of",
    "rel": """
        that, that is, that are, that was, that were, which is, which are, which was, which were, that lies,
        that lie, which lies, which lie, that had been, that has been""",
    "as": "as",
    "in": "in, on, at, during, for, by, dated, of the year, in the year, as of, throughout, over the",
    "from": "from",
    "to": "through, to, towards, toward, until, till, through to",
    "between": "between, in between",
    "than": "than",
    "with": """
        with, having, based on, according to, as seen by, as seen with, seen by, seen with, via, using, use, by
        means of""",
    "pronoun": """
        of those which, ones of, it, this, they, them, those, these, its, their, one, thereof, of it, of them,
        of these, of those, of this, that one, he, she, the same, ones, the former, the latter""",
    "wh": "what, which, how, do, does, did, has, have, had, what's, how's, whats, when was",
    "aoi": """
        scene, scenes, image, images, imagery, picture, pictures, photo, photograph, photographs, tile, chip,
        frame, place, landscape, region, aoi, area of interest, study area, study site, study region, this area,
        our area, whole area, entire area, in the area, the whole area, the entire area, across the area,
        satellite image, satellite images, satellite picture, satellite imagery, satellite photo, satellite,
        study zone, territory, terrain, total area of the scene, suburb, whole region, whole scene, whole image,
        this region, this place, district, zone, view, site, the area shown, area shown, area seen, observed
        area, the observed area, valid image, ground, land surface, location shown, plot of land, neighbourhood
        shown, county, province, municipality, the land, scenery, surroundings, my area, given area, selected
        area, chosen area, here, there, the area here, valley, plain, basin, island, our region, my region,
        catchment, watershed, part of the world, the study area, locality, extent shown, window shown, planning
        area, planning zone, planning region, park area, whole park, survey area, project area, project site, my
        area, investigation area, study zone, area under study, map extent, footprint of the scene,
        municipality, district, county, watershed, catchment, catchment area, study block""",
    "land": "land",
    "only": "only, just, merely, solely, exclusively",
    "sensor:optical": "optical, sentinel 2, sentinel2, s2, multispectral, landsat, sentinel 2a, optical images",
    "sensor:sar": "radar, sar, sentinel 1, sentinel1, s1, synthetic aperture radar",
    "sensor:both": """
        both sensors, using both, with both, both optical and radar, both radar and optical, both sar and
        optical, both optical and sar""",
    "pixels": "pixel, pixels",
    "again": """
        what about, how about, same for, same question for, and for, and what about, the same for, same again
        for, now the same for, now for, do the same for, repeat for, repeat that for, and how about, same thing
        for, and the same for, now""",
    "deictic": "of that, of which",
}
"""What a phrase is a sign of: ``kind`` or ``kind:value``."""
