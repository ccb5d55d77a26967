import assert from "node:assert/strict";
import { test } from "node:test";
import { reportHeight } from "../../latentpalette/widgets/static/view/framed.js";

/** An element whose height can be changed, with a stand-in for the browser's observer. */
function elementOfHeight(height) {
  const element = { height, getBoundingClientRect: () => ({ height: element.height }), observed: () => {} };
  globalThis.ResizeObserver = class {
    constructor(report) {
      element.observed = report;
    }
    observe(target) {
      assert.equal(target, element);
      element.observed();
    }
  };
  return element;
}

test("a page in another tells its height, and again when it changes", () => {
  const messages = [];
  const element = elementOfHeight(568.4);
  reportHeight(element, { parent: { postMessage: (message) => messages.push(message) } });
  element.height = 700;
  element.observed();
  assert.deepEqual(messages, [{ latentpalette: { height: 569 } }, { latentpalette: { height: 700 } }]);
});

test("a page that is in no other tells nobody", () => {
  const page = { postMessage: () => assert.fail("it posts to itself") };
  page.parent = page;
  reportHeight(elementOfHeight(100), page);
});
