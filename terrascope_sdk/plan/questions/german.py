"""The German that the planner reads, as tables of the same signs as the English ones.

Umlauts stand as they are written; the reader folds them, so that ``ae`` and ``ä`` are one. Endings of nouns, adjectives
and verbs are taken off, and compounds such as *Waldfläche* are split, when a word is not found as it stands.
"""

from collections.abc import Mapping

__all__ = ["signs", "things"]

things: Mapping[str, str] = {
    "water": """
        wasser, gewässer, see, seen, stausee, stauseen, fluss, flüsse, flusses, flüssen, bach, bäche, bachs,
        baches, bächen, teich, teiche, weiher, meer, kanal, kanäle, strom, lagune, tümpel, unter wasser,
        überflutet, überschwemmt, überflutung, überschwemmung, hochwasser, flut, offenes wasser, offene wasser,
        oberflächenwasser, wasserkörper, speichersee, talsperre, überschwemmte, überflutete, geflutet,
        wasserbedeckt, baggersee, baggerseen, gewässern, ozean, unter wasser stehend, wasserlauf, wasserläufe,
        flusslauf, bachlauf, rückhaltebecken, stausees, tümpeln""",
    "tree": """
        wald, wälder, wäldern, waldes, forst, forste, bewaldet, baum, gehölz, gehölze, baumbedeckt, baumbestand,
        waldbedeckt, baumbestände, hain, waldbestand, waldbestände, baumbewuchs, wäldchen""",
    "shrub": "busch, büsche, buschland, gebüsch, strauch, sträucher, strauchland, gestrüpp, macchia, strauchwerk",
    "grass": """
        gras, grünland, grasland, wiese, wiesen, weide, weiden, weideland, rasen, almwiese, weidefläche,
        grünlandes, viehweide, viehweiden""",
    "crop": """
        acker, äcker, ackers, äckern, ackerland, ackerboden, ackerbau, feld, felder, feldern, landwirtschaft,
        landwirtschaftlich genutzt, landwirtschaftlich, kulturland, anbau, agrarland, agrar, beackert, bestellt,
        ackerlandes, landwirtschaftlich genutzte, nutzland, agrarisch""",
    "developed": """
        siedlung, siedlungen, stadt, städte, stadtgebiet, bebaut, bebauung, dorf, dörfer, ort, ortschaft,
        ortschaften, versiegelt, städtisch, urban, verbaut, ortes, siedlungsraum, bauland, überbaut, besiedelt,
        dorfes, künstlich, ortslage, städten, innenstadt, siedlungsgebiet, versiegelung, siedlungs, bebautes
        gebiet, bebautes land, bebaute flächen""",
    "bare": """
        kahl, kahles land, nackter boden, offener boden, offene böden, sand, fels, felsen, gestein, geröll,
        brachliegender boden, vegetationslos, unbewachsen, strand, wüste, boden ohne bewuchs, blanker boden,
        offenboden, ödland, kahler boden, rohboden, nackt, kahlland, vegetationsfrei, offenes land ohne bewuchs""",
    "wetland": """
        moor, moore, feuchtgebiet, feuchtgebiete, sumpfwiese, feuchtland, feuchtwiese, feuchtwiesen, marsch,
        niedermoor, hochmoor, moores, marschland, ried, feuchtfläche""",
    "snow": """
        schnee, eis, gletscher, schneebedeckt, verschneit, schneedecke, eisbedeckt, vereist, schneebedeckung,
        gletschern, firn, eisfläche, eisdecke, unter schnee, zugeschneit""",
    "vegetation": """
        vegetation, pflanzen, bewuchs, begrünt, pflanzenbewuchs, grün, grünes, pflanzenbedeckt, bewachsen,
        grünfläche, grünflächen, grünanteil, pflanzendecke, vegetationsbedeckt, vegetationsdecke, begrünung""",
    "building": """
        gebäude, haus, häuser, häusern, dach, dächer, hütte, hütten, bauwerk, bauwerke, wohnhaus, wohnhäuser,
        gebäuden, dachfläche""",
    "road": """
        straße, straßen, strasse, strassen, wege, autobahn, autobahnen, fahrbahn, straßennetz, wegen,
        landstraße, landstraßen""",
    "burned": """
        verbrannt, abgebrannt, brand, brandfläche, brandflächen, brandnarbe, brandnarben, waldbrand, waldbrände,
        feuer, brannte, brennen, gebrannt, verbrannte fläche, verbrannte flächen, niedergebrannt, brände,
        brannten, brandspuren, brandspur, verkohlt, verbrannten, waldbrandfläche, brandgebiet, verbrannten
        fläche, verbrannten flächen""",
    "cloud": """
        wolke, wolken, bewölkung, bewölkt, wolkenbedeckung, wolkenbedeckt, wolkendecke,
        wolkenschatten, wolkig""",
}
"""German names of concepts."""

