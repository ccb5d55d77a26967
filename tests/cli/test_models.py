from latentpalette.models.store import available, load
from tests.cli.runner import run


def test_each_model_is_listed_with_what_it_is_for_and_how_large_it_is():
    result = run("models")
    assert result.exit_code == 0
    for listed in available():
        (line,) = (line for line in result.output.splitlines() if line.startswith(f"{listed.name} "))
        config = load(listed.name).config
        assert f" {config.z_size} " in line
        assert f" {config.steps} " in line
        assert " MB " in line
    assert "drum loops" in result.output
