"""What must not be answered, and why; and words that have to be asked back; in both languages.

A word that stands in no table is not answered either; these tables give the better reason.
"""

from collections.abc import Mapping

__all__ = ["asked_back", "hints", "reasons"]

reasons: Mapping[str, str] = {
    "The causes of what is seen cannot be measured on an image.": """
        why, cause, causes, caused, reason, reasons, due to, explain, explains, explanation, driver, drivers,
        responsible, effect of, impact of, to blame, warum, weshalb, wieso, ursache, ursachen, grund, gründe,
        verursacht, verantwortlich, schuld, led to, cause of, culprit, weswegen, aus welchem grund, blame,
        motive""",
    "The future cannot be measured: images exist of the past only.": """
        will, predict, predicts, prediction, forecast, forecasts, future, going to, expected, expect, projected,
        projection, next year, tomorrow, next month, next summer, next decade, next years, scenario, next five
        years, next ten years, next few years, years from now, zukunft, künftig, zukünftig, vorhersage,
        vorhersagen, prognose, prognostiziere, morgen, nächstes jahr, nächsten jahren, nächsten jahr, nächsten
        zehn jahren, nächsten fünf jahren, kommenden jahren, kommenden jahr, kommendes jahr, wird es geben, next
        winter, next spring, next week, nächste woche, nächsten monat, upcoming, coming years, coming year, in
        future, by the end of the century, next century, extrapolate, künftigen, vorhersehbar, nächsten sommer,
        nächsten winter, in zukunft, voraussichtlich, will it be, will there be, until when, prognosen,
        vorausgesagt, hochrechnen, aussehen wird, wird aussehen, aussehen, in a few years, in ein paar jahren,
        in wenigen jahren, in two years, in three years, in four years, in five years, in ten years, in fifteen
        years, in twenty years, in thirty years, in fifty years, in 5 years, in 10 years, in 15 years, in 20
        years, in 25 years, in 30 years, in 50 years, in zwei jahren, in drei jahren, in vier jahren, in fünf
        jahren, in zehn jahren, in fünfzehn jahren, in zwanzig jahren, in dreißig jahren, in fünfzig jahren, in
        5 jahren, in 10 jahren, in 15 jahren, in 20 jahren, in 25 jahren, in 30 jahren, in 50 jahren, is going
        to look, look like in the future""",
    "People, owners and their doings cannot be seen from orbit.": """
        who, whose, whom, owner, owners, owns, own the, owned, ownership, population, people, inhabitants,
        residents, person, persons, human, humans, families, family, demographic, income, live, lives, living,
        crime, military, soldiers, resident, tenant, tenants, landlord, company, companies, citizens,
        inhabitant, households, farmers own, tourists, visitors, workers, killed, injured, died, victims,
        voters, refugees, employees, children, men, women, migrants, belonging to whom, legal, illegal,
        illegally, permitted, property, wer, wem, wessen, gehört, gehören, besitzt, eigentümer, besitzer,
        bevölkerung, menschen, einwohner, bewohner, leute, personen, wohnt, wohnen, leben, lebt, familien,
        haushalte, eigentum, einwohnern, bevölkerungsdichte, bürger, firma, unternehmen, inhaber, besitzen,
        opfer, touristen, gehörte, pächter, lebten, wohnten, besitzverhältnisse, illegal gebaut, farmers,
        fishermen, households affected, licence, license, permit, permits, tax, taxes, zoning, politician,
        mayor, government, bürgermeister, kinder, arbeiter, arbeiten dort, evakuiert, evacuated, commuters,
        hikers, hiker, walkers, swimmers, bathers, skiers, cyclists, drivers, passengers, pedestrians,
        customers, clients, students, pupils, spectators, guests, campers, hunters, anglers, sailors, surfers,
        wanderer, besucher, gäste, kunden, schüler, fußgänger, radfahrer, badegäste, jäger, angler, camper,
        ethnic, homeless, poor, rich, poverty""",
    "This SDK measures classes of land cover and not indices or single bands.": """
        ndvi, ndwi, mndwi, ndbi, nbr, evi, savi, index, indices, reflectance, backscatter, band, bands,
        spectral, spectrum, histogram""",
    "Heights, depths and volumes cannot be measured on these images.": """
        height, heights, tall, taller, tallest, elevation, altitude, depth, depths, deep, deeper, deepest,
        volume, volumes, steep, steepness, water level, water levels, level, levels, litres, liters, cubic,
        topography, terrain model, storeys, stories, floors, tief, tiefe, höhe, wassertiefe, wasserstand,
        volumen, pegel, wassermenge, kubikmeter, liter, meereshöhe, stockwerke, hoch sind die, höhen, wie hoch
        sind die bäume, tiefer, tiefste, thickness, thick, dicke, dick, gefälle, hangneigung, shallow, kubik,
        meter tief, metres deep, above sea level, wie hoch sind die häuser, wie hoch sind die gebäude, wie hoch
        stehen, wie hoch steht, how high, steil, gallons""",
    "Weather and temperature are not measured on these images.": """
        temperature, temperatures, warm, hot, cold, hotter, colder, warmer, celsius, fahrenheit, rain, rainfall,
        precipitation, weather, wind, humidity, climate, degrees, temperatur, warm ist, kalt, regen,
        niederschlag, wetter, klima, wassertemperatur, grad, rained, rains, storm, geregnet, wie warm, wie kalt,
        heiß, windgeschwindigkeit, moisture, bodenfeuchte, evaporation, drought, dürre, flow rate, current
        speed, fließgeschwindigkeit, fast does the river, discharge, abfluss, speed""",
    "Condition and quality are not measured here, only what covers the ground.": """
        health, healthy, unhealthy, stressed, quality, clean, cleaner, polluted, pollution, dirty, contaminated,
        salinity, turbidity, algae, safe, dangerous, risk, risky, good, bad, ripe, diseased, dense, density,
        condition, alive, drinkable, potable, fertile, fertility, toxic, salty, oxygen, nutrients, ph,
        chlorophyll, age, aged, gesund, qualität, wasserqualität, sauber, verschmutzt, schmutzig, sicher,
        gefährlich, gut, schlecht, reif, dichte, zustand, trinkbar, giftig, fruchtbar, bodenqualität,
        luftqualität, salzig, wie alt, alter, luftverschmutzung, air quality, soil quality, how old, oldest,
        ruhig, krank, schön ist, degraded, degradation, biodiversity, artenvielfalt, habitable, suitable,
        geeignet, beautiful is, noise, noisy, smell, taste, swim, schadstoffe, nitrate, nitrat,
        schadstoffbelastung, belastung, belastet, schadstoff, sicherheit, safety, hochwertig, pest, infestation,
        sick, fishable, swimming, baden""",
    "Amounts of matter and money are not measured here, only ground area.": """
        biomass, carbon, co2, yield, yields, harvest, harvested, tonnes, tons, timber, price, prices, cost,
        costs, worth, dollars, euros, euro, dollar, expensive, cheap, rent, sell, sold, buy, bought, money,
        profit, profitable, ertrag, erträge, ernte, preis, preise, kostet, kosten, tonnen, biomasse,
        kohlenstoff, teuer, geld, economic, value of the land, market value, wert ist, verkauft, kaufen,
        gekostet, miete, insured, insurance, versicherung, schaden in euro, damage cost, gdp, revenue, income
        from, ernteertrag, schadenssumme, emissions, emission, energy, electricity, strom verbraucht,
        stromverbrauch""",
    "Single vehicles, ships, animals and other small objects are not in the vocabulary of land cover.": """
        car, cars, vehicle, vehicles, truck, trucks, ship, ships, boat, boats, plane, planes, aircraft,
        airplane, airplanes, animal, animals, cow, cows, cattle, sheep, goats, horses, pigs, whale, whales,
        bird, birds, elephant, elephants, fish, fishes, deer, dog, dogs, insects, species, autos, auto, boote,
        schiffe, tiere, kühe, schafe, pferde, vögel, vogel, fische, fahrzeuge, lkw, flugzeuge, arten, baumarten,
        tierarten, pflanzenarten, hirsche, rehe, kuh, flowers, blumen, fence, fences, zäune, bench, benches,
        livestock, vieh, rinder, ziegen, schweine, hunde, schiff, boot, streetlights, lamps, traffic lights,
        tree species, fledermäuse, bees, bienen, wolves, wölfe, bears, bicycles, bikes, fahrräder, buses, busse,
        trains, züge, chickens, hühner, lions, crocodiles, dolphins, monkeys, tiger, tigers, trees exactly,
        single trees, individual trees, einzelne bäume, einzelbäume, einzelnen bäume, leaves, blätter, windows,
        fenster, doors, trunks, mushrooms, pilze, traffic, verkehr""",
    "Names and descriptions are not given; ask for a share, an area, a distance, an order, a number or a change.": """
        describe what, describe the scene, describe the image, describe this image, describe the picture,
        describe the area, describe this scene, beschreibe die szene, beschreibe das bild, description, caption,
        name, names, called, what is this, what do you see, what can you see, tell me a story, story about,
        poem, joke, summarize, summarise, translate, meaning, heißt, heißen, name des, namen, genannt, wie
        heißt, wie heißen, gedicht, witz, named, nenne den namen, beschreibe was, address, addresses, adresse,
        adressen, hausnummer, bedeutet, telefonnummer, phone number, zip code, postleitzahl, benannt,
        geschichte, essay, haiku, lyrics, song""",
    "Positions within the scene are not understood yet.": """
        north of, south of, east of, west of, northern, southern, eastern, western, northeast, northwest,
        southeast, southwest, top, bottom, upper, lower half, middle, centre, center, corner, quadrant, northern
        part, southern part, north, south, east, west, nördlich, südlich, östlich, westlich, norden, süden,
        osten, westen, upstream, downstream, stromaufwärts, flussabwärts, flussaufwärts""",
    "Averages and extremes are not understood yet; name one date, two dates, or a development.": """
        share of the time, how often, how many times, how frequently, wie oft, how many days, how many months,
        wie viele tage, wie lange, for how long, average, mean, median, typical, typically, monthly, every
        month, each month, fastest, seasonal, seasonally, peak, longest, variation, variability, durchschnitt,
        durchschnittlich, mittelwert, im mittel, im schnitt, standard deviation, correlation, correlate,
        korrelation, korreliert, average size, mean size, statistically, probability, wahrscheinlichkeit,
        likelihood, chance""",
    "Widths and shapes are not understood yet; ask for an area, a length or a distance.": """
        width, widths, wide, wider, widest, shape, round shape, wie breit, breite, form hat, how wide""",
    "A supposed change cannot be seen on an image; two dates are needed.": """
        would, suppose, supposing, imagine, assume, assuming, hypothetical, hypothetically, what if, pretend,
        simulated, simulate, angenommen, was wäre, stell dir vor, simuliere, would have been, were to, if it had""",
    "The question speaks of a label file; this plans measurements on imagery.": """
        instance, instances, label, labels, labelled, labeled, annotation, annotations, ground truth""",
    "How accurate a map is cannot be told without reference data; see measure.adjusted_area.": """
        accuracy, accurate, error, errors, uncertainty, confidence, reliable, precision, genauigkeit,
        unsicherheit, fehlerquote, zuverlässig""",
    "When something happened is not understood yet; ask what changed between two dates.": """
        since when, when did, when was, when were, when has, when does, when is, at what time, wann, seit wann,
        in which year did, in which year was, in which month, on which date, on what date, what year was, what
        year did, in welchem jahr, in welchem monat, an welchem tag, which year, which month, what day, what
        date""",
    "Only questions about what covers the ground are answered; commands are not.": """
        instruction, instructions, prompt, system, delete, execute, shell, sudo, script, erase, format the,
        code, password, passwords, token, key, keys, file, files, http, https, www, import, eval, print, select,
        where id, api, admin, override, jailbreak, pretend to be, act as, role, e mail, email, mail, send,
        upload, install, curl, wget, rm, rf, reboot, shut down, shutdown, disk, environment variables,
        variables, terminal, console, database, sql, drop table, hack, root, chmod, restart, computer, machine,
        server, url, website, browse, internet, repository, git, python, os, bash, powershell, credentials,
        secret, secrets, config, configuration, ssh, folder, folders, directory, directories, kill, process,
        processes, developer mode, ignore all, ignore your, ignore previous, previous instructions, disregard
        all, forget, you are now, my boss, post it, tweet, call, lösche, löschen, führe, ausführen, befehl,
        datei, dateien, passwort, passwörter, schicke, schick, sende, senden, rechner, systemprompt,
        anweisungen, anweisung, starte, herunterladen, installiere, ordner, verzeichnis, öffne, festplatte,
        formatiere, vergiss, überschreibe, befehle, skript, quelltext, zugangsdaten, fahre, datenbank, turn off,
        switch off, open a, open the, write a, write me, book, order a, order me, play, remind, alarm, set the,
        overwrite, wipe, uninstall, run the, run a, execute the, printer, drucke, ausdrucken, bestelle, kaufe,
        spiele, erinnere, schalte, workspace""",
    "What was there cannot be told from what covers the ground.": """
        meteor, ufo, treasure, gold, oil, gas, mineral, minerals, bodenschätze, öl, erdöl, schatz, earthquake,
        erdbeben, archaeological, underground, beneath the ground, below ground, unterirdisch, wifi, signal,
        groundwater, ground water, grundwasser, lithium deposits, ore, basement, basements, keller, pipes,
        rohre, cables, kabel, inside the buildings, indoors""",
}
"""Why not, and the words that give it away."""

