// Everything that changes the palette and can be undone: corners, size and path.
const replaced = (list, index, value) => list.map((item, i) => (i === index ? value : item));

export function createCommands({ state, history, gridRequest, request, onError }) {
  const remember = () => history.push(state.snapshot());

  const setCorner = (corner, pattern, label) => {
    remember();
    state.set({
      patterns: replaced(state.get("patterns"), corner, pattern),
      labels: replaced(state.get("labels"), corner, label),
    });
    gridRequest.send();
  };

  const applyHistory = (step) => {
    const snapshot = step(state.snapshot());
    if (!snapshot) return;
    state.restore(snapshot);
    if (!state.get("live")) return;
    if (state.isStale) gridRequest.send(); // it was left before its grid had come
    else {
      const { patterns, labels, size, cells, norms } = snapshot;
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
      const label = state.get("labels")[corner];
      if (!label.endsWith(", edited")) state.set({ labels: replaced(state.get("labels"), corner, `${label}, edited`) });
    },
    paint(corner, drum, step, on) {
      const patterns = state.get("patterns");
      const mask = patterns[corner][step];
      const painted = on ? mask | (1 << drum) : mask & ~(1 << drum);
      if (painted === mask) return false;
      state.set({ patterns: replaced(patterns, corner, replaced(patterns[corner], step, painted)) });
      gridRequest.send();
      return true;
    },
    setPath(points) {
      remember();
      state.set({ points });
    },
    setSize(size) {
      if (size === state.get("size")) return;
      remember();
      state.set({ size });
      gridRequest.send();
    },
    undo: () => applyHistory(history.undo),
    redo: () => applyHistory(history.redo),
  };
}
