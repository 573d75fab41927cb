import { closeOnSignals } from './close-on-signals.js';
import { readEnvironment } from './environment.js';
import { startHost } from './start-host.js';

try {
  const starting = startHost(readEnvironment(process.env));
  closeOnSignals(async () => (await starting).close());
  const { url } = await starting;
  console.log(`ready ${url}`);
} catch (error) {
  // PM2 swallows a rejection: the process would stay "online" without doing anything
  console.error(error);
  process.exit(1);
}