signs: Mapping[str, str] = {
    "share": """
        anteil, anteile, prozent, prozentsatz, prozentual, prozentualer, %, bruchteil, prozentanteil,
        flächenanteil, quote, verhältnis, teil, welcher teil, anteilig, anteilsmäßig, prozentzahl,
        flächenprozent, prozentwert, deckungsgrad""",
    "share:of": """
        wie viel prozent von, wie viel von, hälfte von, wie viel vom, wie viel der, wie viel des, wieviel von,
        wieviel vom, wieviel der, wieviel des, welcher teil von, wie viel von dem, wie viel von der, wie viel
        von den, ein wie großer teil""",
    "cover": """
        bedeckt, bedecken, einnimmt, nimmt ein, nehmen ein, nimmt, nehmen, einnehmen, eingenommen, ausmacht,
        macht aus, macht, machen, ausmachen, bedeckung, entfällt, entfallen, belegt, umfasst, umfassen, belegen,
        beansprucht, beanspruchen, verdeckt, füllt, füllen, nahm, nahmen, gehört zu, bedeckte, bedeckten""",
    "size": """
        wie groß, wie ausgedehnt, größe, ausdehnung, welche fläche, wie viel fläche, wie viel land, wieviel
        fläche, flächengröße, welche gesamtfläche, wie weitläufig, flächeninhalt, wie viel platz,
        flächenausdehnung, welche ausdehnung, flächenmaß, wie viel raum, umfang der fläche, was für eine fläche,
        flächenumfang""",
    "howmuch": "wie viel, wieviel, menge, wie viel genau",
    "area": "fläche, flächen, gebiet, gebiete, areal, gesamtfläche, oberfläche",
    "many": "wie viele, wieviele, anzahl, zahl, anzahl der, zahl der, wie zahlreich, stückzahl",
    "count": "zähle, zählen, zähl, gezählt, abzählen",
    "length": "länge, wie lang, längen, gesamtlänge, umfang, lang, uferlänge",
    "edge": "rand, ränder, kante, kanten, außenkante, außenrand, randes, saum, außengrenze, umriss",
    "shore": """
        ufer, küste, uferlinie, uferlinien, küstenlinie, seeufer, flussufer, ufers, gestade, uferkante, ufern,
        wasserkante, wasserlinie""",
    "touch": """
        grenzt, grenzen, grenzte, grenzten, angrenzt, angrenzen, berührt, berühren, berührte, berührten,
        angrenzend, benachbart, grenze, gemeinsame grenze, stößt, stoßen, stieß, stießen, aneinander, neben,
        direkt neben, direkt an, direkt am, unmittelbar an, unmittelbar am, direkt bis an, anliegend, kontakt,
        unmittelbar neben, aneinandergrenzen, aneinandergrenzt, gemeinsame kante, nebeneinander, in kontakt,
        anstößt, anstoßen, treffen aufeinander, aufeinander, trifft, treffen, traf, trafen, angegrenzt, schließt
        an, berührung, reicht bis an, reichen bis an, reicht bis zum, reicht bis zur, reichte bis an, reichten
        bis an, aneinandergegrenzt""",
    "distance": """
        abstand, entfernung, distanz, wie weit, nächste, nächster, nächstes, nächsten, nächstgelegene,
        nächstgelegenen, nächstgelegener, auseinander, getrennt, trennt, trennen, lücke, wie nah, wie nahe,
        luftlinie, kürzeste entfernung, kürzester abstand, kürzeste distanz, kleinster abstand, mindestabstand,
        minimaler abstand, geringster abstand, geringste entfernung, kleinste entfernung, kürzeste, kürzester,
        kürzesten, nächstem""",
    "rank:largest": """
        größer, größte, größten, am größten, mehr, am meisten, größeren, größerer, größere, meiste, meisten,
        mehr platz, überwiegt, mehr fläche, größter, größtes, größeres, mehr raum, mehr land, höher, höheren,
        ausgedehnter, größten anteil, der größte nach kleinste, überwiegen, flächenmäßig größer, größere fläche,
        die größere fläche, absteigend, größten zum kleinsten""",
    "rank:smallest": """
        kleiner, kleinste, kleinsten, am kleinsten, weniger, am wenigsten, wenigste, wenigsten, kleinere,
        kleineren, kleinerer, kleinster, geringste, geringer, weniger fläche, aufsteigend, weniger platz""",
    "rank": """
        ordne, ordnen, sortiere, sortieren, rangfolge, reihenfolge, rang, nach größe, nach fläche, nach ihrer
        größe, nach ihrer fläche, der größe nach, reihe, rangliste, sortiert, geordnet, rangordnung, bringe,
        nach flächengröße, der fläche nach""",
    "dominant": """
        dominiert, vorherrschend, vorherrschende, überwiegend, häufigste, überwiegende, dominierende,
        dominieren, vorwiegend, häufigsten""",
    "classes": """
        klasse, klassen, landbedeckung, bodenbedeckung, landbedeckungsklasse, landnutzung, kategorie,
        bedeckungsart, landnutzungsklasse""",
    "map": """
        welche flächen, welche gebiete, welche orte, welche bereiche, wo, karte, zeige, zeig, kartiere,
        kartieren, zeichne, zeichnen, markiere, markieren, zeigen, maske, darstellen, stelle dar, hebe hervor,
        hervorheben, umreiße, abgrenzen, grenze ab, segmentiere, eintragen, einzeichnen, stell dar, kartier,
        markier, an welchen stellen, welche stellen, einfärben, färbe, darstellung, lokalisiere, hebe, stelle,
        stell, eingezeichnet, kartierung, umrande, visualisiere, wo genau, karte von, karte der, karte des,
        umrisse, anzeigen, zeige an, zeig an, einblenden, abbilden, ausweisen, hervorzuheben, anzuzeigen""",
    "any": """
        gibt es, gab es, gibt, gab, existiert, existieren, enthält, vorhanden, ist da, sind da, vorkommen,
        vorkommt, kommt vor, kommen vor, kam vor, sichtbar, zu sehen, finden sich, findet sich, fand sich,
        irgendwelche, irgendein, irgendwo, liegt da, beinhaltet, irgendeine, existierte, existierten, fanden
        sich, erkennbar, zu finden, gegeben, enthalten, kommt, kommen, kam, kamen, irgendwelches, irgendeinen,
        hat es, hat es gegeben, haben wir, gäbe es""",
    "export:geotiff": "geotiff, tiff, rasterdatei",
    "export:geojson": "geojson, vektordatei",
    "export:csv": "csv, excel, tabelle, tabellendatei",
    "export:json": "json",
    "exporting": "exportiere, exportieren, speichere, speichern, export, exportier, speicher",
    "change:net": """
        verändert, veränderung, veränderte, veränderten, geändert, änderung, ändert, ändern, änderte,
        unterschied, unterscheidet, unterscheiden, differenz, verändern, nettoveränderung, nettoänderung,
        veränderungen, gewandelt, unterschieden""",
    "change:net loss": """
        geschrumpft, schrumpfte, schrumpfen, schrumpft, zurückgegangen, abgenommen, abnahme, rückgang, kleiner
        geworden, verkleinert, verringert, zurückgezogen, geringer geworden, weniger geworden, nahm ab, nahmen
        ab, ging zurück, gingen zurück, schrumpften, schrumpfung, gesunken, verkleinerung, verringerung, sank,
        reduziert, zurück, nimmt ab, vermindert, geschmolzen, abgeschmolzen, reduktion, verkleinerte,
        verringerte, eingebüßt, nettoverlust, zurückgewichen, zurückging, abnahm, zurückgehen, sinken, sanken""",
    "change:net gain": """
        gewachsen, wuchs, wachsen, wächst, zugenommen, zunahme, wachstum, größer geworden, vergrößert,
        ausgedehnt, ausgebreitet, ausgeweitet, gestiegen, anstieg, mehr geworden, nahm zu, nahmen zu, wuchsen,
        ausbreitung, erweitert, vergrößerung, stieg, erhöht, dehnte, dehnten, vergrößerte, zuwachs, breitete,
        nimmt zu, erweiterung, angewachsen, nettozuwachs, zunahm, ausweitung, hinzubekommen, steigerung,
        angestiegen""",
    "change:loss loss": """
        verloren, verlust, verlor, verloren gegangen, verschwunden, verschwand, ging verloren, gingen verloren,
        gerodet, abgeholzt, verschwanden, verlieren, zerstört, verluste, rodung, eingebüßt, trockengefallen,
        weggefallen, gefällt, verlorengegangen, verschwinden, ausgetrocknet, vernichtet, abholzung, verloren
        ging""",
    "change:gain gain": """
        gewonnen, hinzugekommen, neu, neue, neuen, neuer, neues, dazugekommen, entstanden, zugewonnen, gewinn,
        entstand, aufgeforstet, neu entstanden, dazu gekommen, hinzu gekommen, entstanden sind, neu
        hinzugekommen, gewann, gewannen, hinzu, neu gebaut, zugewinn, entstehen, dazugewonnen, dazu gewonnen,
        hinzugewonnen, dazubekommen, neu dazugekommen""",
    "turn": """
        umgewandelt, umwandlung, verwandelt, gewandelt in, wurde zu, wurden zu, geworden, ersetzt, umgenutzt,
        wurde in, übergegangen, überging, ging über, ersetzte, verwandelte, verwandelten, umgebrochen,
        umgewidmet, übergang, weichen, wich, umgewandelte, überführt, überbaut worden, überbauten, weichen
        müssen, wurde aus, wurden aus, gewichen, umgewandelten""",
    "filler": """
        will, wollte, gebeten, wird gebeten, um angabe, angabe, angaben, erbeten, es wird, wird um, gewünscht,
        benötigt, ersuche, ersucht, bitte um, ausgegeben, mitzuteilen, mitteilen, genannt, beziffern, beziffere""",
    "since": "seit, seit dem, seit dem jahr, seit dem jahre",
    "gone": "nicht mehr, keiner mehr, keines mehr, keine mehr, keins mehr, kein, weg, nicht länger, kein mehr",
    "still": """
        noch, immer noch, noch immer, geblieben, blieb, blieben, weiterhin, unverändert, erhalten, erhalten
        geblieben, nach wie vor, bleibt, bleiben, beständig, stehen geblieben""",
    "before": "zuvor, vorher, früher, davor, vordem, ehemals, ehemalig, ursprünglich, einst, bisher, ehemaligen",
    "alltimes": """
        sowohl, beiden zeitpunkten, beiden jahren, zu beiden zeitpunkten, in beiden jahren, an beiden tagen, an
        beiden terminen""",
    "trend": """
        trend, entwickelt, entwicklung, entwickelte, entwickelten, zeitreihe, verlauf, im laufe der zeit, im
        lauf der zeit, über die jahre, langfristig, tendenz, entwickeln, im laufe der jahre, mit der zeit,
        zeitlich, zeitliche, zeitlicher verlauf, über die zeit, im zeitverlauf, trends, langzeittrend, verlief,
        zeitliche entwicklung, dynamik, über die jahre hinweg""",
    "yearly": """
        jährlich, jährliche, jährlicher, jährlichen, jedes jahr, pro jahr, jahr für jahr, in jedem jahr, je
        jahr, jahresweise, jährliches, alljährlich, von jahr zu jahr, im jahr jeweils, jeweils im jahr, für
        jedes jahr, jährlich jeweils, eines jeden jahres, jedem jahr""",
    "compare": """
        vergleiche, vergleichen, vergleich, verglichen, verglichen mit, im vergleich zu, im vergleich mit,
        gegenüber, im vergleich, gegenüberstellen, stelle gegenüber, vergleich zu, stell gegenüber, vergleicht,
        gegenüberstellung, im gegensatz zu, gegenübergestellt, vergleichsweise, nebeneinander stellen,
        vergleicht sich, versus""",
    "near": """
        innerhalb, innerhalb von, im umkreis, im umkreis von, umkreis, näher als, nicht weiter als, weniger weit
        als, in einer entfernung von, im abstand von, im radius von, in einem abstand von, puffer, in einem
        radius von, in einem umkreis von, in höchstens, innerhalb einer entfernung von, innerhalb eines abstands
        von, puffer von, im puffer von, pufferzone, pufferzone von, in einem puffer von, in einem streifen von,
        streifen von, nicht mehr als, innerhalb eines umkreises von, im umfeld von, näher, in einer distanz von,
        in einer entfernung von bis zu, in einer entfernung von höchstens, in einem abstand von höchstens, im
        abstand von bis zu, im abstand von höchstens, bis auf, einer pufferzone, in maximal, unter""",
    "far": """
        weiter als, entfernter als, außerhalb, außerhalb von, nicht näher als, außerhalb eines umkreises von,
        jenseits, jenseits von, weiter weg als, ferner als, weiter entfernt als, in einer entfernung von mehr
        als, in mehr als, außerhalb des umkreises von, nicht innerhalb, nicht innerhalb von, nicht im umkreis
        von, im abstand von mehr als, in einem abstand von mehr als, im abstand von mindestens, in einer
        entfernung von mindestens, in einem abstand von mindestens, weiter""",
    "least": """
        mindestens, größer als, mehr als, über, ab, minimal, wenigstens, nicht kleiner als, mindestgröße,
        mindestgröße von, oder mehr, oder größer, von mindestens, mindestfläche, einer mindestgröße von, einer
        größe von mindestens, und mehr, und größer, zumindest, mindestens eine fläche von, aufwärts, nicht
        unter, mindestfläche von""",
    "atmost": """
        höchstens, weniger als, maximal, unter, bis zu, nicht mehr als, kleiner als, geringer als, oder weniger,
        oder kleiner, unterhalb von, von höchstens, nicht über, unterhalb, niedriger als""",
    "ignore": """
        ohne berücksichtigung, ignoriere, ohne solche, ausgenommen, lasse weg, ignorieren, vernachlässige,
        weglassen, lass weg, außer acht lassen, ohne die, unberücksichtigt""",
    "away": "entfernt, weit entfernt, weg von, entfernte, entfernten, entfernter, weit weg",
    "around": "um, rund um, herum, um herum, ringsum, rings um, beiderseits, entlang, links und rechts, längs",
    "unit:ha": "hektar, ha, hektaren, hecktar, hektars",
    "unit:m2": "quadratmeter, m2, m², qm, quadratmetern, m^2",
    "unit:km2": "quadratkilometer, km2, km², quadratkilometern, qkm, km^2",
    "unit:acre": "acre, acres",
    "unit:mi2": "quadratmeile, quadratmeilen",
    "unit:m": "meter, metern, m, meters",
    "unit:km": "kilometer, kilometern, km, kilometers",
    "unit:mi": "meile, meilen",
    "unit:nmi": "seemeile, seemeilen, nautische meile, nautische meilen",
    "unit:ft": "fuß",
    "patch": """
        stück, stücke, stücken, einzelflächen, teilflächen, teilfläche, regionen, parzelle, parzellen,
        zusammenhängend, zusammenhängende, zusammenhängenden, patches, patch, inseln, flecken, fleck, bestände,
        teilgebiete, schlag, schläge, polygone, bestand, einzelfläche, zusammenhängender""",
    "single": """
        getrennt, getrennte, getrennten, einzeln, einzelne, einzelnen, separat, separate, verschieden,
        verschiedene, eigenständig, voneinander getrennte, voneinander, unterschiedliche""",
    "pair": "zwei größten, beiden größten, 2 größten",
    "and": "und, sowie, als auch, und auch, wie auch, und von",
    "or": "oder, beziehungsweise, bzw",
    "comma": ",",
    "without": """
        ohne, außer, abgesehen von, aber kein, aber keine, aber nicht, ausgenommen, nicht aber, aber keinen,
        jedoch nicht, jedoch kein, jedoch keine, abzüglich, mit ausnahme von, mit ausnahme der, mit ausnahme
        des, die kein, die nicht, das kein, das nicht, der nicht, der kein, und nicht, und kein, und keine, doch
        nicht, doch kein, das keine, die keine, exklusive, doch keine, der keine, anders als""",
    "not": "nicht, kein, keine, keinen, keinem, keines, weder, nie, keins, keiner, keinerlei",
    "rest": "alles andere, der rest, rest, übrige, alles übrige",
    "butnot": "alles außer, alles bis auf",
    "together": "zusammen, zusammengenommen, insgesamt zusammen, gemeinsam, kombiniert, in summe, summe, addiert",
    "total": "insgesamt, gesamt, gesamte, gesamten, gesamter, im ganzen",
    "each": "jeweils, je, jeder, jede, jedes, jede für sich",
    "both": "beide, beiden",
    "link": """
        ist, sind, war, waren, gewesen, sein, wurde, wurden, worden, wird, werden, liegt, liegen, lag, lagen,
        liegend, gelegen, steht, stehen, stand, standen, besteht aus, bestehen aus, bestand aus, befindet,
        befinden, befand, befanden, genutzt als, bedeckt von, bedeckt mit, genutzt, genutzt wurde,
        klassifiziert, unter, verwendet, zählt als, gilt als, erstreckt, fällt auf, fallen, liegende, liegenden,
        gelegene, gelegenen, lägen, besteht, bestehen""",
    "of": "von, vom, des",
    "article": "der, die, das, dem, den, deren",
    "as": "als",
    "in": """
        durch, in, im, am, an, auf, bei, für, während, aus, ins, zum, zur, des jahres, im jahr, im jahre, in dem
        jahr, vor, für das jahr, für den, beim, anno, den, nach, jahr, kalenderjahr, im kalenderjahr, des
        kalenderjahres, im laufe des jahres, im verlauf des jahres""",
    "from": "ausgehend von",
    "to": "bis, zu, hin zu, bis zum, bis zur, bis in",
    "between": "zwischen",
    "than": "als",
    "with": "mit, mittels, laut, anhand",
    "pronoun": """
        es, ihn, sie, diese, dieser, dieses, deren, ihre, ihr, seine, sein, davon, derselbe, dasselbe, dessen,
        denen, dieselbe, ihm, ihrer, diesen, hiervon, daran, derjenigen, der von, jener, jenen""",
    "wh": """
        was, welche, welcher, welches, welchen, welchem, wie, hat, haben, hatte, hatten, wie ist, wie war, wie
        hoch, wie hoch ist, wie hoch war, wie stark, wie sehr""",
    "aoi": """
        szene, bild, aufnahme, satellitenbild, ausschnitt, region, gegend, untersuchungsgebiet, gesamtgebiet,
        hier, bildes, aufnahmen, satellitenaufnahme, gesamten gebiet, dort, bildausschnitt, landschaft, szenen,
        bilder, dieses gebiet, diesem gebiet, dieses gebiets, dieses gebietes, kachel, gesamtes gebiet, land,
        gelände, satellitenbildern, satellitenbilder, gebiets, gebietes, umgebung, kartenausschnitt, insel, tal,
        ganze gebiet, gesamten fläche, gesamtfläche des gebiets, studiengebiet, bildfläche, kreis, landkreis,
        bezirk, provinz, boden""",
    "only": "nur, lediglich, ausschließlich, bloß",
    "sensor:optical": "optisch, optische, optischen, sentinel 2, landsat",
    "sensor:sar": "radar, sar, sentinel 1",
    "again": """
        und wie sieht es mit, wie steht es mit, wie sieht es aus mit, und wie war es, wie war es, wie sieht es,
        und wie steht es um, wie ist es mit, dasselbe für, das gleiche für, genauso für, das selbe für, jetzt,
        nun, wie sah es, und wie sah es, gleiche frage für, dasselbe noch einmal für""",
}
"""What a phrase is a sign of."""
