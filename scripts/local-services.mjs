// Which real services answer on this machine? Prints `NAME=url` for each that does, and says which are skipped.
import { connect } from 'node:net';
import mqtt from 'mqtt';
import pg from 'pg';

const TIMEOUT_MS = 2_000;
const SERVICES = {
  DATABASE_URL: ['postgres://postgres@127.0.0.1:5432/postgres', askPostgres],
  MQTT_URL: ['mqtt://127.0.0.1:1883', askBroker],
  REDIS_URL: ['redis://127.0.0.1:6379', askRedis],
};

async function askPostgres(connectionString) {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: TIMEOUT_MS });
  await client.connect();
  await client.end();
}

async function askBroker(url) {
  const client = await mqtt.connectAsync(url, { connectTimeout: TIMEOUT_MS, reconnectPeriod: 0 }, false);
  await client.endAsync();
}

function askRedis(url) {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port) }, () => socket.write('PING\r\n'));
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error('no answer')));
    socket.once('error', reject);
    socket.once('data', (data) => {
      socket.end();
      data.toString().startsWith('+PONG') ? resolve() : reject(new Error('not a Redis'));
    });
  });
}

for (const [name, [url, ask]] of Object.entries(SERVICES)) {
  try {
    await ask(url);
    console.log(`${name}=${url}`);
  } catch (error) {
    console.error(`skipped: ${url} does not answer (${error.code ?? error.message})`);
  }
}
