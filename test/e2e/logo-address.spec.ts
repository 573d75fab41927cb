import { describe, expect, it } from '@jest/globals';
import { logoAddress } from '../../examples/host/logo-address.js';

describe('the logo of a team', () => {
  it.each(['https://img.example/team/1.png', 'data:image/svg+xml,%3Csvg%3E', 'data:image/png;base64,iVBORw0KGgo='])(
    'is shown from %s',
    (stored) => {
      expect(logoAddress(stored)).toBe(stored);
    },
  );

  it.each([
    null,
    '',
    'http://img.example/1.png',
    'javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'data:image/svg+xml,<svg onload="x">\n</svg>',
    'https://img.example/a b.png',
    ' https://img.example/1.png',
    '//img.example/1.png',
    'logo.png',
    `https://img.example/${'x'.repeat(500)}`,
  ])('is not shown from %j', (stored) => {
    expect(logoAddress(stored)).toBeNull();
  });
});
