import * as v from 'valibot';

/*
 * The part of the Compose specification which we map onto Docker's API, see create-options.ts. It is strict
 * on purpose: a key that was ignored could be one that hardens a container.
 */

const texts = v.array(v.string());
const textByName = v.record(v.string(), v.string());
const size = v.pipe(v.string(), v.regex(/^\d+[bkmg]$/));

const bind = v.strictObject({
  type: v.literal('bind'),
  source: v.string(),
  target: v.string(),
  bind: v.strictObject({ create_host_path: v.literal(false) }),
});

const service = v.strictObject({
  image: v.string(),
  command: v.optional(texts),
  user: v.optional(v.string()),
  environment: v.optional(textByName),
  labels: v.optional(textByName),
  stdin_open: v.optional(v.boolean()),
  networks: v.optional(v.pipe(texts, v.minLength(1))),
  mac_address: v.optional(v.pipe(v.string(), v.regex(/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/))),
  network_mode: v.optional(
    v.union([v.literal('none'), v.pipe(v.string(), v.regex(/^service:.+$/))]),
  ),
  depends_on: v.optional(texts),
  sysctls: v.optional(v.record(v.string(), v.number())),
  cap_drop: v.optional(texts),
  cap_add: v.optional(texts),
  security_opt: v.optional(texts),
  read_only: v.optional(v.boolean()),
  tmpfs: v.optional(texts),
  volumes: v.optional(v.array(bind)),
  cpuset: v.optional(v.string()),
  mem_limit: v.optional(size),
  memswap_limit: v.optional(size),
  pids_limit: v.optional(v.number()),
  ulimits: v.optional(v.record(v.string(), v.number())),
  logging: v.optional(v.strictObject({ driver: v.string() })),
});

const network = v.strictObject({
  internal: v.optional(v.boolean()),
  enable_ipv6: v.optional(v.boolean()),
  driver_opts: v.optional(textByName),
  labels: v.optional(textByName),
});

/** What a compose file may say. */
export const composeSchema = v.strictObject({
  services: v.record(v.string(), service),
  networks: v.optional(v.record(v.string(), network), {}),
});

export type Service = v.InferOutput<typeof service>;
export type Network = v.InferOutput<typeof network>;
export type Compose = v.InferOutput<typeof composeSchema>;
