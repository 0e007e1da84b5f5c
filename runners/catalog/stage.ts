import type { StepName } from '../evidence/steps.ts';
import type { ServerOfLab } from './programs.ts';

/**
 * What a lab can do and wait for. Each method that waits, waits for a state that can be observed, up to a
 * deadline; each that acts is a fault (or its end), and tells how many connections it met.
 */
export type Scene = (stage: Stage) => Promise<void>;

export type Stage = {
  readonly client: Actor;
  readonly server: Actor;
  /** Of topology `routed`. */
  readonly router: Router;
  /** Of topology `proxied`. */
  readonly balancer: HostOnStage;
  /** Those on which programs run, before the programs do. */
  readonly hosts: { readonly client: HostOnStage; readonly server: HostOnStage };
  /**
   * What an engineer would look at now, shown in the lab's README; does nothing unless it is being written.
   *
   * @param on the host on which the command is run
   */
  look(on: 'client' | 'server' | 'router' | 'balancer', command: string): Promise<void>;
};

/** A program and its connection. */
export type Actor = {
  readonly host: HostOnStage;
  /** Waits until the program has begun a step (for the nth time). */
  begins(step: StepName, nth?: number): Promise<void>;
  /** The same, but false if the program ends without it. */
  beginsOrEnds(step: StepName, nth?: number): Promise<boolean>;
  /** Waits until the program has ended a step, well or badly. */
  finishes(step: StepName, nth?: number): Promise<void>;
  /** Waits until the program is at a step which nothing will end: no data, no timer of the kernel. */
  blocks(step: StepName): Promise<void>;
  /** Waits for bytes in the receive queue of the program's connection. */
  hasUnread(): Promise<void>;
  /** Waits until the receive queue of the program's connection is empty. */
  hasReadAll(): Promise<void>;
  /** Waits until the program has nothing to do: all its threads sleep. What had come, it has seen. */
  settles(): Promise<void>;
  /** The same, but false if the program ends without it. */
  settlesOrEnds(): Promise<boolean>;
  /** Waits until the peer's FIN has arrived (CLOSE-WAIT or a later state). */
  receivesFin(): Promise<void>;
  /** Waits until the peer has acknowledged this side's FIN (FIN-WAIT-2 or a later state). */
  finIsAcknowledged(): Promise<void>;
  /** Waits until the kernel has no connection for the program any more. */
  losesConnection(): Promise<void>;
  /** Waits until it has sent something that the peer's kernel has not acknowledged yet. */
  hasUnacknowledged(): Promise<void>;
  /** Waits until the peer's kernel has answered all that was sent: acknowledged it, or ended the connection. */
  isAnswered(): Promise<void>;
  /** Waits until no connection of the program is open any more; it may be about to make another. */
  givesUp(): Promise<void>;
  /** Waits until the program may open no more than so many further files (RLIMIT_NOFILE). */
  hasDescriptorsLeft(most: number): Promise<void>;
  /** The most memory that the program has had so far, in MB. */
  peakMemory(): Promise<number>;
  /** Waits until that is so many MB at least. */
  hasHad(megabytes: number): Promise<void>;
  /** Waits until the link has carried so many keepalive probes of this side. */
  probes(times: number): Promise<void>;
  /** Ends a `pause` or `work`: presses Enter. */
  proceed(): Promise<void>;
  /** Ends a `wait`: ends the program's standard input. */
  release(): Promise<void>;
  /** A fault: sends a signal to the program. */
  kill(signal: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP'): Promise<void>;
  /** Ends a SIGSTOP. */
  resume(): Promise<void>;
  /** A fault: lets the program take memory (Enter) until the kernel kills it. */
  runsOutOfMemory(): Promise<void>;
  /** Starts the server again, or another one in its place; waits until it listens. */
  startsAgain(as?: Exclude<ServerOfLab, 'none'>): Promise<void>;
};

/** Which TCP segments of the lab's connection a host's firewall drops. */
export type Segments = 'all' | 'FIN' | 'ACK without SYN';

/** The network of a host. */
export type HostOnStage = {
  /** A fault: drops segments that arrive here, unseen by the host's TCP. They have been on the link. */
  dropsArriving(segments: Segments): Promise<void>;
  /** A fault: drops segments that leave here. They never are on the link. */
  dropsLeaving(segments: Segments): Promise<void>;
  /** Ends all dropping. */
  dropsNothing(): Promise<void>;
  /** Waits until the host has closed its end of the client's connection. */
  hasClosed(): Promise<void>;
  /** Waits until no process of the host has the client's connection any more. */
  hasLetGo(): Promise<void>;
  /** A fault: an administrator destroys the connection's socket (`ss -K`). */
  killsSocket(): Promise<void>;
  /** A fault: the host vanishes without a word and comes back with the same address. Servers only. */
  reboots(): Promise<void>;
  /** A fault: takes one place in the listen queue of the server that runs here. */
  takesPlaceInQueue(): Promise<void>;
  /** Waits until a full listen queue has refused a connection (ListenOverflows). */
  overflows(): Promise<void>;
  /** Gives the place in the listen queue back. */
  leavesQueue(): Promise<void>;
};

/** What becomes of segments that belong to no connection that a firewall knows. */
export type Tracking = {
  /** Of those to the server. */
  readonly invalid: 'rejected' | 'dropped';
  /** Of those from the server; without: they pass, as the labs' stories are about what the client sends. */
  readonly replies?: 'passed' | 'dropped';
};

/** The firewall between client and server. */
export type Router = {
  /** A fault: from now on it answers what the client sends with a RST. */
  rejects(): Promise<void>;
  /** A fault: from now on it drops what the client sends. */
  drops(): Promise<void>;
  /** Lets pass what belongs to a connection that it has seen begin; the rest is invalid. */
  tracksConnections(how: Tracking): Promise<void>;
  /** Waits until it has forgotten the idle connection (its own timeout). A fault. */
  forgetsConnection(): Promise<void>;
  /** The same, or waits until the connection has outlived the timeout since it was not idle. A fault. */
  forgetsWhatIsIdle(timeoutMs: number): Promise<void>;
  /** Waits until it has the connection in its table. */
  hasConnection(): Promise<void>;
  /** A fault: sends the client a RST in the server's name. */
  forgesReset(sequence: 'exact' | 'in the window'): Promise<void>;
};
