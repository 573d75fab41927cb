import type { Client } from 'pg';
import type { FeatureMode } from '../../kernel/feature-mode.js';

/** Who changes a setting, and why. */
export interface Author {
  readonly by: string;
  readonly reason: string | null;
}

const SET = `
INSERT INTO livescore_setting (name, value, changed_by, reason)
SELECT n.name, $2::text, $3::text, $4::text FROM unnest($1::text[]) AS n (name)
ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value, changed_by = EXCLUDED.changed_by, reason = EXCLUDED.reason,
  changed_at = now()`;

/** The mode of all hosts, each up to what its options allow. */
export async function setMode(client: Client, mode: FeatureMode, { by, reason }: Author): Promise<void> {
  await client.query(SET, [['sync_mode'], mode, by, reason]);
}

/** Pauses and resumes entities on all hosts. */
export async function setEnabled(
  client: Client,
  names: readonly string[],
  value: 'true' | 'false',
  { by, reason }: Author,
): Promise<void> {
  await client.query(SET, [names.map((name) => `sync.${name}.enabled`), value, by, reason]);
}
