// Everything that changes the palette and can be undone: corners, size and path.
const replaced = (list, index, value) => list.map((item, i) => (i === index ? value : item));

export function createEdits({ doc, history, decoder, request, onError }) {
  const remember = () => history.push(doc.snapshot());

  const setCorner = (corner, pattern, label) => {
    remember();
    doc.set({
      patterns: replaced(doc.get("patterns"), corner, pattern),
      labels: replaced(doc.get("labels"), corner, label),
    });
    decoder.ask();
  };

  const travel = (step) => {
    const state = step(doc.snapshot());
    if (!state) return;
    doc.restore(state);
    if (!doc.get("live")) return;
    if (doc.isStale) decoder.ask(); // it was left before its grid had come
    else {
      const { patterns, labels, size, cells, norms } = state;
      request("restore", { patterns, labels, size, norm_percentiles: norms }, [cells.slice().buffer]).catch(onError);
    }
  };

  return {
    setCorner,
    clear: (corner) => setCorner(corner, new Array(32).fill(0), "Empty"),
    async sample(corner, temperature, seed) {
      const { body } = await request("sample", { temperature, seed });
      setCorner(corner, body.pattern, body.label);
    },
    // One stroke of the step grid's brush is one step of the history.
    beginPaint(corner) {
      remember();
      const label = doc.get("labels")[corner];
      if (!label.endsWith(", edited")) doc.set({ labels: replaced(doc.get("labels"), corner, `${label}, edited`) });
    },
    paint(corner, drum, step, on) {
      const patterns = doc.get("patterns");
      const mask = patterns[corner][step];
      const painted = on ? mask | (1 << drum) : mask & ~(1 << drum);
      if (painted === mask) return false;
      doc.set({ patterns: replaced(patterns, corner, replaced(patterns[corner], step, painted)) });
      decoder.ask();
      return true;
    },
    setPath(points) {
      remember();
      doc.set({ points });
    },
    setSize(size) {
      if (size === doc.get("size")) return;
      remember();
      doc.set({ size });
      decoder.ask();
    },
    undo: () => travel(history.undo),
    redo: () => travel(history.redo),
  };
}