asked_back: Mapping[str, str] = {
    "By swamp, do you mean herbaceous wetland, flooded trees or open water?": """
        swamp, swamps, swampy, swampland, sumpf, sümpfe, sumpfes, sumpfgebiet""",
    "By mangrove, do you mean tree cover, or tree cover that stands in water?": "mangrove, mangroves, mangroven",
    "Between which two dates? Please give years, months or days.": """
        ago, recently, decade, decades, afterwards, later, century, pre, post, historically, then and now,
        before and after, vorher und nachher, lately, neulich, kürzlich, seitdem, since then, damals, a while
        ago, long ago, vor kurzem, nowadays compared, in the past, in der vergangenheit, over the last years, in
        recent years, in den letzten jahren, after the flood, before the flood, vor der flut, nach der flut, vor
        dem hochwasser, nach dem hochwasser, before the fire, after the fire, vor dem brand, nach dem brand,
        after the storm, before the storm, after the dam, before the dam, in recent times, in the old days, past
        few years, last few years, in my childhood, the other day""",
    "How near is near? Please give a distance, such as 500 m.": """
        near, nearby, close to, vicinity, in the vicinity of, proximity, close by, in der nähe, nahe, nahe bei,
        nah an, in der umgebung, nah am, surroundings of, in the neighbourhood of, far away from, not far from,
        unweit, nahegelegen, in der nähe von, fern von, weit weg von, near to, in the surroundings of""",
    "Do you mean the change in percent of the area before, or the share on each of the two dates?": """
        percentage points, percentage point, pp, prozentpunkte""",
    "Which do you mean? Please name a kind of land cover.": """
        stuff, something, anything interesting, biotope, habitat, habitats, nature, natural, natur, ecosystem,
        land cover changed""",
}
"""Questions back, and the words that call for them."""

