import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { findDatabase } from './environment.js';
import { SettlementDatabase } from './settlement-database.js';
import { SettlementGoals } from './settlement-goals.js';
import { SettlementHost } from './settlement-host.js';
import { SETTLED_MATCHES } from './settlement-matches.js';
import { SettlementPeer } from './settlement-peer.js';
import { SettlementRounds } from './settlement-rounds.js';
import { SettlementWindows } from './settlement-windows.js';
import { Workload } from './workload.js';

const FULL = { rounds: 21, windows: 11, windowMs: 1_500 };
const QUICK = { rounds: 3, windows: 1, windowMs: 500 };

/** Measures the settlement beside a statement by hand, and the path of a score beside it, on a database of its own. */
export async function measureSettlement(quick: boolean) {
  const { rounds, windows, windowMs } = quick ? QUICK : FULL;
  Logger.overrideLogger(false);
  const server = await findDatabase();
  const kickoffS = Math.floor(Date.now() / 1000) - 60;
  const runName = `livescore_settlement_${randomBytes(4).toString('hex')}`;
  let database: SettlementDatabase | null = null;
  let host: SettlementHost | null = null;
  let peer: SettlementPeer | null = null;
  try {
    database = await SettlementDatabase.create(server.url, runName, kickoffS);
    host = await SettlementHost.start(database);
    peer = await SettlementPeer.connect(database.url);
    await host.look();
    await database.keepAsStart();
    const turns = new SettlementRounds(database, host, peer, rounds);
    const goal = await turns.besidePeer(SETTLED_MATCHES.goal);
    const fullTime = await turns.besidePeer(SETTLED_MATCHES.fullTime);
    const look = await turns.looks();
    const goals = new SettlementGoals(host.sink, new Workload(kickoffS));
    const beside = new SettlementWindows(database, host, peer, goals);
    const scorePath = await beside.run(windows, windowMs);
    const invalid = [...turns.invalid, ...beside.invalid];
    return { database: server.kind, rounds, windows, goal, fullTime, look, scorePath, invalid };
  } finally {
    await peer?.close();
    await host?.close();
    await database?.drop();
    await server.stop();
  }
}
