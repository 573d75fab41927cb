/** What one client was told, in numbers. */
export interface ClientCounts {
  changes: number;
  replayed: number;
  conflated: number;
  restated: number;
  gapsTold: number;
  snapshots: number;
  recovered: number;
  unrecovered: number;
  errors: number;
}

export function noCounts(): ClientCounts {
  return {
    changes: 0,
    replayed: 0,
    conflated: 0,
    restated: 0,
    gapsTold: 0,
    snapshots: 0,
    recovered: 0,
    unrecovered: 0,
    errors: 0,
  };
}
