// The broker of last resort, in a process of its own: reports its address to the parent and ends with it.
import { startEmbeddedBroker } from '../examples/host/embedded/broker.js';

const broker = await startEmbeddedBroker();
process.once('disconnect', () => process.exit(0));
process.send?.(broker.url);
