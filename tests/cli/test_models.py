from latentpalette.models.store import available, load
from tests.cli.runner import run


def test_each_model_is_listed_with_its_purpose_and_size():
    result = run("models")
    assert result.exit_code == 0
    for model in available():
        (line,) = (line for line in result.output.splitlines() if line.startswith(f"{model.name} "))
        config = load(model.name).config
        assert f" {config.z_size} " in line
        assert f" {config.steps} " in line
        assert " MB " in line
    assert "drum loops" in result.output
