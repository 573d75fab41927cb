/** Each is shown as text, whoever wrote it and wherever it stands. */
export const HOSTILE = [
  '<img src=x onerror="document.title=1">',
  '<script>document.title=1</script>',
  '"><svg onload=alert(1)>',
  "javascript:alert('1')",
  '\u202egnitset\u202c',
  'a\u0000b\u001b[2J\u0007',
  '\u2066isolated\u2069 \u200bwidthless\ufeff',
  'line\u2028separator',
  '{{constructor.constructor("alert(1)")()}}',
];
/** What moves, turns or hides. */
export const UNSHOWN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
