/**
 * Reports the steps of a program to the file named by LAB_STEPS; without it, to nobody.
 *
 * `run(step, operation)` runs the operation and resolves to what it resolved to, or rejects as it did.
 * The lines are described in docs/programs.md.
 */
import { openSync, writeSync } from 'node:fs';

const report = process.env.LAB_STEPS && openSync(process.env.LAB_STEPS, 'a');
const READS = ['read', 'validate'];
const escapes = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function say(...fields) {
  if (!report) return;
  const time = Math.floor((performance.timeOrigin + performance.now()) * 1000);
  const words = fields.map((field) => field.replace(/[\\\t\n\r]/g, (char) => escapes[char]));
  writeSync(report, `${[time, ...words].join('\t')}\n`);
}

export async function run(step, operation) {
  say(step, 'begin');
  let result;
  try {
    result = await operation();
  } catch (error) {
    // Other codes are Node's and OpenSSL's own words, or the number of a DOMException.
    const errno = /^E[A-Z0-9]+$/.test(error.code) ? error.code : '-';
    say(step, 'error', error.name, errno, error.message);
    throw error;
  }
  // At the end of file a reader is done; a line, also an empty one, is a value.
  say(step, READS.includes(step) && result.done ? 'eof' : 'ok');
  return result;
}

say('runtime', 'ok', process.versions.node);
