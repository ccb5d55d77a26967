// What is asked of the engine, done in pieces: between two of them a newer question is heard, and comes first.

/**
 * A task yields parts of its result as they are ready; after each, others may run.
 * @typedef {Generator<any, void, void>} Task
 *
 * One who asks names a channel, if a newer question makes the older one pointless.
 * @typedef {{ id: number, channel?: string }} Asked
 *
 * @typedef {object} Reply
 * @property {number} id
 * @property {any} [part]
 * @property {boolean} [done]      there are no more parts
 * @property {boolean} [dropped]   a newer question came on the same channel
 * @property {string} [error]
 */

/**
 * @param {object} options
 * @param {(reply: Reply) => void} options.reply
 * @param {(next: () => void) => void} options.later   call it as soon as messages that wait have been heard
 */
export function createTasks({ reply, later }) {
  /** @type {(Asked & { task: Task })[]} */
  let waiting = [];
  let isRunning = false;

  const runPart = () => {
    isRunning = false;
    const current = waiting[waiting.length - 1]; // the newest question first
    if (!current) return;
    const { id, task } = current;
    const finish = () => {
      waiting = waiting.filter((each) => each !== current);
    };
    try {
      const { value, done } = task.next();
      if (done) finish();
      reply(done ? { id, done } : { id, part: value });
    } catch (error) {
      finish();
      reply({ id, error: error instanceof Error ? error.message : String(error) });
    }
    run();
  };

  const run = () => {
    if (isRunning || !waiting.length) return;
    isRunning = true;
    later(runPart);
  };

  /** @param {(each: Asked) => boolean} isDropped */
  const drop = (isDropped) => {
    const dropped = waiting.filter(isDropped);
    waiting = waiting.filter((each) => !isDropped(each));
    for (const { id } of dropped) reply({ id, dropped: true });
  };

  return {
    /** @param {Asked & { task: Task }} asked */
    add(asked) {
      if (asked.channel !== undefined) drop(({ channel }) => channel === asked.channel);
      waiting.push(asked);
      run();
    },
    /** @param {number} id */
    drop: (id) => drop((each) => each.id === id),
  };
}
