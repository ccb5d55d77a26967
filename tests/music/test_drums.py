from latentpalette.music import accents, drums, presets


def test_class_zero_is_the_kick_in_every_map():
    assert all(drum_map.class_of(36) == 0 for drum_map in drums.DRUM_MAPS.values())


def test_no_pitch_has_two_classes():
    for drum_map in drums.DRUM_MAPS.values():
        pitches = [pitch for group in drum_map.pitches for pitch in group]
        assert len(pitches) == len(set(pitches)) == len(drum_map.classes)


def test_the_full_map_has_one_class_for_each_of_61_pitches():
    assert len(drums.FULL) == 61
    assert drums.FULL.class_of(36) == 0
    assert drums.FULL.class_of(82) == 60


def test_the_full_map_calls_its_drums_by_their_general_midi_names():
    assert drums.FULL.names == tuple(drums.drum_name(pitch) for pitch in drums.FULL.exemplars)
    assert len(set(drums.FULL.names)) == 61
    assert drums.FULL.names[:2] == ("kick", "acoustic kick")


def test_the_maps_of_2018_and_today_differ_where_note_seq_changed_them():
    changed = {pitch for pitch in range(128) if drums.REDUCED.class_of(pitch) != drums.REDUCED_2018.class_of(pitch)}
    assert changed == {22, 26, 43, 52}


def test_there_are_ten_different_presets_of_two_bars():
    loops = presets.presets()
    assert len(set(loops.values())) == 10
    assert all(loop.steps == 32 and loop.is_drums and len(loop) > 20 for loop in loops.values())


def test_accents_are_velocities_and_stress_the_beat():
    assert len(accents.ACCENTS) == 9
    for bar in accents.ACCENTS:
        assert len(bar) == 16
        assert all(1 <= velocity <= 127 for velocity in bar)
        assert bar[0] > bar[1]
    assert accents.ACCENTS[1][4] > accents.ACCENTS[1][0], "the snare stresses the backbeat"
