const MAX_BYTES = 65_535;

/** MQTT 3.1.1 section 4.7: `+` and `#` alone in their level, `#` last. Shared subscriptions are no plain filters. */
export function isTopicFilter(value: unknown): value is string {
  if (typeof value !== 'string' || value === '' || value.includes('\0') || value.startsWith('$share/')) return false;
  const levels = value.split('/');
  const wildcardsStandAlone = levels.every((level, index) =>
    level === '#' ? index === levels.length - 1 : level === '+' || !/[+#]/.test(level),
  );
  return wildcardsStandAlone && Buffer.byteLength(value) <= MAX_BYTES;
}

/** Whether a message on `topic` belongs to `filter`. A leading `$` is matched by no wildcard. */
export function matchesTopicFilter(filter: string, topic: string): boolean {
  if (filter === topic) return true;
  const wanted = filter.split('/');
  const levels = topic.split('/');
  if (topic.startsWith('$') && wanted[0] !== levels[0]) return false;
  for (const [index, level] of wanted.entries()) {
    if (level === '#') return true;
    if (index >= levels.length || (level !== '+' && level !== levels[index])) return false;
  }
  return wanted.length === levels.length;
}
