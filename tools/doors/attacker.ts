import { setPriority } from 'node:os';
import { restBetweenTries, tries } from './attack.js';
import { ATTACKS } from './attacks.js';

// One process of attackers, so many of each kind: attacker.js ADDRESS HOW-MANY REST-MS NAME... It ends when it is told to, and says
// how often it connected. Strangers have computers of their own: this one stands back, so that it costs the host what it sends.
const [address = '', howMany = '1', restMs = '0', ...names] = process.argv.slice(2);
const STANDS_BACK = 19;

setPriority(STANDS_BACK);
restBetweenTries(Number(restMs));
const attacks = names.map((name) => {
  const attack = ATTACKS[name];
  if (!attack) throw new Error(`No attack has the name ${name}`);
  return attack;
});
process.once('SIGTERM', () => process.send?.({ tries: tries() }, () => process.exit(0)));
process.send?.('ready');
await Promise.all(attacks.flatMap((attack) => Array.from({ length: Number(howMany) }, () => attack(address))));
