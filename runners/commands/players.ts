import { loadLanguages } from '../catalog/load.ts';
import type { PlanOptions } from '../plan.ts';

/**
 * Loads the clients and servers that a person named.
 *
 * @param named what is loaded for a name that was written
 * @throws UserError for a name that is no language's
 */
export async function loadPlayers(
  { client, server }: { readonly client: readonly string[]; readonly server: readonly string[] },
  named: (name: string) => string = (name) => name,
): Promise<Required<Pick<PlanOptions, 'clients' | 'servers' | 'alike'>>> {
  const alike = server.length === 1 && server[0] === 'same';
  const [clients, servers] = await Promise.all([
    loadLanguages(client.map(named), '--client'),
    alike ? undefined : loadLanguages(server.map(named), '--server'),
  ]);
  return { clients, servers: servers ?? clients, alike };
}
