"""What the rule-based planner knows that it must not answer, and why; and words that have to be asked back.

A word that stands in none of the planner's tables is not answered either; these tables only give a better reason.
"""

from collections.abc import Mapping

__all__ = ["asked_back", "hints", "reasons"]

reasons: Mapping[str, str] = {
    "The causes of what is seen cannot be measured on an image.": """
        why, because, cause, causes, caused, reason, reasons, due to, explain, explains, explanation, driver,
        drivers, responsible, effect of, impact of""",
    "The future cannot be measured: images exist of the past only.": """
        predict, predicts, prediction, forecast, future, will, going to, expected, expect, projected, projection,
        next year, tomorrow, next month, next summer, scenario""",
    "People, owners and their doings cannot be seen from orbit.": """
        who, whose, owner, owners, owns, owned, ownership, population, people, inhabitants, residents, person,
        persons, human, humans, families, demographic, income, live, lives, living, crime, war, military, soldiers""",
    "This SDK measures classes of land cover and not indices or single bands.": """
        ndvi, ndwi, mndwi, ndbi, nbr, evi, savi, index, indices, reflectance, backscatter, band, bands, spectral,
        spectrum, histogram""",
    "Heights, depths and volumes cannot be measured on these images.": """
        height, heights, high, tall, elevation, altitude, depth, deep, deeper, volume, volumes, slope, steep, level,
        levels, litres, liters, cubic, topography, terrain model""",
    "Weather and temperature are not measured on these images.": """
        temperature, temperatures, warm, hot, cold, hotter, colder, celsius, fahrenheit, rain, rainfall,
        precipitation, weather, wind, humidity, climate""",
    "Condition and quality are not measured here, only what covers the ground.": """
        health, healthy, unhealthy, stressed, quality, clean, polluted, pollution, dirty, contaminated, salinity,
        turbidity, algae, safe, dangerous, risk, good, bad, beautiful, ripe, diseased, dense, density, condition,
        alive""",
    "Amounts of matter and money are not measured here, only ground area.": """
        biomass, carbon, yield, harvest, tonnes, tons, timber, price, prices, cost, costs, worth, dollars, euros,
        money""",
    "Single vehicles, ships, animals and other small objects are not in the vocabulary of land cover.": """
        car, cars, vehicle, vehicles, truck, trucks, ship, ships, boat, boats, plane, planes, aircraft, airplane,
        airplanes, animal, animals, cow, cows, sheep, whale, whales, bird, birds, elephant, elephants""",
    "Names and descriptions are not given; ask for a share, an area, a distance, an order, a number or a change.": """
        describe, description, caption, name, names, called, identify, what is this, what do you see, what can you
        see, story, poem, joke, summarize, summarise, summary, translate, meaning""",
    "Zones around things and their neighbourhood are not understood yet.": """
        near, nearby, around, close to, buffer, vicinity, within reach, surrounding, surroundings, surrounded,
        surrounds, enclosed, along, upstream, downstream, km of, m of, metres of, meters of, kilometres of,
        kilometers of""",
    "Positions within the scene are not understood yet.": """
        north, south, east, west, northern, southern, eastern, western, northeast, northwest, southeast, southwest,
        left, right, top, bottom, upper, lower, middle, centre, center, corner, quarter, quadrant""",
    "Comparing distances is not understood yet; ask for each.": """
        closer, nearer, farther, further, farthest, furthest""",
    "Averages, extremes and developments over many dates are not understood yet; name one date or two.": """
        average, mean, median, typical, typically, trend, trends, yearly, annual, annually, monthly, per year, each
        year, every year, every month, each month, a year, over time, over the years, time series, rate, fastest,
        seasonal, seasonally, maximum, max, peak, longest, variation, variability""",
    "Lengths, widths and shapes are not understood yet; ask for an area or a distance.": """
        length, how long, perimeter, circumference, width, wide, wider, shape, long, thick, outline length""",
    "Thresholds on size are not understood yet; ask for the number itself.": """
        at least, at most, more than half, less than half, half, exceeding""",
    "A supposed change cannot be seen on an image; two dates are needed.": """
        suppose, supposing, imagine, assume, assuming, hypothetical, hypothetically, what if, pretend, simulated""",
    "The question speaks of a label file; this plans measurements on imagery.": """
        instance, instances, label, labels, labelled, labeled, annotation, annotations, ground truth""",
    "How accurate a map is cannot be told without reference data; see measure.adjusted_area.": """
        accuracy, accurate, error, errors, uncertainty, confidence, reliable, sure, certain, precision""",
    "When something happened is not understood yet; ask what changed between two dates.": """
        when, since when, at what time""",
    "Only questions about what covers the ground are answered; commands are not.": """
        ignore, disregard, instruction, instructions, prompt, system, delete, execute, run, shell, sudo, script,
        code, password, passwords, token, key, keys, file, files, http, https, www, import, eval, print, select,
        where id, api, admin, override, jailbreak, pretend to be, act as, role""",
    "Conversions from one cover to another are not understood yet; ask how much of each was lost or gained.": """
        became, turned into, converted, converted to, conversion, replaced, replaced by, transformed, transition,
        transitions, flipped""",
}
"""Why not, and the words that give it away."""

