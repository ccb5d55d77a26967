// The link to a kernel: what hosts say when it has stopped, and what is seen where they say nothing.

import assert from "node:assert/strict";
import { test } from "node:test";

import { linkKernel } from "../../latentpalette/widgets/static/state/kernellink.js";
import { MemoryModel } from "../../latentpalette/widgets/static/state/memorymodel.js";

const signal = () => {
  const handlers = new Set();
  return {
    connect: (handler) => handlers.add(handler),
    disconnect: (handler) => handlers.delete(handler),
    emit: (value) => handlers.forEach((handler) => handler(null, value)),
    get size() {
      return handlers.size;
    },
  };
};

function linked(manager) {
  const model = Object.assign(new MemoryModel({}), { widget_manager: manager, send() {} });
  let losses = 0;
  return { model, link: linkKernel(model, () => losses++), losses: () => losses };
}

test("a kernel that dies is lost, once, in a notebook and on a page of Voilà", () => {
  const [notebook, voila] = [signal(), signal()];
  const managers = [
    { context: { sessionContext: { statusChanged: notebook, kernelChanged: signal() } } },
    { kernel: { statusChanged: voila } },
  ];
  for (const [index, status] of [notebook, voila].entries()) {
    const { link, losses } = linked(managers[index]);
    status.emit("busy");
    assert.equal(losses(), 0);
    status.emit("autorestarting");
    status.emit("dead");
    assert.equal(losses(), 1);
    assert.equal(link.lost, true);
    link.dispose();
    assert.equal(status.size, 0);
  }
});

test("a notebook that gets another kernel has lost the one before it", () => {
  const kernelChanged = signal();
  const { losses } = linked({ context: { sessionContext: { statusChanged: signal(), kernelChanged } } });
  kernelChanged.emit({ oldValue: null });
  assert.equal(losses(), 0, "the first one");
  kernelChanged.emit({ oldValue: {} });
  assert.equal(losses(), 1);
});

test("where nothing can be sent any more the kernel is lost, and nothing throws", () => {
  const { model, link, losses } = linked(undefined);
  model.send = () => {
    throw new Error("Cannot send");
  };
  link.model.send({});
  link.model.send({});
  assert.equal(losses(), 1);
});

test("bytes are set as an array, as Backbone takes any two views for equal", () => {
  const { model, link } = linked(undefined);
  link.model.set("clips", new DataView(Uint8Array.of(9, 7, 8, 9).buffer, 1, 2));
  assert.deepEqual(model.get("clips"), Uint8Array.of(7, 8));
});
