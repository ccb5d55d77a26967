// What is asked of the engine, done in parts: between two of them a newer question is heard, and comes first.

/**
 * A task yields where others may run, and returns its result.
 * @template [Result=any]
 * @typedef {Generator<void, Result, void>} Task
 */

/**
 * One who asks names a channel, if a newer question makes the older one pointless.
 * @typedef {{ id: number, channel?: string }} Asked
 *
 * A question gets one of three replies; it is dropped if a newer one came on its channel.
 * @typedef {{ id: number } & ({ result: any } | { error: string } | { dropped: true })} Reply
 */

/**
 * The result of a task, all parts of which are done at once.
 * @template Result
 * @param {Task<Result>} task
 * @returns {Result}
 */
export function finish(task) {
  for (;;) {
    const { value, done } = task.next();
    if (done) return value;
  }
}

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
    const end = () => {
      waiting = waiting.filter((each) => each !== current);
    };
    try {
      const { value, done } = task.next();
      if (done) {
        end();
        reply({ id, result: value });
      }
    } catch (error) {
      end();
      reply({ id, error: error instanceof Error ? error.message : String(error) });
    }
    run();
  };

  const run = () => {
    if (isRunning || !waiting.length) return;
    isRunning = true;
    later(runPart);
  };

  return {
    /** @param {Asked & { task: Task }} asked */
    add(asked) {
      const dropped = waiting.filter(({ channel }) => channel !== undefined && channel === asked.channel);
      waiting = [...waiting.filter((each) => !dropped.includes(each)), asked];
      for (const { id } of dropped) reply({ id, dropped: true });
      run();
    },
  };
}
