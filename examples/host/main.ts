import { closeOnSignals } from './close-on-signals.js';
import { readEnvironment } from './environment.js';
import { startHost } from './start-host.js';

const starting = startHost(readEnvironment(process.env));
closeOnSignals(async () => (await starting).close());
const { url } = await starting;
console.log(`ready ${url}`);
