import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EnvironmentError, messageOf } from '../../user-error.ts';

/** The certificates for an engine that is reached by TLS, as PEM. */
export type Tls = {
  /** By which the engine's certificate is verified; undefined: by those that Node.js knows. */
  readonly ca: string | undefined;
  /** Ours, for an engine that verifies its clients. */
  readonly cert: string | undefined;
  readonly key: string | undefined;
  /** Whether the engine's certificate is verified. */
  readonly isVerified: boolean;
};

/**
 * Reads `ca.pem`, `cert.pem` and `key.pem` of a folder, as far as they are there.
 *
 * @throws EnvironmentError where they are of no use
 */
export async function readTls(
  folder: string,
  { isVerified }: Pick<Tls, 'isVerified'>,
): Promise<Tls> {
  const [ca, cert, key] = await Promise.all(
    ['ca.pem', 'cert.pem', 'key.pem'].map((name) => read(join(folder, name))),
  );
  if ((cert === undefined) !== (key === undefined)) {
    const [there, absent] = cert === undefined ? ['key', 'cert'] : ['cert', 'key'];
    throw new EnvironmentError(
      `There is a ${there}.pem in ${folder}, but no ${absent}.pem: put it there.`,
    );
  }
  const [{ createSecureContext }, { X509Certificate }] = await Promise.all([
    import('node:tls'),
    import('node:crypto'),
  ]);
  try {
    // Of a CA, what is no certificate would be passed over.
    if (ca !== undefined) new X509Certificate(ca);
    createSecureContext({ ca, cert, key });
  } catch (error) {
    throw new EnvironmentError(
      `The certificates in ${folder} cannot be used (${messageOf(error)}): put ca.pem, cert.pem and its key.pem there.`,
    );
  }
  return { ca, cert, key, isVerified };
}

async function read(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new EnvironmentError(`${file} cannot be read (${messageOf(error)}): chmod u+r ${file}.`);
  }
}
