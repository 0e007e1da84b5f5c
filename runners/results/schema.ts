import { readFile } from 'node:fs/promises';
import { inProject } from '../paths.ts';

/**
 * What holds a result against run.schema.json, all of it: for results of strangers, of which nothing can be taken for
 * granted.
 *
 * @returns where it first does not follow the schema, and how; undefined where it does
 */
export async function resultSchema(): Promise<(result: unknown) => string | undefined> {
  const { Ajv2020 } = await import('ajv/dist/2020.js');
  const text = await readFile(inProject('runners/results/run.schema.json'), 'utf8');
  // The one format that it knows is a pattern, too.
  const ajv = new Ajv2020({ strictTypes: false, strictRequired: false, validateFormats: false });
  const validate = ajv.compile(JSON.parse(text));
  return (result) => {
    if (validate(result)) return undefined;
    const [error] = validate.errors ?? [];
    const place = error?.instancePath.slice(1).replaceAll('/', '.') || '.';
    return `\`${place}\`: ${error?.message}`;
  };
}
