// Fails when a tracked file names a path of one machine, a package registry, a real address or a secret.
// The patterns carry a character class each, so that this file does not match itself.
import { execFileSync } from 'node:child_process';

const FORBIDDEN = {
  'machine path': '(^|[^a-z.])/(wor[k]|roo[t]|hom[e]|User[s])/|/tm[p]/',
  'package registry': '//[a-z0-9.-]*(registr[y]|npmj[s]|artifactor[y])|"resolve[d]": *"http',
  'IPv4 address': '\\b[0-9]{1,3}(\\.[0-9]{1,3}){3}\\b',
  secret: '-----BEGI[N] |AKI[A][0-9A-Z]{16}|gh[p]_[A-Za-z0-9]{30}|np[m]_[A-Za-z0-9]{30}|xox[b]-',
};

/** Loopback, unspecified, the ranges reserved for documentation, and the names of the networks that are nobody's. */
const PUBLIC_ADDRESS =
  /\b(127\.\d+\.\d+\.\d+|0\.0\.0\.0|192\.0\.2\.\d+|198\.51\.100\.\d+|203\.0\.113\.\d+|(10\.0|100\.64|169\.254|172\.16|192\.168)\.0\.0)\b/g;
const IPV4 = /\b\d{1,3}(\.\d{1,3}){3}\b/;

function grep(pattern) {
  try {
    return execFileSync('git', ['grep', '-nIE', '-e', pattern], { encoding: 'utf8', maxBuffer: 1 << 26 }).split('\n');
  } catch (error) {
    if (error.status === 1) return [];
    throw error;
  }
}

const found = Object.entries(FORBIDDEN).flatMap(([kind, pattern]) =>
  grep(pattern)
    .filter((line) => line !== '')
    .filter((line) => kind !== 'IPv4 address' || IPV4.test(line.replace(PUBLIC_ADDRESS, '')))
    .map((line) => `${kind}: ${line.slice(0, 200)}`),
);

if (found.length > 0) {
  console.error(found.join('\n'));
  process.exit(1);
}
console.log('no machine paths, registries, addresses or secrets in the tree');
