// Answers each line of JSON, [module, function, ...arguments], with a line of what the function returns, or of its error.
// {"base64": "...", "type": "Float32Array"} is an array, in arguments and in answers.

import { createInterface } from "node:readline";

const TYPES = { Float32Array, Float64Array, Int32Array, Uint16Array, Uint8Array };
const read = (_, value) =>
  value?.base64 === undefined ? value : new TYPES[value.type](new Uint8Array(Buffer.from(value.base64, "base64")).buffer);
const write = (_, value) =>
  ArrayBuffer.isView(value)
    ? { type: value.constructor.name, base64: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64") }
    : value;

for await (const line of createInterface({ input: process.stdin })) {
  const [path, name, ...values] = JSON.parse(line, read);
  let answer;
  try {
    const module = await import(path);
    answer = { value: await module[name](...values) };
  } catch (error) {
    answer = { error: error.message, kind: error.name, stack: error.stack };
  }
  process.stdout.write(`${JSON.stringify(answer, write)}\n`);
}
