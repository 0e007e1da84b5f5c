import { USUAL } from '../catalog/language.ts';
import { storyName } from '../reports/terminal/summary.ts';
import type { CellResult } from '../results/result.ts';

export type Proof = {
  /** The lab's name: `crash-server`. */
  readonly lab: string;
  readonly variant?: string;
  /** The name of a cure, where its run is the proof. */
  readonly cured?: string;
  /** A language; without one, each of the usual clients must show it. */
  readonly client?: string;
  /** The server's language, where another than Python's is meant. */
  readonly server?: string;
  /** What must be seen, in a few words. */
  readonly sees: string;
  readonly shows: (cell: CellResult) => boolean;
};

/** What is commonly said of ends of connections, and what the runs of the labs say to it. */
export type Statement = {
  readonly said: string;
  readonly verdict: 'true' | 'false' | 'it depends';
  /** One sentence. */
  readonly because: string;
  readonly proofs: readonly Proof[];
};

/** The server's language in a proof's cells. */
export const USUAL_SERVER = 'python';

/** Why statements are not proved by verified cells; empty where all are. */
export function unproved(statements: readonly Statement[], cells: readonly CellResult[]): string[] {
  return statements.flatMap((statement) => {
    if (statement.proofs.length === 0) return [`"${statement.said}": it has no proof`];
    return statement.proofs.flatMap((proof) => {
      const found = cellsOf(proof, cells);
      if (found.length === 0) {
        return [`"${statement.said}": there is no cell ${nameOf(proof)} (${proof.sees})`];
      }
      return found
        .filter((cell) => cell.verdict !== 'pass' || !proof.shows(cell))
        .map(
          (cell) =>
            `"${statement.said}": ${storyName(cell)} with the ${cell.client.language} client does not show: ${proof.sees}`,
        );
    });
  });
}

function cellsOf(proof: Proof, cells: readonly CellResult[]): CellResult[] {
  const { client, server = USUAL_SERVER } = proof;
  return cells.filter((cell) => {
    const { language } = cell.client;
    return (
      isProofOf(proof, cell) &&
      (client === undefined ? USUAL.includes(language) : language === client) &&
      cell.server.language === server
    );
  });
}

/** Whether a proof is about a story. */
export function isProofOf(
  { lab, variant, cured }: Proof,
  story: Pick<CellResult, 'lab' | 'variant' | 'cure'>,
): boolean {
  if (story.lab !== lab) return false;
  if (cured !== undefined) return story.cure === cured;
  return story.cure === null && story.variant === (variant ?? null);
}

function nameOf({ lab, variant, cured, client, server }: Proof): string {
  const parts = [
    lab,
    ...(variant ? [variant] : []),
    ...(cured ? [`cured by ${cured}`] : []),
    ...(client ? [`client ${client}`] : []),
    ...(server ? [`server ${server}`] : []),
  ];
  return parts.join(' · ');
}
