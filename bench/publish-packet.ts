const PUBLISH_QOS0 = 0x30;
const PUBLISH_QOS1 = 0x32;
const LAST_ID = 65_535;

/**
 * MQTT 3.1.1 section 3.3: PUBLISH packets, many per chunk, encoded before the clock runs, so that the sender costs the
 * machine little. With QoS 1 the packet ids go round.
 */
export function encodePackets(topic: string, payloads: readonly Buffer[], qos: 0 | 1, perChunk: number): Buffer[] {
  const chunks: Buffer[] = [];
  for (let from = 0; from < payloads.length; from += perChunk) {
    const parts = payloads
      .slice(from, from + perChunk)
      .flatMap((payload, n) => publishPacket(topic, payload, qos === 1 ? ((from + n) % LAST_ID) + 1 : null));
    chunks.push(Buffer.concat(parts));
  }
  return chunks;
}

function publishPacket(topic: string, payload: Buffer, id: number | null): Buffer[] {
  const name = Buffer.from(topic);
  const idBytes = id === null ? [] : [id >> 8, id & 0xff];
  const header = [id === null ? PUBLISH_QOS0 : PUBLISH_QOS1];
  let remaining = 2 + name.length + idBytes.length + payload.length;
  do {
    header.push((remaining & 0x7f) | (remaining > 0x7f ? 0x80 : 0));
    remaining >>>= 7;
  } while (remaining > 0);
  header.push(name.length >> 8, name.length & 0xff);
  return [Buffer.from(header), name, Buffer.from(idBytes), payload];
}
