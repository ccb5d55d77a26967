// Questions to Python. One question, one promise; Python always answers, though a busy kernel answers late.

export function createRequester(model) {
  const pending = new Map();
  const prefix = Math.random().toString(36).slice(2); // two views of one model must not take each other's answers
  let count = 0;
  const onMessage = (message, buffers) => {
    if (message?.type !== "response" || !pending.has(message.id)) return;
    const { resolve, reject } = pending.get(message.id);
    pending.delete(message.id);
    if (message.ok) resolve({ body: message.body ?? {}, buffers: buffers ?? [] });
    else reject(new Error(message.error));
  };
  model.on("msg:custom", onMessage);
  return {
    request(name, body, buffers = []) {
      return new Promise((resolve, reject) => {
        const id = `${prefix}-${count++}`;
        pending.set(id, { resolve, reject });
        model.send({ type: "request", id, name, body }, undefined, buffers);
      });
    },
    dispose() {
      pending.clear();
      model.off("msg:custom", onMessage);
    },
  };
}

// Latest wins: at most one question in flight and one waiting; an answer that is no longer wanted is dropped.
// `onState` hears "asking", "slow" (after 1 s), "lost" (after 15 s; a late answer is still taken) and "idle".
export function latestOnly({ ask, onAnswer, onError, onState = () => {}, timers = globalThis }) {
  let asked = null; // the question in flight
  let waiting = null;
  let clocks = [];
  const rest = () => {
    clocks.forEach((clock) => timers.clearTimeout(clock));
    clocks = [];
  };
  const send = (question) => {
    const mine = { question };
    asked = mine;
    onState("asking");
    clocks = [
      timers.setTimeout(() => onState("slow"), 1000),
      timers.setTimeout(() => {
        onState("lost");
        if (asked === mine && waiting) forward(); // do not wait for ever behind a question that got no answer
      }, 15000),
    ];
    const settle = (deliver) => (result) => {
      if (asked !== mine) return; // overtaken
      rest();
      asked = null;
      if (waiting) return forward();
      onState("idle");
      deliver(result, question);
    };
    ask(question).then(settle(onAnswer), settle(onError));
  };
  const forward = () => {
    rest();
    const next = waiting;
    waiting = null;
    send(next);
  };
  return {
    send(question) {
      if (asked) waiting = question;
      else send(question);
    },
    get busy() {
      return asked !== null;
    },
    dispose() {
      rest();
      asked = waiting = null;
    },
  };
}
