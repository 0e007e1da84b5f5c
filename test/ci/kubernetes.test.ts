import test from 'ava';
import { shardOfEnvironment } from '../../runners/shard.ts';
import { documents, read, wrongIn } from './_workflow.ts';

type Container = {
  readonly image: string;
  readonly args: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly resources: Readonly<Record<'requests' | 'limits', Readonly<Record<string, string>>>>;
  readonly securityContext: {
    readonly allowPrivilegeEscalation?: boolean;
    readonly privileged?: boolean;
    readonly capabilities: { readonly drop: readonly string[]; readonly add?: readonly string[] };
    readonly seccompProfile: { readonly type: string };
  };
  readonly volumeMounts: readonly { readonly mountPath: string; readonly subPathExpr?: string }[];
};

type Job = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly spec: {
    readonly completionMode?: string;
    readonly completions?: number;
    readonly parallelism?: number;
    readonly backoffLimit?: number;
    readonly backoffLimitPerIndex?: number;
    readonly activeDeadlineSeconds: number;
    readonly template: {
      readonly spec: {
        readonly restartPolicy: string;
        readonly automountServiceAccountToken: boolean;
        readonly containers: readonly [Container];
        readonly volumes: readonly { readonly persistentVolumeClaim: { claimName: string } }[];
      };
    };
  };
};

type Claim = { readonly kind: string; readonly metadata: { readonly name: string } };

const VERIFY = 'docker/kubernetes/verify-job.yaml';
const [claim, verify] = documents(VERIFY) as [Claim, Job];
const [merge] = documents('docker/kubernetes/merge-job.yaml') as [Job];
const shards = verify.spec.completions ?? 0;

function containerOf({ spec }: Job): Container {
  return spec.template.spec.containers[0];
}

test('each index of the Job is one shard, and all of them run', (t) => {
  t.is(verify.spec.completionMode, 'Indexed');
  t.true(shards > 1);
  t.is(verify.spec.parallelism, shards);
  const env = Object.fromEntries(
    (containerOf(verify).env ?? []).map(({ name, value }) => [name, value]),
  );
  t.is(env.RESET_LABS_SHARDS, String(shards));
  for (let index = 0; index < shards; index++) {
    const shard = shardOfEnvironment({ ...env, JOB_COMPLETION_INDEX: String(index) });
    t.deepEqual(shard, { index: index + 1, count: shards });
  }
});

test('nothing is repeated until it passes, and a shard that fails ends no other', (t) => {
  t.is(verify.spec.backoffLimitPerIndex, 0);
  t.is(verify.spec.backoffLimit, undefined, 'it would end the others');
  t.is(merge.spec.backoffLimit, 0);
  for (const job of [verify, merge]) t.is(job.spec.template.spec.restartPolicy, 'Never');
});

test('the Jobs end, have limits, and no access to the cluster', (t) => {
  for (const job of [verify, merge]) {
    t.is(job.apiVersion, 'batch/v1');
    t.is(job.kind, 'Job');
    t.true(job.spec.activeDeadlineSeconds > 0);
    t.false(job.spec.template.spec.automountServiceAccountToken);
    const { requests, limits } = containerOf(job).resources;
    t.truthy(requests.cpu && requests.memory && limits.memory);
  }
});

test('the containers have named capabilities only', (t) => {
  const [shard, merging] = [verify, merge].map((job) => containerOf(job).securityContext);
  for (const context of [shard, merging]) {
    t.deepEqual(context?.capabilities.drop, ['ALL']);
    t.is(context?.seccompProfile.type, 'RuntimeDefault');
    t.is(context?.privileged, undefined);
  }
  // The API server refuses `false` beside SYS_ADMIN.
  t.true(shard?.capabilities.add?.includes('SYS_ADMIN'));
  t.is(shard?.allowPrivilegeEscalation, undefined);
  t.is(merging?.capabilities.add, undefined);
  t.false(merging?.allowPrivilegeEscalation);
});

test('their commands are those of the command line', (t) => {
  for (const job of [verify, merge]) t.deepEqual(wrongIn(containerOf(job).args), []);
});

test('what is merged are the folders of all shards', (t) => {
  const [{ mountPath, subPathExpr = '' } = { mountPath: '' }] = containerOf(verify).volumeMounts;
  const { args } = containerOf(verify);
  t.is(args[args.indexOf('--results') + 1], mountPath);
  const folders = containerOf(merge).args.filter((word) => word.startsWith('/results/shard'));
  t.deepEqual(
    folders,
    Array.from(
      { length: shards },
      (_, index) => `/results/${subPathExpr.replace('$(SHARD_INDEX)', String(index))}`,
    ),
  );
  t.is(claim.kind, 'PersistentVolumeClaim');
  for (const { spec } of [verify, merge]) {
    t.is(spec.template.spec.volumes[0]?.persistentVolumeClaim.claimName, claim.metadata.name);
  }
});

test('the image is the one that docker/runner/build.sh builds', (t) => {
  for (const job of [verify, merge]) {
    t.true(read('docker/runner/build.sh').includes(` -t ${containerOf(job).image} `));
  }
});
