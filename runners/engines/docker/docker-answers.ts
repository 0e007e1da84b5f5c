import { messageOf } from '../../user-error.ts';
import { isUnavailable, type Unavailable } from '../unavailable.ts';
import { engineAddress } from './engine-address.ts';

/** An engine that is here answers in milliseconds; nobody wants to wait for one that is not. */
const DEADLINE_MS = 1_000;

/**
 * Whether Docker's API answers. Cheap where there is no Docker.
 *
 * @param isAskedFor who has asked for it waits longer than `--engine auto` does
 */
export async function dockerAnswers({
  isAskedFor = false,
} = {}): Promise<{ readonly title: string } | Unavailable> {
  const address = await engineAddress();
  if (isUnavailable(address)) return address;
  // Whoever asks will mostly open the engine next: its modules load while Docker's client does.
  import('./docker-engine.ts').catch(() => {});
  const { connectDocker } = await import('./docker-client.ts');
  try {
    // Whoever has named an engine that is elsewhere wants that one.
    const isHere = address.endpoint.by === 'socket';
    const { version } = await connectDocker(isHere && !isAskedFor ? DEADLINE_MS : undefined);
    return { title: version.title };
  } catch (error) {
    return { unavailable: messageOf(error) };
  }
}
