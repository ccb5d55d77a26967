// Answers each line of JSON, [module, function, ...arguments], with a line of what the function returns, or of its error.
// An argument {"base64": "..."} is bytes.

import { createInterface } from "node:readline";

const decode = (value) => (value?.base64 === undefined ? value : new Uint8Array(Buffer.from(value.base64, "base64")));

for await (const line of createInterface({ input: process.stdin })) {
  const [path, name, ...values] = JSON.parse(line);
  let answer;
  try {
    const module = await import(path);
    answer = { value: await module[name](...values.map(decode)) };
  } catch (error) {
    answer = { error: error.message, kind: error.name, stack: error.stack };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