hints: Mapping[str, str] = {
    "water": """
        delta, estuary, bay, harbour, harbor, dam, seaside, flood zone, flood zones, tide, spring water, hafen,
        bucht, quelle, fjord, waterfall""",
    "tree": """
        jungle, rainforest, orchard, orchards, plantation, plantations, palm, palms, oak, oaks, pine, pines,
        spruce, timberland, park, parks, regenwald, dschungel, obstgarten, plantage, nadelwald, laubwald,
        mischwald, eichen, fichten, buchen, deciduous, coniferous, deciduous forest, coniferous forest, kiefern,
        olive trees, palm trees, palm oil, oil palm, banana, bananas""",
    "crop": """
        rice, wheat, maize, corn, soy, soybean, soybeans, vineyard, vineyards, vines, cotton, sugarcane, paddy,
        paddies, potatoes, potato, barley, farms, farm, greenhouse, greenhouses, weinberg, weinberge, weizen,
        mais, reis, kartoffeln, raps, rapeseed, reisfelder, gewächshäuser, bauernhof, sunflowers, coffee, coffee
        plantations, sugar beet, zuckerrüben, rebfläche, gärten, gardens, garden""",
    "grass": "prairie, steppe, savanna, savannah, hay, golf, heu, golfplatz",
    "developed": """
        building site, building sites, industry, industrial, residential, suburbs, factory, factories, airport,
        airports, parking, harbour area, slum, slums, mine, mines, quarry, concrete, asphalt, pavement,
        community, industriegebiet, flughafen, parkplatz, parkplätze, gewerbegebiet, fabrik, steinbruch, parking
        lots, parking lot, baustelle, baustellen, industrial area, car park""",
    "building": """
        home, homes, shed, sheds, school, schools, hospital, hospitals, tower, towers, church, mosque, schule,
        schulen, kirche, krankenhaus, churches, turm""",
    "road": """
        railway, railways, rail, bridge, bridges, path, paths, track, tracks, brücke, brücken, eisenbahn,
        schienen, railroad, bahnlinie""",
    "bare": """
        mountain, mountains, hill, hills, gravel, dune, dunes, cliff, cliffs, mud, lava, salt, clay, berg,
        berge, hügel, düne, dünen, schlamm, kies""",
    "wetland": """
        mire, moor, moorland, heath, heathland, tundra, mudflat, mudflats, heide, watt, reeds, schilf,
        floodplain, floodplains, aue, auen""",
    "burned": "flames, smoke, rauch, ash, asche",
    "cloud": "fog, haze, mist, shadow, shadows, nebel",
    "snow": "frost, iceberg, icebergs, ski, skipiste",
}
"""Words outside the vocabulary, by the concept they may be near to. They are asked back, never taken as it."""
