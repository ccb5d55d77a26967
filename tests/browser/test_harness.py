"""The browser and JupyterLab that the other tests stand on."""

from playwright.sync_api import expect

from tests.browser.jupyterlab import notebook_of

COUNTER = """
import anywidget, traitlets
class Counter(anywidget.AnyWidget):
    _esm = '''
    export default { render({ model, el }) {
      const button = document.createElement("button");
      const show = () => { button.textContent = `count ${model.get("value")}`; };
      button.addEventListener("click", () => { model.set("value", model.get("value") + 1); model.save_changes(); });
      model.on("change:value", show); show(); el.append(button);
    } };
    '''
    value = traitlets.Int(0).tag(sync=True)
counter = Counter()
counter
"""


def test_a_page_that_asks_an_outside_host_is_refused_and_recorded(page):
    page.goto("about:blank")
    answered = page.evaluate("() => fetch('https://example.org/x.js').then(() => true, () => false)")
    assert answered is False
    assert page.outside == ["https://example.org/x.js"]
    page.outside.clear()


def test_an_error_thrown_by_a_script_is_recorded(page):
    page.goto("about:blank")
    with page.expect_event("pageerror"):
        page.evaluate("() => { setTimeout(() => { throw new Error('a broken string'); }); }")
    assert page.errors == ["a broken string"]


def test_a_widget_in_jupyterlab_talks_to_python_and_back(lab, page, tmp_path):
    notebook = lab(notebook_of(tmp_path / "counter.ipynb", COUNTER))
    notebook.run_all()
    page.get_by_role("button", name="count 0").click()
    page.get_by_role("button", name="count 1").click()
    notebook.wait_for_value("counter.value", 2)  # the second click may wait until the kernel has answered the first
    assert notebook.run_cell("print(counter.value)") == "2\n"


def test_a_cell_can_be_left_running_and_interrupted(lab, page, tmp_path):
    notebook = lab(notebook_of(tmp_path / "busy.ipynb", "x = 1"))
    notebook.run_all()
    busy = notebook.start_cell("import threading\nthreading.Event().wait()")
    expect(page.locator(".jp-InputPrompt", has_text="[*]")).to_have_count(1)
    assert notebook.is_running(busy)
    notebook.interrupt(busy)
    assert any("KeyboardInterrupt" in error for error in notebook.errors())
    assert notebook.value("x + 1") == 2
