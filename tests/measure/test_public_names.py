import terrascope_sdk.measure


def test_public_names_are_listed_and_documented():
    for name in terrascope_sdk.measure.__all__:
        assert getattr(terrascope_sdk.measure, name).__doc__, name


def test_values_show_themselves_in_a_line():
    from terrascope_sdk.measure import adjusted_area, change, components
    from tests.measure.discs import mask_of

    lake = mask_of([[True, False, True]])
    assert repr(components(lake)) == "Components(2 regions of water, 2019-09-18, optical, the largest 1 px)"
    assert "100% of the change" in str(change(lake, lake.complement(label="water")))
    found = adjusted_area([[9, 1], [1, 9]], mapped_area_m2={"water": 1e6, "other": 1e6})
    assert repr(found) == "AccuracyAssessment(water, other; 20 points, overall 90.0 %)"
    assert str(found).count("\n") == 6


def test_numbers_are_plain_python():
    from terrascope_sdk import measure
    from tests.measure.discs import mask_of

    a, b = mask_of([[True, False, True, False]]), mask_of([[False, False, False, True]], label="tree")
    found = [measure.area(a), measure.share(a), measure.distance(a, b), measure.touches(a, b), measure.count(a)]
    found += [measure.shared_edge_length(a, b), measure.edge_length(a), *measure.rank([a, b], by="pixels")]
    found += measure.change(a, b).measurements
    found += measure.adjusted_area([[9, 1], [1, 9]], mapped_area_m2={"water": 1e6, "other": 1e6}).measurements
    for number in found:
        for value in (number.value, number.low, number.high, number.observed_frac):
            assert type(value) in (float, int, bool, type(None)), number
        assert number.method, number
        assert number.subject, number
    for check in (measure.agreement(a, b), measure.thin_class(a), measure.sums_to_whole([a, b])):
        assert type(check.passed) is bool