asked_back: Mapping[str, str] = {
    "By swamp, do you mean herbaceous wetland, flooded trees or open water?": "swamp, swamps, swampy, swampland",
    "By mangrove, do you mean tree cover, or tree cover that stands in water?": """
        mangrove, mangroves""",
    "Between which two dates? Please give years, months or days.": """
        last year, this year, last month, last week, last summer, last winter, last, past, ago, recent, recently,
        yesterday, decade, decades, previous, previously, earlier, before, after, afterwards, later, until, till,
        century, spring, summer, autumn, winter, fall, season, seasons, month, months, week, weeks, day, days,
        years, pre, post, prior, so far, historically, since, first, then and now""",
    "Do you mean the change in percent of the area before, or the share on each of the two dates?": """
        percentage points, percentage point, pp""",
}
"""Questions back, and the words that call for them."""

hints: Mapping[str, str] = {
    "water": """
        coast, coastline, shore, shoreline, bank, riverbank, delta, estuary, bay, harbour, harbor, dam, brook,
        groundwater, ground water, lakeside, waterfront, seaside, flood zone, flood zones, tide, spring water""",
    "tree": "jungle, rainforest, orchard, plantation, palm, palms, oak, pine, spruce, timberland, park, parks, grove",
    "crop": """
        rice, wheat, maize, corn, soy, soybean, soybeans, vineyard, vineyards, vines, cotton, sugarcane, paddy,
        paddies, potatoes, barley, farms, farm, greenhouse, greenhouses""",
    "grass": "prairie, steppe, savanna, savannah, hay, golf",
    "developed": """
        building site, building sites, industry, industrial, residential, suburb, suburbs, factory, factories,
        airport, airports, parking, harbour area, slum, slums, mine, mines, quarry, concrete, asphalt, pavement,
        community""",
    "building": "home, homes, shed, sheds, school, schools, hospital, hospitals, tower, towers, church, mosque",
    "road": "railway, railways, rail, bridge, bridges, path, paths, track, tracks",
    "bare": "mountain, mountains, hill, hills, gravel, dune, dunes, cliff, cliffs, mud, lava, salt, clay",
    "wetland": "mire, moor, moorland, heath, heathland, tundra, mudflat, mudflats",
    "burned": "fire, fires, wildfire, wildfires, flames, smoke",
    "cloud": "fog, haze, mist, shadow, shadows",
    "snow": "frost, iceberg, icebergs, ski",
}
"""Words outside the vocabulary, by the concept they may be near to. They are asked back, never taken as it."""
