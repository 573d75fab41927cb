import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

// A process of its own that does nothing but answer: how late it is says how late this machine is.

const server = createServer((_request, response) => response.end('{"ok":true}'));
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
