/** The user that programs are where root starts them, as in the images: one without a name. */
const USER = 10_001;

/**
 * The beginning of the command that starts a program without any privilege: root's as another user, anybody
 * else's as the same user, without the capabilities which the user namespace gave.
 */
export function unprivileged(): readonly string[] {
  const user = ['--reuid', `${USER}`, '--regid', `${USER}`, '--clear-groups'];
  const drop = ['--inh-caps=-all', '--ambient-caps=-all', '--bounding-set=-all', '--no-new-privs'];
  return ['setpriv', ...(process.getuid?.() === 0 ? user : []), ...drop];
}
