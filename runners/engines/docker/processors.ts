import { parseList } from '../local/processors.ts';
import type { Unavailable } from '../unavailable.ts';
import { type Docker, requestDeadline } from './docker-client.ts';
import { refusalOf } from './refusal.ts';

/** More than any machine has; Docker takes no greater number. */
const ALL = '0-8191';

/**
 * To which processors an engine can bind containers: it names them where it refuses others. Their count is
 * not enough, since an engine may have 4 of a machine's 64: no. 8 to 11.
 *
 * @returns their numbers; or that it binds none, or checks nothing
 */
export async function engineProcessors(docker: Docker): Promise<readonly number[] | Unavailable> {
  // There is no such image, so that nothing can come of it.
  const bound = { Image: 'reset-labs/none', HostConfig: { CpusetCpus: ALL } };
  const refusal = await docker
    .createContainer({ ...bound, ...requestDeadline() })
    .then(() => 'it has made a container of no image', refusalOf);
  const available = /available: ([\d,-]+)/.exec(refusal)?.[1];
  if (available !== undefined) return parseList(available);
  return { unavailable: `Docker binds no container to a processor (${refusal})` };
}
