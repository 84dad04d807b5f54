"""English words that carry no meaning for a plan: politeness, openings, adjectives of taste, and small words."""

__all__ = ["filler", "openings"]

filler = """
    teh, hte, adn, thier, pleas, plz, relative, either, clearest, cloudless, least cloudy, best, as a whole, a,
    an, the, of the two, the two, these two, of these two, of the three, the three, of these three, run, runs,
    running, part of, parts of, any part of, some part of, a part of, put, but, box, bounding, bounding box,
    bbox, rectangle, coordinates, coordinate, describe, using the years, years, i, me, my, mine, we, us, our,
    you, your, please, kindly, pls, thx, let, like, want, wanted, need, needed, to know, know, if so, if not,
    so, also, then, exactly, approximately, roughly, about, hi, hello, hey, thanks, thank you, thank, by how
    much, work out, figure out, assess, evaluate, quantify, provide, return, list, check, see, look, look at,
    say, whether, express, expressed, given, give, given as, entire, whole, full, complete, all, some, anywhere,
    somewhere, at all, actual, actually, space, room, data, observation, observations, sensor, valid, observed,
    mapped, layer, detected, most pixels, touch the image, touch the scene, touch the picture, touch the frame,
    touching the image, across, date, dates, taken, happened, happen, happens, up, each other, one another, tell
    me if, check if, see if, know if, if, determine if, find out if, tell me whether, find out, find out
    whether, can be counted, can be made out, can be found, can be observed, two dates, two years, both images,
    two images, cloud free image, cloud free images, cloud free scene, cloud free, yet, seen, come, comes, came,
    down, down to, point, at any point, have to go, has to go, to go, to reach, okay, ok, precisely, accurately,
    briefly, quickly, simply, basically, notice, shown, shows, showed, depicted, pictured, captured, displayed,
    acquired, recorded, found here, here now, for me, to me, for us, help, help me, tell, tells, told, tell me,
    tell us, give us, inform me, inform, interested in, interested, curious, curious about, wonder, wondering,
    looking for, good morning, good day, good evening, good afternoon, dear, question, my question, quick
    question, roughly speaking, approximate, estimation, estimated, estimate, estimates, compute, computed,
    measure, measured, measurement, measurements, measuring, calculate, calculated, calculation, report,
    reported, find, finds, determine, state, stated, let us, let's, lets, expanse, expanse of, could you, can
    you, would you, can we, could we, can i, could i, you can, you could, we can, i can, would like, can one,
    could one, would you mind, get me, get to, gets to, need to know, want to know, can be, can, could, i would,
    we would, would be glad, would be nice, would it be possible, would appreciate, should, may i, might, must,
    shall, there's, here's, it's, i'd, i'm, i've, i'd like, we'd, we're, that's, do you know, by the way, well,
    hmm, oh, uh, um, really, truly, just now, very, quite, rather, pretty, beautiful, lovely, nice, wonderful,
    little, famous, local, main local, known, well known, total amount, kind of, sort of, type of, type, kind,
    sort, respective, corresponding, particular, specific, certain, various, several, other, another, same,
    such, own, per, ie, eg, i.e, e.g, etc, namely, e, g, s, t, d, m sized, re, ll, ve, figure, figures, value,
    values, result, results, answer, answers, info, information, details, fact, number please, unit, units
    please, measured in, in units of, in terms of, terms, used, make, made, making, work, works, working, run
    it, ahead, go ahead, do it, try, trying, having, been able, able, possible, possibly, perhaps, maybe,
    likely, around here, hereabouts, nearby us, right, right now, presently used, visible area, while,
    meanwhile, whereas, although, though, however, therefore, thus, hence, because of course, of course, even,
    ever, too, much, many, few, lot, lots, lots of, bit, a bit, a lot, back, back then, time, at that time, at
    the time, then as well, times, period, timeframe, time frame, course, in the course, in the course of, over
    the course of, on record, record, so far, year, month, months, day, days, taking place, took place, took,
    take, takes, taking, occasion, during the period, in the period, season, current, currently existing,
    existing, recorded in, as shown, as seen, according, side, sides, directly, direct, immediate, immediately,
    physically, physical, shared, common, together in, in fact, shortest, minimal, outlined, straight, straight
    line, as the crow flies, crow flies, in a straight line, closest point, closest points, nearest point,
    nearest points, overland, border to border, on the ground, ground distance, stretch, stretches, patchwork,
    body of land, cover of, expanses, extend, extends, spans, span, where there, place where, places where, any
    place where, growing there, thing, things, what kind, item, whatever, whichever, sum up, overall picture,
    recent image, latest image, newest image, most recent image, latest scene, newest scene, latest, newest,
    most recent, recent, today's, current image, based, on the basis of, basis, per image, image date,
    acquisition, acquisitions, acquisition date, pass, passes, overpass, scene of, scene from, project, report
    please, thesis, homework, school, class project, paper, article, presentation, newspaper, research, study,
    sake, purposes, purpose, documentation, brief, short, summary please, question is, following, accordingly, i
    think, i guess, i believe, i heard, heard, think, guess, believe, suspect, assume that, understand, suppose
    that, correct, wrong, true, is it true, it true, that there, ones that, what's more, in addition,
    additionally, furthermore, moreover, finally, first, firstly, second, secondly, lastly, next, respectively
    as, hold on, attached, above mentioned, mentioned, said, aforementioned, called for, in question, concerned,
    concerning, regarding, related, with respect to, with regard to, as regards, in regard to, when it comes to,
    when, while there, whenever, wherever, as far as, as of now, at present, now on, again, once more, more
    precisely, hereby, thereby, therein, upon, onto, into, within the scene, within the image, within the
    picture, within the area, inside the scene, inside the image, inside the area, within the region, within the
    frame, inside the picture, within this area, inside this area, within the study area, in this scene, in that
    place, there now, lower case, room for, land there, land in, extending, extent of land, occupying land, go,
    goes, went, show up, shows up, showing, featured, in view, per se, ground cover, surface cover, cover type
    of, visible there, seen there, lying there, wise, mapped there, covered there, bring, brought, happening,
    end up, ends up, ended up, everywhere, nowhere, overall area of the, remotely sensed, earth observation,
    from space, from above, from orbit, from the air, aerial, sensed, sky, calendar, calendar year, requested,
    request, requests, is requested, required, requires, connected, two numbers, both numbers, two values, two
    figures, numbers, claims file, claim file, for our claims file, for our files, for the file, for our
    records, for the record, altogether now, planning, inventory, audit, annual report, briefing, memo, dossier,
    dashboard, statement, query, enquiry, inquiry, to the nearest, rounded, in figures, in digits
"""
"""Words that may stand anywhere and change nothing."""

openings = """
    for the, for an, in order, in order to, to plan, to prepare, to write, to understand, as a, as an, for a,
    for my, for our, i, i'm, i'd, i've, we, we're, we'd, my, our, hi, hello, hey, dear, good, thanks, thank,
    here, please, journalist, story, student, question, quick, sorry, excuse, ok, okay, well, so, working,
    being, just, since i, because, colleagues, could you, can you, would you, could, can, would, kindly, let me,
    help
"""
"""How a sentence may begin that says who asks and why."""
