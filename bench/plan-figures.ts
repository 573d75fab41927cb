/** A node of a plan as `EXPLAIN (ANALYZE, BUFFERS, WAL, FORMAT JSON)` tells it. */
export interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Total Time': number;
  readonly 'Actual Loops': number;
  /** `InitPlan`: a part of `WITH`, whose time is in whoever scans it, too */
  readonly 'Parent Relationship'?: string;
  readonly 'Shared Hit Blocks'?: number;
  readonly 'WAL Records'?: number;
  readonly 'WAL Bytes'?: number;
  readonly Plans?: readonly PlanNode[];
}

export interface ExplainedPlan {
  readonly Plan: PlanNode;
  readonly 'Execution Time': number;
  readonly 'Planning Time': number;
  readonly Triggers?: readonly { readonly Time: number }[];
}

/** What one execution cost, milliseconds of the server; parts are without those below them. */
export interface PlanFigures {
  readonly totalMs: number;
  readonly lockMs: number;
  readonly updateMs: number;
  readonly journalMs: number;
  readonly triggersMs: number;
  readonly bufferHits: number;
  readonly walRecords: number;
  readonly walBytes: number;
}

export function figuresOf({ Plan, Triggers, ...plan }: ExplainedPlan): PlanFigures {
  const nodes = [...allNodes(Plan)];
  const own = (isMeant: (node: PlanNode) => boolean) =>
    nodes.filter(isMeant).reduce((sum, node) => sum + timeOf(node) - sumOf(below(node), timeOf), 0);
  const lock = nodes.find((node) => node['Node Type'] === 'LockRows');
  return {
    totalMs: plan['Execution Time'],
    lockMs: lock ? timeOf(lock) : 0,
    updateMs: own((node) => isChange(node, 'ts_matches')),
    journalMs: own((node) => isChange(node, 'livescore_journal')),
    triggersMs: sumOf(Triggers ?? [], ({ Time }) => Time),
    bufferHits: Plan['Shared Hit Blocks'] ?? 0,
    walRecords: Plan['WAL Records'] ?? 0,
    walBytes: Plan['WAL Bytes'] ?? 0,
  };
}

function* allNodes(node: PlanNode): Generator<PlanNode> {
  yield node;
  for (const child of node.Plans ?? []) yield* allNodes(child);
}

function below({ Plans = [] }: PlanNode): readonly PlanNode[] {
  return Plans.filter((node) => node['Parent Relationship'] !== 'InitPlan');
}

function isChange(node: PlanNode, table: string): boolean {
  return node['Node Type'] === 'ModifyTable' && node['Relation Name'] === table;
}

function timeOf(node: PlanNode): number {
  return node['Actual Total Time'] * node['Actual Loops'];
}

function sumOf<T>(list: readonly T[], of: (one: T) => number): number {
  return list.reduce((sum, one) => sum + of(one), 0);
}
